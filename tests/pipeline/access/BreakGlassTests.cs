using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary>
/// Break-glass needs a reason, a ticket and an approval by another person, leaves audit records, and ends at once when it is
/// revoked.
/// </summary>
[Trait("Level", "real")]
public sealed class BreakGlassTests
{
    private const string Secrets = "/api/v1/namespaces/system-access/secrets";

    private static readonly string[] _open =
    [
        "access",
        "break-glass",
        "--reason",
        "the gateway answers 503 everywhere",
        "--ticket",
        "OPS-7",
        "--approved-by",
        "john",
    ];

    [Fact]
    public async Task Break_glass_lists_missing_options_and_refuses_self_approval()
    {
        await using var fixture = await AccessFixture.StartAsync();
        (await fixture.RunAsync("access", "break-glass"))
            .Expect(ExitCode.Usage)
            .Says("--reason is missing")
            .Says("--ticket is missing")
            .Says("--approved-by: given \"\"");
        (await fixture.RunAsync([.. _open[..^1], "jane"])).Expect(ExitCode.Usage).Says("allowed: a person other than jane");
        (await fixture.RunAsync([.. _open, "--minutes", "61"])).Expect(ExitCode.Usage).Says("--minutes: given 61; allowed: 10");
        Assert.Empty((await fixture.Api.GetAsync(Secrets)).Items);
        Assert.Empty(fixture.Audit());
    }

    [Fact]
    public async Task Break_glass_leaves_a_record_and_revoke_ends_the_token()
    {
        await using var fixture = await AccessFixture.StartAsync();
        var ran = (await fixture.RunAsync([.. _open, "--json"])).Expect(ExitCode.Done);
        var json = JsonNode.Parse(ran.Output)!;
        Assert.Equal("2026-11-21T13:00:00+00:00", (string?)json["expires"]);

        var (key, record) = Assert.Single(fixture.Audit());
        Assert.Equal((string?)json["audit"], key);
        Assert.Equal(
            ("break-glass", "system", "jane", "the gateway answers 503 everywhere"),
            ((string?)record["kind"], (string?)record["stack"], (string?)record["actor"], (string?)record["reason"])
        );
        Assert.Equal(
            ("OPS-7", "john", "john writes it into OPS-7 now", 60),
            (
                (string?)record["body"]!["ticket"],
                (string?)record["body"]!["approval"]!["by"],
                (string?)record["body"]!["approval"]!["evidence"],
                (int)record["body"]!["minutes"]!
            )
        );
        var secret = Assert.Single((await fixture.Api.GetAsync(Secrets)).Items);
        Assert.Equal((string?)json["secret"], (string?)secret["metadata"]!["name"]);
        var note = Assert.Single((await fixture.Api.GetAsync("/api/v1/namespaces/system-access/events")).Items);
        Assert.Equal(("BreakGlassOpened", "Warning"), ((string?)note["reason"], (string?)note["type"]));
        Assert.Contains("jane opened break-glass until 2026-11-21 13:00 UTC", (string)note["message"]!, StringComparison.Ordinal);

        var kubeconfig = JsonNode.Parse(await File.ReadAllTextAsync((string)json["file"]!))!;
        var token = (string)kubeconfig["users"]![0]!["user"]!["token"]!;
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, token));
        (await fixture.RunAsync("access", "break-glass", "--revoke")).Expect(ExitCode.Done).Says($"Revoked: {json["secret"]}");
        Assert.Equal(HttpStatusCode.Unauthorized, await WhoAmIAsync(fixture, token));
        Assert.Equal(["break-glass", "break-glass revoke"], fixture.Audit().Select(one => (string?)one.Record["kind"]).Order());
        (await fixture.RunAsync("access", "break-glass", "--revoke")).Expect(ExitCode.Done).Says("Break-glass is not open.");
    }

    [Fact]
    public async Task Break_glass_on_github_names_the_run_as_the_approval()
    {
        await using var fixture = await AccessFixture.StartAsync();
        foreach (
            var (name, value) in new[]
            {
                ("ACTIONS", "true"),
                ("ACTOR", "octo"),
                ("SERVER_URL", "https://github.com"),
                ("REPOSITORY", "example/infra-cdktf"),
                ("RUN_ID", "42"),
            }
        )
            fixture.Variables[$"GITHUB_{name}"] = value;
        (await fixture.RunAsync(_open[..^2])).Expect(ExitCode.Done);
        var record = Assert.Single(fixture.Audit()).Record;
        Assert.Equal("octo", (string?)record["actor"]);
        Assert.Equal("https://github.com/example/infra-cdktf/actions/runs/42", (string?)record["body"]!["approval"]!["evidence"]);
    }

    [Fact]
    public async Task Break_glass_writes_the_record_to_a_file_without_the_archive()
    {
        await using var fixture = await AccessFixture.StartAsync();
        fixture.Variables[BucketAddress.EndpointVariable] = "http://127.0.0.1:1";
        fixture.Variables[BucketAddress.RedirectVariable] = BucketAddress.Redirect("http://127.0.0.1:1");
        (await fixture.RunAsync(_open))
            .Expect(ExitCode.Done)
            .Says("The audit record could not be written to the archive bucket")
            .Says("Send it to another member of the platform team now");
        var file = Assert.Single(Directory.GetFiles(Path.Combine(fixture.Directory, "outputs", "audit", "system")));
        Assert.Equal("OPS-7", (string?)JsonNode.Parse(await File.ReadAllTextAsync(file))!["body"]!["ticket"]);
    }

    [Fact]
    public async Task Break_glass_deletes_expired_and_half_open_secrets()
    {
        await using var fixture = await AccessFixture.StartAsync();
        (await fixture.RunAsync(_open)).Expect(ExitCode.Done);
        fixture.Api.Clock.Advance(TimeSpan.FromHours(2));
        (await fixture.RunAsync(_open)).Expect(ExitCode.Done);
        Assert.Single((await fixture.Api.GetAsync(Secrets)).Items);

        (await fixture.RunAsync("access", "break-glass", "--revoke")).Expect(ExitCode.Done);
        await fixture.Api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/system-access/serviceaccounts/break-glass");
        fixture.Api.Clock.Advance(TimeSpan.FromHours(2));
        (await fixture.RunAsync(_open)).Expect(ExitCode.Failed).Says("serviceaccounts \"break-glass\" not found");
        Assert.Empty((await fixture.Api.GetAsync(Secrets)).Items);
    }

    private static async Task<HttpStatusCode> WhoAmIAsync(AccessFixture fixture, string token) =>
        (await fixture.Api.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token)).Code;
}
