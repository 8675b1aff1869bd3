using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// What Linode keeps of an account's doings, for 90 days: events (a token needs <c>events:read_only</c>) and logins (<c>account:read_only</c>, an unrestricted
/// user).
/// </summary>
/// <param name="http">The client.</param>
/// <param name="time">The clock.</param>
public sealed class LinodeAccount(HttpClient http, TimeProvider time)
{
    // The most that one page may hold (OpenAPI 4.229.1).
    private const int PageSize = 500;

    // Limits are counted by the minute; a refusal says how long to wait.
    private const int Tries = 5;

    /// <summary>Opens the API that the environment names: <c>LINODE_URL</c> (as the provider reads it) with <c>LINODE_TOKEN</c>.</summary>
    /// <exception cref="PipelineException">There is no token.</exception>
    public static LinodeAccount Open(Workspace workspace)
    {
        var token = workspace.Environment.GetValueOrDefault("LINODE_TOKEN");
        if (string.IsNullOrEmpty(token))
        {
            throw new PipelineException(
                "LINODE_TOKEN is not set. Give a token with the scopes events:read_only and account:read_only of an unrestricted user."
            );
        }
        var address = workspace.Environment.GetValueOrDefault("LINODE_URL") ?? "https://api.linode.com";
        var http = new HttpClient { BaseAddress = new($"{address.TrimEnd('/')}/v4/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(http, workspace.Time);
    }

    /// <summary>The account's events since a moment.</summary>
    public Task<IReadOnlyList<JsonObject>> EventsAsync(DateTimeOffset since, CancellationToken cancellation) =>
        AllAsync("account/events", "created", since, cancellation);

    /// <summary>Who logged in, or tried to, since a moment.</summary>
    public Task<IReadOnlyList<JsonObject>> LoginsAsync(DateTimeOffset since, CancellationToken cancellation) =>
        AllAsync("account/logins", "datetime", since, cancellation);

    // All pages: in which order they come is not documented, and 90 days are all there is.
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
                    $"GET {path}: {(int)answer.StatusCode} {text.Trim()}. The token has the scopes \"{Header(answer, "X-OAuth-Scopes")}\", this call needs \"{Header(answer, "X-Accepted-OAuth-Scopes")}\"; logins also need an unrestricted user."
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
                $"The Linode API at {http.BaseAddress} cannot be reached: {unreachable.Message}. See the network, and LINODE_URL when it is set."
            );
        }
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(' ', values) : "";

    // Linode writes UTC without saying so.
    private static DateTimeOffset When(JsonObject item, string field) =>
        DateTimeOffset.Parse((string)item[field]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
