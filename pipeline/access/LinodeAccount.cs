using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// Linode's own records of an account, which Linode keeps for 90 days: events (a token needs <c>events:read_only</c>) and logins
/// (<c>account:read_only</c>, an unrestricted user).
/// </summary>
/// <param name="environment">The caller's environment.</param>
/// <param name="time">The clock of waits and time limits.</param>
/// <exception cref="PipelineException">The environment has no token.</exception>
public sealed class LinodeAccount(IReadOnlyDictionary<string, string> environment, TimeProvider time) : IDisposable
{
    private readonly LinodeClient _client = new(
        environment,
        "a token of an unrestricted user with the scopes events:read_only and account:read_only",
        time
    );

    /// <summary>The account's events since a time.</summary>
    public Task<IReadOnlyList<JsonObject>> EventsAsync(DateTimeOffset since, CancellationToken cancellation) =>
        SinceAsync("account/events", "created", since, cancellation);

    /// <summary>Successful and failed logins since a time.</summary>
    public Task<IReadOnlyList<JsonObject>> LoginsAsync(DateTimeOffset since, CancellationToken cancellation) =>
        SinceAsync("account/logins", "datetime", since, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // Reads all pages: the order of the entries is not documented, and there are at most 90 days of them.
    private async Task<IReadOnlyList<JsonObject>> SinceAsync(
        string path,
        string moment,
        DateTimeOffset since,
        CancellationToken cancellation
    ) => [.. (await _client.ListAsync<JsonObject>(path, cancellation)).Where(item => LinodeTime.Of(item, moment, path) >= since)];
}
