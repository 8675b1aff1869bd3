using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace InfraCdktf.Tests.Pipeline.Linode;

/// <summary>Which calls of Linode's API are repeated, after which wait, and within which time.</summary>
[Trait("Level", "pure")]
public sealed class LinodeClientTests : IAsyncLifetime
{
    private const string Refused = """{"errors":[{"reason":"Not now"}]}""";

    private readonly ImpatientClock _clock = new(LinodeClient.LongestWait);
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = [];
    private LoopbackServer _server = null!;
    private LinodeClient _client = null!;

    private Dictionary<string, string> Environment =>
        new() { ["LINODE_TOKEN"] = "test", ["LINODE_URL"] = $"http://127.0.0.1:{_server.Port}" };

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(HttpProtocols.Http1, ServeAsync, CancellationToken.None);
        _client = new(Environment, "a token", _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", 429)]
    [InlineData("POST", 429)]
    [InlineData("DELETE", 429)]
    [InlineData("GET", 503)]
    [InlineData("POST", 503)]
    public async Task Refused_call_is_repeated_after_the_seconds_in_the_answer(string method, int status)
    {
        Answer(status, "7");

        Assert.NotNull(await SendAsync(method));
        Assert.Equal(2, _requests.Count);
        Assert.Equal([TimeSpan.FromSeconds(7)], _clock.Waits);
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(-40, 0)]
    public async Task Refused_call_is_repeated_at_the_date_in_the_answer(int seconds, int wait)
    {
        Answer(429, _clock.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture));

        Assert.NotNull(await SendAsync("POST"));
        Assert.Equal(2, _requests.Count);
        Assert.Equal(wait, _clock.Waits.Sum(waited => waited.TotalSeconds));
    }

    [Theory]
    [InlineData("61")]
    [InlineData("86400")]
    public async Task Long_wait_is_left_to_the_user(string seconds)
    {
        Answer(429, seconds);

        var refused = await Assert.ThrowsAsync<PipelineException>(() => SendAsync("GET"));
        Assert.EndsWith(
            $"/v4/things: 429 Not now. Run the command again in {seconds} s.",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Single(_requests);
        Assert.Empty(_clock.Waits);
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(502, null)]
    [InlineData(503, null)]
    [InlineData(504, "3")]
    public async Task Failed_call_is_repeated_if_it_creates_nothing(int status, string? retryAfter)
    {
        Answer(status, retryAfter);
        Assert.NotNull(await SendAsync("GET"));
        Answer(status, retryAfter);
        Assert.NotNull(await SendAsync("DELETE"));
        Assert.Equal(4, _requests.Count);

        Answer(status, retryAfter);
        var failed = await Assert.ThrowsAsync<PipelineException>(() => SendAsync("POST"));
        Assert.Contains($"/v4/things: {status} Not now. Run the command again", failed.Message, StringComparison.Ordinal);
        Assert.Equal(5, _requests.Count);
    }

    [Fact]
    public async Task Broken_connection_is_repeated_if_nothing_is_created()
    {
        _answers.Enqueue(Abort);
        Assert.NotNull(await SendAsync("GET"));
        Assert.Equal(2, _requests.Count);

        _answers.Enqueue(Abort);
        var failed = await Assert.ThrowsAsync<PipelineException>(() => SendAsync("POST"));
        Assert.Contains("Check that the API can be reached from this machine", failed.Message, StringComparison.Ordinal);
        Assert.Equal(3, _requests.Count);

        static Task Abort(HttpContext context)
        {
            context.Abort();
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Call_ends_after_five_tries_with_growing_random_waits(int status)
    {
        for (var i = 0; i < 10; i++)
            Answer(status, null);

        var failed = await Assert.ThrowsAsync<PipelineException>(() => SendAsync("GET"));
        Assert.EndsWith($"/v4/things: {status} Not now. Run the command again later.", failed.Message, StringComparison.Ordinal);
        Assert.Equal(5, _requests.Count);
        Assert.Equal(4, _clock.Waits.Distinct().Count());
        Assert.All(_clock.Waits, wait => Assert.InRange(wait, TimeSpan.FromTicks(1), LinodeClient.LongestWait));
    }

    [Theory]
    [InlineData("GET", 401)]
    [InlineData("GET", 400)]
    [InlineData("POST", 403)]
    public async Task Call_with_a_final_answer_is_not_repeated(string method, int status)
    {
        Answer(status, "1");

        await Assert.ThrowsAsync<PipelineException>(() => SendAsync(method));
        Assert.Single(_requests);
    }

    [Fact]
    public async Task Late_answer_ends_a_try_and_a_create_is_not_repeated()
    {
        _answers.Enqueue(context => LateAsync(context, LinodeClient.TryLimit));
        Assert.NotNull(await SendAsync("GET"));
        Assert.Equal(2, _requests.Count);

        _answers.Enqueue(context => LateAsync(context, LinodeClient.TryLimit));
        var late = await Assert.ThrowsAsync<PipelineException>(() => SendAsync("POST"));
        Assert.EndsWith("/v4/things: no answer in 90 s. Run the command again later.", late.Message, StringComparison.Ordinal);
        Assert.Equal(3, _requests.Count);
    }

    [Fact]
    public async Task All_tries_together_have_a_time_limit()
    {
        for (var i = 0; i < 10; i++)
            _answers.Enqueue(context => LateAsync(context, LinodeClient.TryLimit));

        var late = await Assert.ThrowsAsync<PipelineException>(() => SendAsync("GET"));
        Assert.EndsWith("/v4/things: no answer in 300 s. Run the command again later.", late.Message, StringComparison.Ordinal);
        Assert.Equal(4, _requests.Count);
    }

    [Fact]
    public async Task Entry_without_a_time_is_named()
    {
        using var account = new LinodeAccount(Environment, _clock);
        _answers.Enqueue(context => context.Response.WriteAsync("""{"pages":1,"data":[{"created":"yesterday"}]}"""));

        var failed = await Assert.ThrowsAsync<PipelineException>(() => account.EventsAsync(DateTimeOffset.MinValue, default));
        Assert.StartsWith(
            "account/events: an entry has no time in \"created\": given \"yesterday\"; allowed: a time such as",
            failed.Message,
            StringComparison.Ordinal
        );
    }

    // The next answer. Without one the server answers 200.
    private void Answer(int status, string? retryAfter) =>
        _answers.Enqueue(context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
            return context.Response.WriteAsync(Refused);
        });

    // Lets the time pass and answers nothing until the client gives up.
    private async Task LateAsync(HttpContext context, TimeSpan time)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = context.RequestAborted.Register(aborted.SetResult);
        _clock.Advance(time);
        await aborted.Task;
    }

    private Task<JsonObject?> SendAsync(string method) =>
        _client.SendAsync<JsonObject>(new(method), "things", body: null, CancellationToken.None);

    private async Task ServeAsync(HttpContext context)
    {
        _requests.Enqueue(context.Request.Method);
        if (_answers.TryDequeue(out var answer))
            await answer(context);
        else
            await context.Response.WriteAsync("{}");
    }
}
