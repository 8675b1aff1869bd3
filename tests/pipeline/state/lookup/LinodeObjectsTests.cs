using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace InfraCdktf.Tests.Pipeline.State.Lookup;

/// <summary>
/// Which lists of Linode's API are read for each type, and what counts as the object. The answers have the fields that
/// linode/linodego recorded (test/integration/fixtures).
/// </summary>
[Trait("Level", "pure")]
public sealed class LinodeObjectsTests : IAsyncLifetime
{
    private const string Created = "\"created\": \"2026-11-30T12:00:05\"";

    private static readonly DateTimeOffset s_created = new(2026, 11, 30, 12, 0, 5, TimeSpan.Zero);

    private static readonly JsonObject s_configuration = JsonNode
        .Parse(
            """
            {
              "resource": {
                "linode_database_postgresql_v2": { "a": { "label": "pg" } },
                "linode_domain": { "a": { "domain": "example.com" } },
                "linode_firewall": { "a": { "label": "wall" }, "computed": { "label": "${var.label}" } },
                "linode_lke_cluster": { "a": { "label": "lke" } },
                "linode_lock": { "a": { "entity_id": "${linode_lke_cluster.a.id}", "entity_type": "lkecluster" } },
                "linode_object_storage_bucket": { "a": { "label": "media", "region": "us-ord" } },
                "linode_object_storage_key": { "a": { "label": "plan" } },
                "linode_vpc": { "a": { "label": "net" } },
                "linode_vpc_subnet": {
                  "a": { "label": "nodes", "vpc_id": "${tonumber(linode_vpc.a.id)}" },
                  "lost": { "label": "nodes", "vpc_id": "${linode_vpc.lost.id}" }
                }
              }
            }
            """
        )!
        .AsObject();

    private readonly ImportIds _ids = new(
        s_configuration,
        address =>
            address switch
            {
                "linode_vpc.a" => "7",
                "linode_lke_cluster.a" => "9",
                _ => null,
            }
    );
    private readonly ConcurrentQueue<string> _requests = [];
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;
    private LoopbackServer _server = null!;
    private LinodeObjects _objects = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(HttpProtocols.Http1, ServeAsync, CancellationToken.None);
        _objects = new(
            new Dictionary<string, string> { ["LINODE_TOKEN"] = "t", ["LINODE_URL"] = $"http://127.0.0.1:{_server.Port}" },
            new ImpatientClock(LinodeClient.LongestWait)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _objects.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(
        "linode_database_postgresql_v2",
        "databases/postgresql/instances",
        """{"id": 5, "label": "pg", "status": "provisioning", CREATED}""",
        "5",
        "provisioning"
    )]
    [InlineData("linode_domain", "domains", """{"id": 5, "domain": "example.com", "status": "active"}""", "5", "active")]
    [InlineData(
        "linode_firewall",
        "networking/firewalls",
        """{"id": 5, "label": "wall", "status": "enabled", CREATED}""",
        "5",
        "enabled"
    )]
    [InlineData("linode_lke_cluster", "lke/clusters", """{"id": 5, "label": "lke", "status": "ready", CREATED}""", "5", "ready")]
    [InlineData(
        "linode_lock",
        "locks",
        """{"id": 5, "lock_type": "cannot_delete", "entity": {"id": 9, "type": "lkecluster"}}""",
        "5",
        null
    )]
    [InlineData(
        "linode_object_storage_bucket",
        "object-storage/buckets/us-ord",
        """{"label": "media", "region": "us-ord", CREATED}""",
        "us-ord:media",
        null
    )]
    [InlineData(
        "linode_object_storage_key",
        "object-storage/keys",
        """{"id": 5, "label": "plan", "access_key": "A"}""",
        "5",
        null
    )]
    [InlineData("linode_vpc", "vpcs", """{"id": 5, "label": "net", CREATED}""", "5", null)]
    [InlineData("linode_vpc_subnet", "vpcs/7/subnets", """{"id": 5, "label": "nodes", CREATED}""", "5", null)]
    public async Task Object_is_found_by_its_name_in_its_list(string type, string path, string entry, string id, string? status)
    {
        var isDated = entry.Contains("CREATED", StringComparison.Ordinal);
        // Another object of each kind: with another name, or with the lock of another cluster.
        var other = """{"id": 4, "label": "other", "domain": "other", "entity": {"id": 8, "type": "lkecluster"}, CREATED}""";
        Answer(
            $$"""{"data": [{{other}}, {{entry}}], "page": 1, "pages": 1}""".Replace("CREATED", Created, StringComparison.Ordinal)
        );

        var seen = await _objects.FindAsync(new($"{type}.a", type, Id: null), _ids, default);

        Assert.Equal([new Sighting(id, isDated ? s_created : null, status)], seen.Found);
        Assert.Equal($"the list {path}", seen.Place);
        Assert.Equal(type == "linode_lock", seen.NeedsNoTime);
        Assert.Equal([$"/v4beta/{path}?page=1&page_size=500"], _requests);
    }

    [Theory]
    [InlineData("linode_vpc", "5", "vpcs", """{"id": 5}""")]
    [InlineData("linode_lke_cluster", "5", "lke/clusters", """{"id": 5}""")]
    [InlineData("linode_object_storage_bucket", "us-ord:media", "object-storage/buckets/us-ord", """{"label": "media"}""")]
    public async Task Account_is_the_right_one_if_it_has_a_known_object(string type, string id, string path, string entry)
    {
        StateObject[] known =
        [
            new($"{type}.a", type, id, null),
            new("kubernetes_secret_v1.a", "kubernetes_secret_v1", "a/b", null),
        ];
        Answer($$"""{"data": [{"id": 4, "label": "other"}, {{entry}}], "page": 1, "pages": 1}""");

        Assert.Null(await _objects.DoubtAsync(known, default));
        Assert.Equal([$"/v4beta/{path}?page=1&page_size=500"], _requests);
    }

    [Fact]
    public async Task Account_without_a_known_object_is_doubted()
    {
        StateObject[] known = [new("linode_vpc.a", "linode_vpc", "7", null), new("linode_domain.a", "linode_domain", "8", null)];
        Answer("""{"data": [{"id": 4}], "page": 1, "pages": 1}""");

        Assert.Equal(
            "it has none of the 2 known object(s), such as linode_vpc.a (id 7)",
            await _objects.DoubtAsync(known, default)
        );
        Assert.Equal("no state has an object of an account", await _objects.DoubtAsync([], default));
    }

    [Fact]
    public async Task List_is_read_once_for_many_objects()
    {
        Answer("""{"data": [], "page": 1, "pages": 1}""");

        for (var i = 0; i < 20; i++)
            Assert.Empty((await _objects.FindAsync(new("linode_vpc.a", "linode_vpc", Id: null), _ids, default)).Found);

        Assert.Single(_requests);
    }

    [Theory]
    [InlineData("linode_vpc_subnet.lost", "the configuration does not say the vpc_id of linode_vpc_subnet.lost.")]
    [InlineData("linode_firewall.computed", "the configuration does not say the label of linode_firewall.computed.")]
    public async Task Object_without_a_known_name_is_not_asked_for(string address, string message)
    {
        var refused = await Assert.ThrowsAsync<PipelineException>(() =>
            _objects.FindAsync(new(address, address.Split('.')[0], Id: null), _ids, default)
        );

        Assert.Equal(message, refused.Message);
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task Refused_list_leaves_the_others_to_be_asked()
    {
        _answer = context =>
        {
            if (context.Request.Path.Value!.EndsWith("vpcs", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 401;
                context.Response.Headers["X-OAuth-Scopes"] = "domains:read_only";
                context.Response.Headers["X-Accepted-OAuth-Scopes"] = "vpc:read_only";
                return context.Response.WriteAsync("""{"errors": [{"reason": "Your OAuth token is not authorized"}]}""");
            }
            return context.Response.WriteAsync("""{"data": [], "page": 1, "pages": 1}""");
        };

        var refused = await Assert.ThrowsAsync<PipelineException>(() =>
            _objects.FindAsync(new("linode_vpc.a", "linode_vpc", Id: null), _ids, default)
        );
        Assert.Contains(
            "401 Your OAuth token is not authorized. The token has the scopes",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Empty((await _objects.FindAsync(new("linode_domain.a", "linode_domain", Id: null), _ids, default)).Found);
    }

    [Fact]
    public async Task Unreachable_api_is_asked_only_once()
    {
        _answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        foreach (var type in new[] { "linode_vpc", "linode_domain", "linode_firewall" })
        {
            var failed = await Assert.ThrowsAsync<PipelineException>(() =>
                _objects.FindAsync(new($"{type}.a", type, Id: null), _ids, default)
            );
            Assert.Contains("Check that the API can be reached from this machine", failed.Message, StringComparison.Ordinal);
        }

        Assert.All(_requests, request => Assert.StartsWith("/v4beta/vpcs", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"label": "net", "created": "2026-11-30T12:00:05"}""", "vpcs: an entry has no \"id\".")]
    [InlineData(
        """{"id": 5, "label": "net", "created": "yesterday"}""",
        "vpcs: an entry has no time in \"created\": given \"yesterday\""
    )]
    public async Task Entry_that_is_not_documented_is_an_error(string entry, string message)
    {
        Answer($$"""{"data": [{{entry}}], "page": 1, "pages": 1}""");

        var failed = await Assert.ThrowsAsync<PipelineException>(() =>
            _objects.FindAsync(new("linode_vpc.a", "linode_vpc", Id: null), _ids, default)
        );

        Assert.StartsWith(message, failed.Message, StringComparison.Ordinal);
    }

    private void Answer(string body) => _answer = context => context.Response.WriteAsync(body);

    private Task ServeAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Path}{context.Request.QueryString}");
        return _answer(context);
    }
}

/// <summary>Every Linode type of the shipped stacks can be looked for.</summary>
[Trait("Level", "synthesized")]
public sealed class LookupOfTheStacksTests(SynthesizedPlatform synthesized)
{
    [Fact]
    public void Linode_types_of_the_stacks_can_be_looked_for()
    {
        var used = synthesized
            .Shipped.Stacks.Values.SelectMany(stack => stack.Resources)
            .Select(item => item.Type)
            .Where(type => type.StartsWith("linode_", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(used, LinodeObjects.Types.Order(StringComparer.Ordinal));
    }
}
