using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// Linode's own records of an account, which Linode keeps for 90 days: events (a token needs <c>events:read_only</c>) and logins
/// (<c>account:read_only</c>, an unrestricted user).
/// </summary>
/// <param name="http">The client.</param>
/// <param name="time">The clock.</param>
public sealed class LinodeAccount(HttpClient http, TimeProvider time)
{
    // The largest page size (OpenAPI 4.229.1).
    private const int PageSize = 500;

    // Rate limits are per minute; a refusal has the time to wait.
    private const int Tries = 5;

    /// <summary>Opens the API at <c>LINODE_URL</c> (the provider reads the same variable) with <c>LINODE_TOKEN</c>.</summary>
    /// <exception cref="PipelineException">No token is set.</exception>
    public static LinodeAccount Open(Workspace workspace)
    {
        var token = workspace.Environment.GetValueOrDefault("LINODE_TOKEN");
        if (string.IsNullOrEmpty(token))
        {
            throw new PipelineException(
                "LINODE_TOKEN is not set. Set it to a token of an unrestricted user "
                    + "with the scopes events:read_only and account:read_only."
            );
        }
        var address = workspace.Environment.GetValueOrDefault("LINODE_URL") ?? "https://api.linode.com";
        var http = new HttpClient { BaseAddress = new($"{address.TrimEnd('/')}/v4/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(http, workspace.Time);
    }

    /// <summary>The account's events since a time.</summary>
    public Task<IReadOnlyList<JsonObject>> EventsAsync(DateTimeOffset since, CancellationToken cancellation) =>
        AllAsync("account/events", "created", since, cancellation);

    /// <summary>Successful and failed logins since a time.</summary>
    public Task<IReadOnlyList<JsonObject>> LoginsAsync(DateTimeOffset since, CancellationToken cancellation) =>
        AllAsync("account/logins", "datetime", since, cancellation);

    // Reads all pages: the order of the entries is not documented, and there are at most 90 days of them.
    private async Task<IReadOnlyList<JsonObject>> AllAsync(
        string path,
        string moment,
        DateTimeOffset since,
        CancellationToken cancellation
    )
    {
        var all = new List<JsonObject>();
        for (var page = 1; ; page++)
        {
            var answer = await GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"{path}?page={page}&page_size={PageSize}"),
                cancellation
            );
            all.AddRange(answer["data"]!.AsArray().Select(item => item!.AsObject()).Where(item => When(item, moment) >= since));
            if (page >= (int)answer["pages"]!)
                return all;
        }
    }

    private async Task<JsonNode> GetAsync(string path, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var answer = await SendAsync(request, cancellation);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests && attempt < Tries)
            {
                await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(10), time, cancellation);
                continue;
            }
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode
                ? JsonNode.Parse(text)!
                : throw new PipelineException(
                    $"GET {path}: {(int)answer.StatusCode} {text.Trim()}. "
                        + $"The token has the scopes \"{Header(answer, "X-OAuth-Scopes")}\", "
                        + $"this call needs \"{Header(answer, "X-Accepted-OAuth-Scopes")}\"; "
                        + "logins also need an unrestricted user."
                );
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException unreachable)
        {
            throw new PipelineException(
                $"The Linode API at {http.BaseAddress} cannot be reached: {unreachable.Message}. "
                    + "Check the network, and LINODE_URL if it is set."
            );
        }
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(' ', values) : "";

    // Linode writes UTC times without a time zone.
    private static DateTimeOffset When(JsonObject item, string field) =>
        DateTimeOffset.Parse((string)item[field]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
