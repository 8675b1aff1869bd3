using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary>
/// Break-glass needs a reason, a ticket and the name of another person as approver, leaves audit records, and a revocation waits
/// until the API server refuses the tokens.
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
        (await fixture.RunAsync([.. _open, "--minutes", "61"]))
            .Expect(ExitCode.Usage)
            .Says("--minutes: given 61; allowed: a whole number from 10 to 60");
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
            ("OPS-7", "john", "unverified", "john writes it into OPS-7 now", "kubernetes-admin", 60),
            (
                (string?)record["body"]!["ticket"],
                (string?)record["body"]!["approval"]!["by"],
                (string?)record["body"]!["approval"]!["state"],
                (string?)record["body"]!["approval"]!["evidence"],
                (string?)record["body"]!["account"],
                (int)record["body"]!["minutes"]!
            )
        );
        var secret = Assert.Single((await fixture.Api.GetAsync(Secrets)).Items);
        Assert.Equal((string?)json["secret"], (string?)secret["metadata"]!["name"]);
        Assert.Equal("unverified", (string?)secret["metadata"]!["annotations"]!["approval"]);
        var note = Assert.Single((await fixture.Api.GetAsync("/api/v1/namespaces/system-access/events")).Items);
        Assert.Equal(("BreakGlassOpened", "Warning"), ((string?)note["reason"], (string?)note["type"]));
        Assert.Contains("jane opened break-glass until 2026-11-21 13:00 UTC", (string)note["message"]!, StringComparison.Ordinal);

        var token = await TokenAsync((string)json["file"]!);
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, token));
        var revoked = (await fixture.RunWithoutWaitsAsync("access", "break-glass", "--revoke")).Expect(ExitCode.Done);
        revoked.Says($"Break-glass is revoked: {json["secret"]}.");
        Assert.Equal(HttpStatusCode.Unauthorized, await WhoAmIAsync(fixture, token));
        Assert.Equal(["break-glass", "break-glass revoke"], fixture.Audit().Select(one => (string?)one.Record["kind"]).Order());
        (await fixture.RunAsync("access", "break-glass", "--revoke")).Expect(ExitCode.Done).Says("Break-glass is not open.");
    }

    [Fact]
    public async Task Revoke_waits_until_the_API_server_refuses_the_token()
    {
        await using var fixture = await AccessFixture.StartAsync();
        var (output, error) = (new StringWriter(), new StringWriter());
        var json = JsonNode.Parse((await fixture.RunAsync([.. _open, "--json"])).Expect(ExitCode.Done).Output)!;
        var token = await TokenAsync((string)json["file"]!);
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, token));

        var revoke = CommandLine.RunAsync(["access", "break-glass", "--revoke"], () => fixture.Workspace, output, error);
        await fixture.Api.Clock.WaitedAsync(TimeSpan.FromSeconds(10), Patience.Token);
        Assert.Empty((await fixture.Api.GetAsync(Secrets)).Items);
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, token));
        Assert.DoesNotContain("revoked", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("refuses", output.ToString(), StringComparison.Ordinal);

        fixture.Api.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, token));
        Assert.False(revoke.IsCompleted);
        fixture.Api.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ExitCode.Done, await fixture.Api.Clock.PassAsync(revoke));
        Assert.Contains(
            $"{json["secret"]}: the API server refuses the token in {json["file"]}.",
            output.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.Unauthorized, await WhoAmIAsync(fixture, token));
    }

    [Fact]
    public async Task Revoke_asks_again_while_the_token_is_accepted()
    {
        // An API server that remembers longer than Kubernetes' does.
        await using var fixture = await AccessFixture.StartAsync(options =>
            options with
            {
                AcceptedTokens = TimeSpan.FromSeconds(20),
            }
        );
        var json = JsonNode.Parse((await fixture.RunAsync([.. _open, "--json"])).Expect(ExitCode.Done).Output)!;
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, await TokenAsync((string)json["file"]!)));
        var ran = (await fixture.RunWithoutWaitsAsync("access", "break-glass", "--revoke")).Expect(ExitCode.Done);
        ran.Says("the API server refuses the token");
    }

    [Fact]
    public async Task Revoke_fails_if_the_token_is_accepted_for_too_long()
    {
        await using var fixture = await AccessFixture.StartAsync(options =>
            options with
            {
                AcceptedTokens = TimeSpan.FromMinutes(10),
            }
        );
        var json = JsonNode.Parse((await fixture.RunAsync([.. _open, "--json"])).Expect(ExitCode.Done).Output)!;
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, await TokenAsync((string)json["file"]!)));
        (await fixture.RunWithoutWaitsAsync("access", "break-glass", "--revoke"))
            .Expect(ExitCode.Failed)
            .Says($"{json["secret"]}: the API server still accepts the token")
            .Says("30 seconds after the deletion. Delete its account, system:serviceaccount:system-access:break-glass");
    }

    [Fact]
    public async Task Revoke_says_which_token_it_cannot_check()
    {
        await using var fixture = await AccessFixture.StartAsync();
        var json = JsonNode.Parse((await fixture.RunAsync([.. _open, "--json"])).Expect(ExitCode.Done).Output)!;
        File.Delete((string)json["file"]!);
        (await fixture.RunWithoutWaitsAsync("access", "break-glass", "--revoke"))
            .Expect(ExitCode.Done)
            .Says($"{json["secret"]}: not checked, because no kubeconfig with its token is on this machine.")
            .Says($"Break-glass is revoked: {json["secret"]}.");

        // A kubeconfig whose server does not answer.
        json = JsonNode.Parse((await fixture.RunAsync([.. _open, "--json"])).Expect(ExitCode.Done).Output)!;
        var file = (string)json["file"]!;
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(
            file,
            text.Replace(fixture.Api.Sandbox.Kubernetes.Endpoint, "https://127.0.0.1:1", StringComparison.Ordinal)
        );
        (await fixture.RunWithoutWaitsAsync("access", "break-glass", "--revoke"))
            .Expect(ExitCode.Done)
            .Says($"{json["secret"]}: not checked, because the API server could not be asked with the token in {file}")
            .Says($"kubectl --kubeconfig {file} auth whoami");
    }

    [Fact]
    public async Task Revoke_with_the_own_token_ends_all_uses()
    {
        await using var fixture = await AccessFixture.StartAsync();
        await fixture.GrantAllAsync("break-glass");
        string[] names = ["first", "second"];
        foreach (var name in names)
        {
            (await fixture.RunAsync([.. _open, "--output", $"outputs/{name}"])).Expect(ExitCode.Done);
            fixture.Api.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        fixture.Variables["KUBECONFIG"] = "outputs/first";
        (await fixture.RunWithoutWaitsAsync("access", "break-glass", "--revoke", "--output", "outputs/second"))
            .Expect(ExitCode.Done)
            .Says("refuses the token in " + Path.Combine(fixture.Directory, "outputs", "first"))
            .Says("refuses the token in " + Path.Combine(fixture.Directory, "outputs", "second"));
        Assert.Empty((await fixture.Api.GetAsync(Secrets)).Items);
    }

    [Fact]
    public async Task Break_glass_on_github_needs_a_person_as_approver()
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
        (await fixture.RunAsync(_open[..^2]))
            .Expect(ExitCode.Usage)
            .Says("--approved-by: given \"\"; allowed: a person other than octo");
        Assert.Empty(fixture.Audit());
        (await fixture.RunAsync(_open)).Expect(ExitCode.Done).Says("Approved by john (unverified)");
        var record = Assert.Single(fixture.Audit()).Record;
        Assert.Equal("octo", (string?)record["actor"]);
        Assert.Equal(
            ("john", "unverified"),
            ((string?)record["body"]!["approval"]!["by"], (string?)record["body"]!["approval"]!["state"])
        );
        Assert.DoesNotContain("GitHub", record.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Jane")]
    [InlineData("@octo")]
    [InlineData(" jane ")]
    [InlineData("  ")]
    [InlineData("kubernetes-admin")]
    [InlineData("github-actions[bot]")]
    [InlineData("deploy-bot")]
    [InlineData("apply-production")]
    [InlineData("break-glass")]
    public async Task Break_glass_refuses_an_approver(string approver)
    {
        await using var fixture = await AccessFixture.StartAsync();
        fixture.Variables["GITHUB_ACTOR"] = "octo";
        (await fixture.RunAsync([.. _open[..^1], approver]))
            .Expect(ExitCode.Usage)
            .Says($"--approved-by: given \"{approver.Trim()}\"; allowed: a person other than octo, jane");
        Assert.Empty(fixture.Audit());
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

        (await fixture.RunAsync("access", "upload-records")).Expect(ExitCode.Failed);
        Assert.True(File.Exists(file));
        fixture.Variables.Remove(BucketAddress.EndpointVariable);
        fixture.Variables.Remove(BucketAddress.RedirectVariable);
        (await fixture.RunAsync("access", "upload-records"))
            .Expect(ExitCode.Done)
            .Says($"In the archive, locked: audit/system/{Path.GetFileName(file)}");
        Assert.False(File.Exists(file));
        var records = fixture.Audit();
        Assert.Equal(["break-glass", "record upload"], records.Select(one => (string?)one.Record["kind"]).Order());
        var upload = records.Single(one => (string?)one.Record["kind"] == "record upload").Record;
        Assert.Equal(
            ("jane", $"audit/system/{Path.GetFileName(file)}"),
            ((string?)upload["actor"], (string?)upload["body"]!["records"]![0]!["key"])
        );
        (await fixture.RunAsync("access", "upload-records")).Expect(ExitCode.Done).Says("No audit record waits");
    }

    [Fact]
    public async Task Upload_refuses_files_that_are_no_records_and_changes()
    {
        await using var fixture = await AccessFixture.StartAsync();
        fixture.Variables[BucketAddress.EndpointVariable] = "http://127.0.0.1:1";
        fixture.Variables[BucketAddress.RedirectVariable] = BucketAddress.Redirect("http://127.0.0.1:1");
        (await fixture.RunAsync(_open)).Expect(ExitCode.Done);
        fixture.Variables.Remove(BucketAddress.EndpointVariable);
        fixture.Variables.Remove(BucketAddress.RedirectVariable);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(fixture.Directory, "outputs", "audit", "system")));
        var text = await File.ReadAllTextAsync(file);
        var sent = Directory.CreateDirectory(Path.Combine(fixture.Directory, "sent")).FullName;
        var other = Path.Combine(sent, "other.json");
        var same = Path.Combine(sent, Path.GetFileName(file));
        await File.WriteAllTextAsync(other, text);
        await File.WriteAllTextAsync(same, text.Replace("OPS-7", "OPS-8", StringComparison.Ordinal));
        foreach (var content in new[] { text, "null", "{}", "hello" })
        {
            await File.WriteAllTextAsync(other, content);
            // One bad file: nothing is uploaded.
            (await fixture.RunAsync("access", "upload-records", file, other))
                .Expect(ExitCode.Failed)
                .Says($"{other}: not an audit record of a stack of this platform under its own name");
            Assert.Empty(fixture.Audit());
        }
        (await fixture.RunAsync("access", "upload-records", Path.Combine(sent, "none.json")))
            .Expect(ExitCode.Failed)
            .Says("Name a file that can be read.");

        (await fixture.RunAsync("access", "upload-records", file)).Expect(ExitCode.Done);
        (await fixture.RunAsync("access", "upload-records", same)).Expect(ExitCode.Failed).Says("with other content");
        Assert.True(File.Exists(same));
        Assert.Equal(
            ["OPS-7"],
            fixture
                .Audit()
                .Where(one => (string?)one.Record["kind"] == "break-glass")
                .Select(one => (string?)one.Record["body"]!["ticket"])
        );
        // The same record from another machine is uploaded once.
        await File.WriteAllTextAsync(same, text);
        (await fixture.RunAsync("access", "upload-records", same)).Expect(ExitCode.Done);
    }

    [Fact]
    public async Task Break_glass_deletes_expired_and_half_open_secrets()
    {
        await using var fixture = await AccessFixture.StartAsync();
        (await fixture.RunAsync(_open)).Expect(ExitCode.Done);
        fixture.Api.Clock.Advance(TimeSpan.FromHours(2));
        (await fixture.RunAsync(_open)).Expect(ExitCode.Done);
        Assert.Single((await fixture.Api.GetAsync(Secrets)).Items);

        (await fixture.RunWithoutWaitsAsync("access", "break-glass", "--revoke")).Expect(ExitCode.Done);
        await fixture.Api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/system-access/serviceaccounts/break-glass");
        fixture.Api.Clock.Advance(TimeSpan.FromHours(2));
        (await fixture.RunAsync(_open)).Expect(ExitCode.Failed).Says("serviceaccounts \"break-glass\" not found");
        Assert.Empty((await fixture.Api.GetAsync(Secrets)).Items);
    }

    private static async Task<string> TokenAsync(string file) =>
        (string)JsonNode.Parse(await File.ReadAllTextAsync(file))!["users"]![0]!["user"]!["token"]!;

    private static async Task<HttpStatusCode> WhoAmIAsync(AccessFixture fixture, string token) =>
        (await fixture.Api.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token)).Code;
}
