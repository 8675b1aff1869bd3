using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary>Denied attempts, from audit logs and from Linode's own records of the account.</summary>
[Trait("Level", "real")]
public sealed class AccessReviewTests
{
    private const string User = "system:serviceaccount:development-access:dev-team";

    private static readonly string[] _damages =
    [
        "hello",
        "7",
        "null",
        "[]",
        "{}",
        """{"kind":"Event","apiVersion":"v1"}""",
        """{"kind":"Event","apiVersion":7}""",
        """{"kind":"Pod","apiVersion":"audit.k8s.io/v1"}""",
    ];

    /// <summary>Verb, resource, code, message, impersonated user; and whether it is a denied escalation.</summary>
    public static TheoryData<string, string, int, string, string?, bool> Lines =>
        new()
        {
            { "create", "rolebindings", 403, "rolebindings is forbidden: User ... cannot create", null, true },
            { "patch", "clusterroles", 403, "attempting to grant RBAC permissions not currently held", null, true },
            { "create", "serviceaccounts/token", 403, "forbidden", null, true },
            { "get", "secrets", 403, "forbidden", null, true },
            { "delete", "validatingadmissionpolicies", 403, "forbidden", null, true },
            { "get", "pods", 403, "pods \"x\" is forbidden: User \"admin\" cannot get resource \"pods\"", "admin", true },
            { "get", "nodes/proxy", 403, "forbidden", null, true },
            { "create", "pods/exec", 403, "forbidden", null, true },
            { "patch", "pods/ephemeralcontainers", 403, "forbidden", null, true },
            { "create", "certificatesigningrequests", 403, "forbidden", null, true },
            { "update", "certificatesigningrequests/approval", 403, "forbidden", null, true },
            { "patch", "validatingwebhookconfigurations", 403, "forbidden", null, true },
            { "create", "mutatingadmissionpolicybindings", 403, "forbidden", null, true },
            { "create", "apiservices", 403, "forbidden", null, true },
            { "get", "pods/log", 403, "forbidden", null, false },
            { "create", "pods/exec", 101, "", null, false },
            {
                "create",
                "deployments",
                422,
                "ValidatingAdmissionPolicy 'environment-boundary' with binding denied request",
                null,
                true
            },
            { "delete", "pods", 403, "pods is forbidden", null, false },
            { "create", "rolebindings", 201, "", null, false },
            { "get", "secrets", 404, "not found", null, false },
        };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Denial_reader_separates_escalations_from_other_refusals(
        string verb,
        string resource,
        int code,
        string message,
        string? impersonated,
        bool denial
    )
    {
        var (denials, unread) = Denial.Read(Line(verb, resource, code, message, impersonated));
        Assert.Empty(unread);
        Assert.Equal(denial ? 1 : 0, denials.Count);
        if (!denial)
            return;
        var found = denials[0];
        Assert.Equal(impersonated is null ? User : $"{User} -> {impersonated}", found.Actor);
        Assert.Equal(("203.0.113.7", $"{verb} {resource} development/x", message), (found.From, found.Act, found.Why));
    }

    /// <summary>What is impersonated, its API group, and where (kube-apiserver, WithImpersonation).</summary>
    [Theory]
    [InlineData("users", "", "admin", "at the cluster scope")]
    [InlineData("groups", "", "system:masters", "at the cluster scope")]
    [InlineData("serviceaccounts", "", "break-glass", "in the namespace \"system-access\"")]
    [InlineData("uids", "authentication.k8s.io", "7", "at the cluster scope")]
    public void Refused_impersonation_has_its_name_only_in_the_message(string what, string group, string name, string where)
    {
        var text =
            $"{what}{(group == "" ? "" : $".{group}")} \"{name}\" is forbidden: User \"{User}\" cannot impersonate resource "
            + $"\"{what}\" in API group \"{group}\" {where}";
        var denial = Assert.Single(Denial.Read(Line("list", "pods", 403, text, impersonated: null)).Denials);
        Assert.Equal(($"{User} -> {name}", text), (denial.Actor, denial.Why));
    }

    [Fact]
    public void Audit_log_reads_lists_of_events_and_long_documents()
    {
        var (bad, fine) = (Line("get", "secrets", 403, "no", null), Line("delete", "pods", 403, "no", null));
        string List(params string[] items) =>
            $$"""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{{string.Join(',', items)}}]}""";
        // The items of a list have no apiVersion and kind.
        var item = JsonNode.Parse(bad)!.AsObject();
        item.Remove("apiVersion");
        item.Remove("kind");
        var indented = JsonNode
            .Parse(List(fine, item.ToJsonString(), bad))!
            .ToJsonString(new() { WriteIndented = true })
            .Split('\n');

        Assert.Equal((2, 0), Counts(List(bad, item.ToJsonString(), fine)));
        Assert.Equal((0, 0), Counts(List()));
        Assert.Equal((4, 0), Counts([.. indented, "", .. indented]));
        Assert.Equal((3, 0), Counts([bad, .. indented]));
        Assert.Equal((1, 1), Counts(List(bad, "7")));
        Assert.Equal((0, 1), Counts("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}"""));
        Assert.Equal((0, 1), Counts("""{"kind":"EventList","apiVersion":"v1","items":[]}"""));
        Assert.StartsWith(
            "1: item 2 of the EventList: not an audit event",
            Assert.Single(AuditLogFile.Parse([List(bad, "{}")]).Unread)
        );

        static (int Denials, int Unread) Counts(params string[] lines)
        {
            var (denials, unread) = AuditLogFile.Parse(lines);
            return (denials.Count, unread.Count);
        }
    }

    /// <summary>Random logs: each good denial is found, and exactly the damaged lines are named.</summary>
    [Fact]
    public void Audit_log_names_each_damaged_line_and_loses_no_other()
    {
        var random = TestRandom.Create();
        for (var round = 0; round < 300; round++)
        {
            var (lines, denials, damaged) = (new List<string>(), 0, new HashSet<int>());
            for (var i = random.Next(1, 12); i > 0; i--)
            {
                var denied = random.Next(2) == 0;
                var line = Line("get", denied ? "secrets" : "pods", 403, random.Next(2) == 0 ? "{ \"[" : "no", null);
                switch (random.Next(6))
                {
                    case 0:
                        lines.Add(line[..random.Next(1, line.Length)]);
                        damaged.Add(lines.Count);
                        break;
                    case 1:
                        lines.Add(random.GetItems(_damages, 1)[0]);
                        damaged.Add(lines.Count);
                        break;
                    case 2:
                        lines.AddRange(JsonNode.Parse(line)!.ToJsonString(new() { WriteIndented = true }).Split('\n'));
                        denials += denied ? 1 : 0;
                        break;
                    case 3:
                        lines.Add(random.Next(2) == 0 ? "" : "   ");
                        break;
                    default:
                        lines.Add(line);
                        denials += denied ? 1 : 0;
                        break;
                }
            }
            var (found, unread) = AuditLogFile.Parse(lines);
            var log = string.Join('\n', lines);
            Assert.True(denials == found.Count, $"{denials} denials, found {found.Count}:\n{log}");
            var named = unread.Select(place => int.Parse(place.Split(':')[0], CultureInfo.InvariantCulture)).ToHashSet();
            Assert.True(damaged.SetEquals(named), $"{string.Join(' ', damaged)}, named {string.Join(' ', named)}:\n{log}");
        }
    }

    [Fact]
    public async Task Review_lists_denials_and_unreadable_lines()
    {
        await using var fixture = await AccessFixture.StartAsync();
        var log = Path.Combine(fixture.Directory, "audit.log");
        await File.WriteAllLinesAsync(
            log,
            [
                Line("create", "rolebindings", 403, "no", null),
                Line("delete", "pods", 403, "no", null),
                "",
                Line("get", "secrets", 403, "no", null),
            ]
        );
        (await fixture.RunAsync("access", "review", "--log", log))
            .Expect(ExitCode.Done)
            .Says("2 denied escalations by 1 accounts.")
            .Says(User);
        var json = JsonNode.Parse((await fixture.RunAsync("access", "review", "--log", log, "--json")).Output)!;
        Assert.Equal(
            ["create rolebindings development/x", "get secrets development/x"],
            json["denials"]!.AsArray().Select(one => (string?)one!["act"])
        );

        await File.AppendAllLinesAsync(
            log,
            [
                "hello",
                """{"kind":"Event","apiVersion":"v1"}""",
                """{"apiVersion":7}""",
                """{"apiVersion":"audit.k8s.io/v1","apiVersion":"audit.k8s.io/v1"}""",
                """{"apiVersion":"audit.k8s.io/v1","impersonatedUser":{"username":"a"},"responseStatus":{"code":403}}""",
            ]
        );
        (await fixture.RunAsync("access", "review", "--log", log))
            .Expect(ExitCode.Failed)
            .Says($"{log}:5: not JSON")
            .Says($"{log}:6: not an audit event")
            .Says($"{log}:7: not an audit event")
            .Says($"{log}:8: not an audit event")
            .Says($"{log}:9: not an audit event")
            .Says("Not understood: 5 in all. Each may be a denied escalation")
            .Says("2 denied escalations by 1 accounts.");
        (await fixture.RunAsync("access", "review")).Expect(ExitCode.Usage).Says("Give --log FILE, --account, or both");
        (await fixture.RunAsync("access", "review", "--log", $"{log}x"))
            .Expect(ExitCode.Usage)
            .Says($"--log: given {log}x: ")
            .Says("Name a file that can be read.");
    }

    [Theory]
    [InlineData(ClusterTier.Enterprise, "lke_audit_logs")]
    [InlineData(ClusterTier.Standard, "gives no audit log")]
    public void Review_shows_the_limits_of_the_tier(ClusterTier tier, string says) =>
        Assert.Contains(says, AccessReviewCommand.Limits(tier), StringComparison.Ordinal);

    [Fact]
    public async Task Review_names_an_unreadable_record_and_shows_the_others()
    {
        await using var fixture = await AccessFixture.StartAsync();
        await using var linode = await LinodeAsync(fixture, page: 2);
        (await fixture.RunAsync("access", "review", "--collect")).Expect(ExitCode.Done);
        using var buckets = StateBuckets.Open(fixture.Workspace.Platform, fixture.Workspace.Environment);
        await buckets.Archive.PutAsync(
            "audit/core/damaged.json",
            new MemoryStream([1]),
            buckets.Keys.Of(StackNames.Core),
            new() { LockedUntil = fixture.Api.Clock.GetUtcNow().AddDays(1) },
            CancellationToken.None
        );

        (await fixture.RunAsync("access", "review", "--account"))
            .Expect(ExitCode.Failed)
            .Says("Not understood: audit/core/damaged.json: not an audit record")
            .Says("login failed");
    }

    [Fact]
    public async Task Review_shows_an_entry_once_that_was_collected_twice()
    {
        await using var fixture = await AccessFixture.StartAsync();
        await using var linode = await LinodeAsync(fixture, page: 2);
        (await fixture.RunAsync("access", "review", "--collect"))
            .Expect(ExitCode.Done)
            .Says("3 events and 2 logins since 2026-11-20 11:00 UTC");
        fixture.Api.Clock.Advance(TimeSpan.FromHours(1));
        // The collected periods overlap; an entry that was copied twice is shown once.
        (await fixture.RunAsync("access", "review", "--collect")).Expect(ExitCode.Done);

        var records = fixture.Audit();
        Assert.Equal(2, records.Count);
        Assert.All(
            records,
            one => Assert.Equal(("account", "core"), ((string?)one.Record["kind"], (string?)one.Record["stack"]))
        );
        // Every event is stored, not only the events that the review shows.
        Assert.Contains(records[0].Record["body"]!["events"]!.AsArray(), one => (string?)one!["action"] == "linode_boot");
        var json = JsonNode.Parse((await fixture.RunAsync("access", "review", "--account", "--json")).Output)!;
        Assert.Equal(
            [
                "lke_control_plane_acl_update john infra-core-lke",
                "login failed mallory ",
                "lke_kubeconfig_regenerate jane infra-core-lke",
            ],
            json["account"]!.AsArray().Select(one => $"{one!["what"]} {one["actor"]} {one["about"]}")
        );
    }

    [Fact]
    public async Task Review_shows_missing_scopes_and_writes_nothing()
    {
        await using var fixture = await AccessFixture.StartAsync();
        fixture.Variables["LINODE_TOKEN"] = "";
        (await fixture.RunAsync("access", "review", "--collect"))
            .Expect(ExitCode.Failed)
            .Says("events:read_only and account:read_only");
        await using var linode = await LinodeAsync(fixture, page: 500, logins: false);
        (await fixture.RunAsync("access", "review", "--collect"))
            .Expect(ExitCode.Failed)
            .Says("Your OAuth token is not authorized to use this endpoint.")
            .Says("has the scopes \"events:read_only\", this call needs \"account:read_only\"");
        Assert.Empty(fixture.Audit());
    }

    private static string Line(string verb, string resource, int code, string message, string? impersonated)
    {
        var entry = new JsonObject
        {
            ["kind"] = "Event",
            ["apiVersion"] = "audit.k8s.io/v1",
            ["stage"] = "ResponseComplete",
            ["verb"] = verb,
            ["user"] = new JsonObject { ["username"] = User },
            ["sourceIPs"] = new JsonArray("203.0.113.7"),
            ["objectRef"] = new JsonObject
            {
                ["resource"] = resource.Split('/')[0],
                ["subresource"] = resource.Contains('/') ? resource.Split('/')[1] : null,
                ["namespace"] = "development",
                ["name"] = "x",
            },
            ["responseStatus"] = new JsonObject { ["code"] = code, ["message"] = message },
            ["requestReceivedTimestamp"] = "2026-11-21T10:00:00.000000Z",
        };
        if (impersonated is not null)
            entry["impersonatedUser"] = new JsonObject { ["username"] = impersonated };
        return entry.ToJsonString();
    }

    /// <summary>Answers like the API (OpenAPI 4.229.1): pages, one refusal for too many calls, scopes in the headers.</summary>
    private static async Task<LoopbackServer> LinodeAsync(AccessFixture fixture, int page, bool logins = true)
    {
        var events = new[]
        {
            Event("lke_kubeconfig_regenerate", "2026-11-21T09:00:00", "jane"),
            Event("linode_boot", "2026-11-21T08:00:00", "jane"),
            Event("lke_control_plane_acl_update", "2026-11-20T20:00:00", "john"),
            Event("token_create", "2026-10-01T00:00:00", "john"),
        };
        var attempts = new[]
        {
            Login("2026-11-21T07:00:00", "jane", "successful"),
            Login("2026-11-21T06:00:00", "mallory", "failed"),
            Login("2026-09-01T00:00:00", "jane", "failed"),
        };
        var calls = 0;
        var server = await LoopbackServer.StartAsync(
            HttpProtocols.Http1,
            async context =>
            {
                context.Response.Headers["X-OAuth-Scopes"] = "events:read_only";
                context.Response.Headers["X-Accepted-OAuth-Scopes"] = "account:read_only";
                if (Interlocked.Increment(ref calls) == 1)
                {
                    context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                    context.Response.Headers.RetryAfter = "0";
                    await context.Response.WriteAsync("""{"errors":[{"reason":"Too many requests"}]}""");
                    return;
                }
                var items = context.Request.Path == "/v4/account/events" ? events : attempts;
                if (items == attempts && !logins)
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    await context.Response.WriteAsync(
                        """{"errors":[{"reason":"Your OAuth token is not authorized to use this endpoint."}]}"""
                    );
                    return;
                }
                var number = int.Parse(context.Request.Query["page"]!, CultureInfo.InvariantCulture);
                await context.Response.WriteAsync(
                    new JsonObject
                    {
                        ["data"] = new JsonArray([
                            .. items.Skip((number - 1) * page).Take(page).Select(item => item.DeepClone()),
                        ]),
                        ["page"] = number,
                        ["pages"] = (items.Length + page - 1) / page,
                        ["results"] = items.Length,
                    }.ToJsonString()
                );
            },
            default
        );
        fixture.Variables["LINODE_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{server.Port}");
        fixture.Variables["LINODE_TOKEN"] = "test";
        return server;
    }

    private static JsonObject Event(string action, string created, string username) =>
        new()
        {
            ["id"] = 1,
            ["action"] = action,
            ["created"] = created,
            ["entity"] = new JsonObject
            {
                ["id"] = 1,
                ["label"] = "infra-core-lke",
                ["type"] = "lkecluster",
                ["url"] = "/v4/lke/clusters/1",
            },
            ["status"] = "finished",
            ["username"] = username,
            ["message"] = null,
        };

    private static JsonObject Login(string datetime, string username, string status) =>
        new()
        {
            ["id"] = 1,
            ["datetime"] = datetime,
            ["ip"] = "192.0.2.141",
            ["restricted"] = false,
            ["status"] = status,
            ["username"] = username,
        };
}
