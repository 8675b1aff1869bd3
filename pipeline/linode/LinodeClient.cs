using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using Polly;
using Polly.Timeout;

namespace InfraCdktf.Pipeline.Linode;

/// <summary>
/// The client of Linode's API, with one policy for every call. It repeats a call that Linode refused for now (429, or 503 with
/// Retry-After), and waits as long as the answer says. After a broken connection, a late answer or another 5xx it repeats the
/// call only if that cannot create something twice. The token is <c>LINODE_TOKEN</c>. <c>LINODE_URL</c> redirects the calls, as
/// for the provider.
/// </summary>
public sealed class LinodeClient : IDisposable
{
    /// <summary>The longest wait before a call is repeated. Linode's rate limits are per minute.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>The time limit of one try.</summary>
    public static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(90);

    /// <summary>The time limit of a call with all its tries.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(5);

    private const string TokenVariable = "LINODE_TOKEN";
    private const int Retries = 4;

    // The largest page size (OpenAPI 4.229.1).
    private const int PageSize = 500;

    // A missing or null field of an answer is an error, unless its property is optional.
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly string _needs;

    /// <summary>The sentence for a missing token; null if there is one.</summary>
    /// <param name="environment">The caller's environment.</param>
    /// <param name="needs">The token that the calls need.</param>
    public static string? MissingToken(IReadOnlyDictionary<string, string> environment, string needs) =>
        environment.GetValueOrDefault(TokenVariable) is { Length: > 0 }
            ? null
            : $"{TokenVariable} is not set. Set it to {needs}.";

    /// <summary>Prepares the client without any call.</summary>
    /// <param name="environment">The caller's environment.</param>
    /// <param name="needs">The token that the calls need, for messages: "a personal access token with the scope ...".</param>
    /// <param name="time">The clock of waits and time limits.</param>
    /// <param name="version">The version of the API: v4, or v4beta, which has every call of v4 and those in beta.</param>
    /// <exception cref="PipelineException">The environment has no token, or names an address without TLS.</exception>
    public LinodeClient(IReadOnlyDictionary<string, string> environment, string needs, TimeProvider time, string version = "v4")
    {
        if (environment.GetValueOrDefault(TokenVariable) is not { Length: > 0 } token)
            throw new PipelineException(MissingToken(environment, needs)!);
        _http = new() { BaseAddress = new($"{LinodeUrl.Of(environment)}/{version}/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        (_needs, _time) = (needs, time);
    }

    /// <summary>All entries of a list: every page, in order.</summary>
    /// <typeparam name="T">An entry.</typeparam>
    /// <param name="path">The path after the version.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="PipelineException">A call failed, or an answer is not a page of such entries.</exception>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, CancellationToken cancellation)
    {
        var all = new List<T>();
        for (var (page, pages) = (1, 1); page <= pages; page++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}?page={page}&page_size={PageSize}");
            var answer =
                await SendAsync<Page<T>>(HttpMethod.Get, place, body: null, cancellation)
                ?? throw new PipelineException($"GET {_http.BaseAddress}{place}: 404. Check {LinodeUrl.Variable} if it is set.");
            pages = answer.Pages;
            all.AddRange(answer.Data);
        }
        return all;
    }

    /// <summary>Makes one call, with its repetitions.</summary>
    /// <typeparam name="T">The content of a successful answer.</typeparam>
    /// <param name="method">Only a POST creates something twice if it is repeated.</param>
    /// <param name="path">The path after the version.</param>
    /// <param name="body">The request; null if it has no body.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The answer; null if the object does not exist.</returns>
    /// <exception cref="PipelineException">The call failed, or its answer is not what is documented.</exception>
    public async Task<T?> SendAsync<T>(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
        where T : class
    {
        var call = $"{method} {_http.BaseAddress}{path}";
        if (method != HttpMethod.Get)
            Effects.Note($"Linode's API ({method} {path})");
        try
        {
            using var answer = await Policy(method)
                .ExecuteAsync(
                    async cancelled =>
                    {
                        using var request = new HttpRequestMessage(method, path);
                        if (body is not null)
                            request.Content = JsonContent.Create(body);
                        return await _http.SendAsync(request, cancelled);
                    },
                    cancellation
                );
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.StatusCode == HttpStatusCode.NotFound && method != HttpMethod.Post)
                return null;
            if (!answer.IsSuccessStatusCode)
                throw new PipelineException($"{call}: {(int)answer.StatusCode}{Reasons(text)}. {Remedy(answer)}");
            return JsonSerializer.Deserialize<T>(text, _json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new PipelineException(
                $"{call}: the answer is not what Linode documents: {exception.Message} "
                    + $"Check {LinodeUrl.Variable} if it is set, and that no proxy answers instead of Linode.",
                exception
            );
        }
        catch (HttpRequestException exception)
        {
            throw new PipelineException(
                $"{call}: {exception.GetBaseException().Message}. Check that the API can be reached from this machine "
                    + $"(network, {LinodeUrl.Variable} if it is set), then run the command again.",
                exception
            );
        }
        catch (TimeoutRejectedException exception)
        {
            throw new PipelineException(
                $"{call}: no answer in {exception.Timeout.TotalSeconds} s. Run the command again later.",
                exception
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private ResiliencePipeline<HttpResponseMessage> Policy(HttpMethod method) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _time }
            .AddTimeout(CallLimit)
            .AddRetry(
                new()
                {
                    MaxRetryAttempts = Retries,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = TimeSpan.FromSeconds(1),
                    MaxDelay = LongestWait,
                    UseJitter = true,
                    ShouldHandle = failed => ValueTask.FromResult(IsRepeated(method, failed.Outcome)),
                    DelayGenerator = failed => ValueTask.FromResult(RetryAfter(failed.Outcome.Result)),
                }
            )
            .AddTimeout(TryLimit)
            .Build();

    private bool IsRepeated(HttpMethod method, Outcome<HttpResponseMessage> outcome)
    {
        var wait = RetryAfter(outcome.Result);
        return outcome switch
        {
            _ when wait > LongestWait => false,
            { Result.StatusCode: HttpStatusCode.TooManyRequests } => true,
            { Result.StatusCode: HttpStatusCode.ServiceUnavailable } when wait is not null => true,
            { Result.StatusCode: >= HttpStatusCode.InternalServerError } => method != HttpMethod.Post,
            { Exception: HttpRequestException or TimeoutRejectedException } => method != HttpMethod.Post,
            _ => false,
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage? answer) =>
        answer?.Headers.RetryAfter switch
        {
            { Delta: { } wait } => wait,
            { Date: { } end } => end > _time.GetUtcNow() ? end - _time.GetUtcNow() : TimeSpan.Zero,
            _ => null,
        };

    // Linode's reasons have no full stop at the end.
    private static string Reasons(string text)
    {
        try
        {
            var errors = JsonNode.Parse(text)?["errors"]?.AsArray() ?? [];
            var reasons = string.Join("; ", errors.Select(error => error?["reason"]?.GetValue<string>().TrimEnd('.')));
            return reasons.Length > 0 ? $" {reasons}" : "";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private string Remedy(HttpResponseMessage answer) =>
        answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{Scopes(answer)}Set {TokenVariable} to {_needs}.",
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => RetryAfter(answer) is { } wait
                ? string.Create(CultureInfo.InvariantCulture, $"Run the command again in {wait.TotalSeconds:0} s.")
                : "Run the command again later.",
            _ => "Correct the reported problem in the inventory or in the account, then run the command again.",
        };

    private static string Scopes(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("X-OAuth-Scopes", out var given)
        && answer.Headers.TryGetValues("X-Accepted-OAuth-Scopes", out var needed)
            ? $"The token has the scopes \"{string.Join(' ', given)}\", this call needs \"{string.Join(' ', needed)}\". "
            : "";

    /// <summary>One page of a list.</summary>
    private sealed record Page<T>(int Pages, IReadOnlyList<T> Data);
}
