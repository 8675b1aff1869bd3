using System.Collections.Concurrent;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace InfraCdktf.Tests.Pipeline.Linode;

/// <summary>The client of Linode's API against a server on this machine: its requests, pages and errors.</summary>
[Trait("Level", "pure")]
public sealed class LinodeApiTests : IAsyncLifetime
{
    private const string Token = "secret-token-0815";

    private readonly ConcurrentQueue<string> _requests = [];
    private Func<HttpRequest, (int Status, string Body)> _answer = _ => (200, "{}");
    private LoopbackServer _server = null!;
    private LinodeApi _api = null!;

    private string Url => $"http://127.0.0.1:{_server.Port}";

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(HttpProtocols.Http1, ServeAsync, CancellationToken.None);
        _api = new(Environment(Url), new ImpatientClock(LinodeClient.LongestWait));
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(400, "Correct the reported problem in the inventory or in the account, then run the command again.")]
    [InlineData(401, "Set LINODE_TOKEN to a personal access token with the scope object_storage:read_write.")]
    [InlineData(403, "Set LINODE_TOKEN to a personal access token with the scope object_storage:read_write.")]
    [InlineData(429, "Run the command again later.")]
    [InlineData(500, "Run the command again later.")]
    [InlineData(503, "Run the command again later.")]
    public async Task Error_names_call_status_reasons_and_remedy(int status, string remedy)
    {
        _answer = _ => (status, """{"errors":[{"field":"label","reason":"Too long"},{"reason":"Not now"}]}""");

        Assert.Equal(
            $"POST {Url}/v4/object-storage/buckets: {status} Too long; Not now. {remedy}",
            await MessageAsync(() => _api.MakeBucketAsync("us-ord", "media", "us-ord-1.linodeobjects.com", default))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("[]")]
    [InlineData("{\"errors\":\"none\"}")]
    [InlineData("{\"errors\":[{\"reason\":1}]}")]
    public async Task Error_without_readable_reasons_has_call_and_remedy(string body)
    {
        _answer = _ => (502, body);

        var message = await MessageAsync(() => _api.HasBucketAsync("us-ord", "media", default));

        Assert.Equal($"GET {Url}/v4/object-storage/buckets/us-ord/media: 502. Run the command again later.", message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Sign in</html>")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"pages\":1}")]
    [InlineData("{\"data\":null,\"pages\":1}")]
    [InlineData("{\"data\":7,\"pages\":1}")]
    [InlineData("{\"data\":[],\"pages\":\"many\"}")]
    [InlineData("{\"data\":[{\"id\":1,\"label\":\"k\"}],\"pages\":1}")]
    [InlineData("{\"data\":[{\"id\":[],\"label\":\"k\",\"access_key\":\"A\"}],\"pages\":1}")]
    public async Task Undocumented_answer_is_one_line_with_the_call(string body)
    {
        _answer = _ => (200, body);

        var list = await MessageAsync(() => _api.KeysAsync(default));
        Assert.StartsWith(
            $"GET {Url}/v4/object-storage/keys?page=1&page_size=500: the answer is not what Linode documents: ",
            list,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "Check LINODE_URL if it is set, and that no proxy answers instead of Linode.",
            list,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', list);

        var made = await MessageAsync(() => _api.MakeKeyAsync("media", [], default));
        Assert.StartsWith($"POST {Url}/v4/object-storage/keys: the answer is not what", made, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_named_with_the_call()
    {
        var url = Url;
        await _server.DisposeAsync();

        var message = await MessageAsync(() => _api.HasBucketAsync("us-ord", "media", default));

        Assert.StartsWith($"GET {url}/v4/object-storage/buckets/us-ord/media: ", message, StringComparison.Ordinal);
        Assert.Contains("Check that the API can be reached from this machine", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_object_is_no_error_except_for_a_create()
    {
        _answer = _ => (404, """{"errors":[{"reason":"Not found"}]}""");

        Assert.False(await _api.HasBucketAsync("us-ord", "media", default));
        await _api.DeleteBucketAsync("us-ord", "media", default);
        await _api.DeleteKeyAsync(new(7, "media", "A", ""), default);
        Assert.StartsWith(
            $"POST {Url}/v4/object-storage/keys: 404 Not found. ",
            await MessageAsync(() => _api.MakeKeyAsync("media", [], default)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Keys_are_read_from_every_page_in_order()
    {
        _answer = request =>
        {
            var page = int.Parse(request.Query["page"]!, System.Globalization.CultureInfo.InvariantCulture);
            return (
                200,
                $$"""{"data":[{"id":{{page}},"label":"k{{page}}","access_key":"A{{page}}"}],"pages":3,"page":{{page}}}"""
            );
        };

        Assert.Equal([new(1, "k1", "A1", ""), new(2, "k2", "A2", ""), new(3, "k3", "A3", "")], await _api.KeysAsync(default));
        Assert.Equal(3, _requests.Count);
    }

    [Fact]
    public async Task Requests_have_the_token_and_the_documented_body()
    {
        _answer = request =>
            (200, request.Method == "POST" ? """{"id":7,"label":"plan","access_key":"A","secret_key":"S"}""" : "{}");

        await _api.MakeBucketAsync("us-ord", "media", "us-ord-1.linodeobjects.com", default);
        var key = await _api.MakeKeyAsync(
            "plan",
            [new("us-ord", "media", Write: false), new("us-ord", "logs", Write: true)],
            default
        );
        await _api.MakeKeyAsync("all", [], default);
        await _api.DeleteKeyAsync(key, default);

        Assert.Equal(
            [
                $"Bearer {Token} POST /v4/object-storage/buckets "
                    + """{"region":"us-ord","label":"media","s3_endpoint":"us-ord-1.linodeobjects.com","acl":"private"}""",
                $"Bearer {Token} POST /v4/object-storage/keys "
                    + """{"label":"plan","bucket_access":[{"region":"us-ord","bucket_name":"media","permissions":"read_only"},"""
                    + """{"region":"us-ord","bucket_name":"logs","permissions":"read_write"}]}""",
                $$"""Bearer {{Token}} POST /v4/object-storage/keys {"label":"all"}""",
                $"Bearer {Token} DELETE /v4/object-storage/keys/7 ",
            ],
            _requests
        );
        // The secret is not in the text of the key.
        Assert.Equal(new(7, "plan", "A", "S"), key);
        Assert.Equal("plan (id 7)", $"{key}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Client_without_a_token_names_the_variable_and_the_scope(string? token)
    {
        var environment = new Dictionary<string, string>(token is null ? [] : [new("LINODE_TOKEN", token)]);

        Assert.Equal(
            "LINODE_TOKEN is not set. Set it to a personal access token with the scope object_storage:read_write.",
            Assert.Throws<PipelineException>(() => new LinodeApi(environment, TimeProvider.System)).Message
        );
    }

    [Fact]
    public async Task Client_accepts_a_url_that_ends_with_a_slash()
    {
        using var api = new LinodeApi(Environment($"{Url}/"), TimeProvider.System);

        Assert.True(await api.HasBucketAsync("us-ord", "media", default));
        Assert.Equal([$"Bearer {Token} GET /v4/object-storage/buckets/us-ord/media "], _requests);
    }

    [Fact]
    public async Task Cancelled_call_is_cancelled_and_not_reported_as_late()
    {
        using var stop = new CancellationTokenSource();
        _answer = _ =>
        {
            stop.Cancel();
            return (200, "{}");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _api.HasBucketAsync("us-ord", "media", stop.Token));
    }

    private static Dictionary<string, string> Environment(string url) => new() { ["LINODE_TOKEN"] = Token, ["LINODE_URL"] = url };

    /// <summary>The message of a failed call. The token is in no part of the exception.</summary>
    private static async Task<string> MessageAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<PipelineException>(call);
        Assert.DoesNotContain(Token, $"{refused}", StringComparison.Ordinal);
        return refused.Message;
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        var body = await new StreamReader(request.Body).ReadToEndAsync();
        _requests.Enqueue($"{request.Headers.Authorization} {request.Method} {request.Path} {body}");
        var (status, text) = _answer(request);
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    }
}
