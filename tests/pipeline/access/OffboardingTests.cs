using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary>
/// <c>access offboard</c> lists everything that a person holds, and ends the tokens of all accounts of the person.
/// </summary>
[Trait("Level", "real")]
public sealed class OffboardingTests
{
    private const string Person = "richard-roe";

    [Fact]
    public async Task Offboard_lists_what_a_person_holds_and_ends_the_tokens()
    {
        await using var fixture = await StartAsync();
        var files = new Dictionary<string, string>();
        foreach (var (environment, profile) in new[] { ("staging", "operator"), ("system", "restarter") })
            files[environment] = await KubeconfigAsync(fixture, environment, profile, Person);
        var other = await KubeconfigAsync(fixture, "staging", "developer", "jane-doe");
        fixture.Variables["USER"] = Person;
        (
            await fixture.RunAsync("access", "break-glass", "--reason", "down", "--ticket", "OPS-7", "--approved-by", "john")
        ).Expect(ExitCode.Done);
        fixture.Api.Clock.Advance(TimeSpan.FromSeconds(1));
        fixture.Variables["USER"] = "john";
        (
            await fixture.RunAsync("access", "break-glass", "--reason", "down", "--ticket", "OPS-8", "--approved-by", Person)
        ).Expect(ExitCode.Done);

        var checkedOnly = (await fixture.RunAsync("access", "offboard", Person, "--check", "--json")).Expect(ExitCode.Done);
        var json = JsonNode.Parse(checkedOnly.Output)!;
        var holdings = json["holdings"]!.AsArray().Select(one => $"{one!["kind"]} {one["where"]} {one["what"]}").ToList();
        string[] expected =
        [
            "grant system restarter in system",
            "grant staging operator in staging",
            "grant production operator in production",
            "account system-access ServiceAccount richard-roe",
            "account staging-access ServiceAccount richard-roe",
            "account production-access ServiceAccount richard-roe",
            $"kubeconfig {files["staging"]} system:serviceaccount:staging-access:richard-roe, until 2026-11-21 20:00 UTC",
            $"kubeconfig {files["system"]} system:serviceaccount:system-access:richard-roe, until 2026-11-21 20:00 UTC",
        ];
        Assert.Equal(expected, expected.Intersect(holdings));
        Assert.Contains(
            holdings,
            one =>
                one.StartsWith("kubeconfig audit/system/", StringComparison.Ordinal)
                && one.Contains("staging, issued by jane", StringComparison.Ordinal)
        );
        Assert.Contains(holdings, one => one.Contains("opened it at 2026-11-21 12:00 UTC (OPS-7)", StringComparison.Ordinal));
        Assert.Contains(
            holdings,
            one => one.Contains("approved break-glass at 2026-11-21 12:00 UTC (OPS-8)", StringComparison.Ordinal)
        );
        Assert.Contains(holdings, one => one.StartsWith("break-glass system-access/break-glass-", StringComparison.Ordinal));
        Assert.DoesNotContain(holdings, one => one.Contains("jane-doe", StringComparison.Ordinal));
        Assert.Equal(
            ["environments/Production.cs", "environments/Staging.cs", "environments/SystemEnvironment.cs"],
            json["lines"]!.AsArray().Select(line => ((string)line!["place"]!).Split(':')[0])
        );
        Assert.All(
            json["lines"]!.AsArray(),
            line => Assert.Contains("new(\"richard-roe\"", (string)line!["text"]!, StringComparison.Ordinal)
        );
        Assert.Equal(7, (int)json["teams"]!["@example/platform-team"]!);
        Assert.Equal(6, (int)json["teams"]!["@example/security-team"]!);
        foreach (var file in files.Values)
            Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, file));

        (await fixture.RunWithoutWaitsAsync("access", "offboard", Person, "--reason", "leaves the company"))
            .Expect(ExitCode.Done)
            .Says($"staging-access/{Person}: the API server refuses the token in {files["staging"]}.")
            .Says($"system-access/{Person}: the API server refuses the token in {files["system"]}.")
            .Says($"production-access/{Person}: not checked, because no kubeconfig with its token is on this machine.")
            .Says("The inventory still has the grants")
            .Says($"GitHub: remove {Person} from the team @example/platform-team if they are a member");
        foreach (var file in files.Values)
            Assert.Equal(HttpStatusCode.Unauthorized, await WhoAmIAsync(fixture, file));
        Assert.Equal(HttpStatusCode.Created, await WhoAmIAsync(fixture, other));
        var record = Assert.Single(fixture.Audit(), one => (string?)one.Record["kind"] == "offboard").Record;
        Assert.Equal(("leaves the company", 3), ((string?)record["reason"], record["body"]!["accounts"]!.AsArray().Count));
        (await fixture.RunAsync("access", "offboard", Person, "--reason", "again")).Expect(ExitCode.Done).Says("No account of");
    }

    [Fact]
    public async Task Offboard_finds_ownership_approvals_and_the_name_at_github()
    {
        await using var fixture = await StartAsync();
        await File.AppendAllTextAsync(
            Path.Combine(fixture.Directory, ".github", "CODEOWNERS"),
            "/bench/ @Linus-L # moves soon\n"
        );
        await File.WriteAllTextAsync(
            Path.Combine(fixture.Directory, "environments", "NetworkOverrides.cs"),
            "            Approvers = [\"grace\", \"linus\"], // not linuses"
        );
        fixture.Platform = fixture.Platform with
        {
            Owner = "linus",
            Overrides =
            [
                SampleOverrides.Pods with
                {
                    RequestedBy = "ada",
                    Approvers = ["grace", "linus"],
                },
                SampleOverrides.Pods with
                {
                    Name = "own",
                    RequestedBy = "Linus",
                    Approvers = ["grace", "ada"],
                },
            ],
        };
        var json = JsonNode.Parse(
            (await fixture.RunAsync("access", "offboard", "linus", "--github", "@linus-l", "--check", "--json"))
                .Expect(ExitCode.Done)
                .Output
        )!;
        Assert.Equal(
            [
                "ownership /bench/",
                "ownership platform",
                "approval network override report-import",
                "request network override own",
            ],
            json["holdings"]!.AsArray().Select(one => $"{one!["kind"]} {one["where"]}")
        );
        Assert.Equal("environments/NetworkOverrides.cs:1", (string?)Assert.Single(json["lines"]!.AsArray())!["place"]);
    }

    [Fact]
    public async Task Offboard_refuses_names_that_end_the_wrong_tokens()
    {
        await using var fixture = await StartAsync();
        (await fixture.RunAsync("access", "offboard", "richard-row", "--check"))
            .Expect(ExitCode.Usage)
            .Says("NAME: given richard-row; nothing in the inventory")
            .Says("deploy-bot, jane-doe, richard-roe. Check the spelling.");
        (await fixture.RunAsync("access", "offboard", "break-glass", "--check"))
            .Expect(ExitCode.Usage)
            .Says("NAME: given break-glass, which is an account of the platform");
        (await fixture.RunAsync("access", "offboard", Person)).Expect(ExitCode.Usage).Says("--reason is missing");

        await fixture.GrantAllAsync(Person);
        fixture.Variables["KUBECONFIG"] = await KubeconfigAsync(fixture, "system", "restarter", Person);
        (await fixture.RunAsync("access", "offboard", Person, "--reason", "leaves"))
            .Expect(ExitCode.Usage)
            .Says($"NAME: given {Person}, which is the account of your own kubeconfig");
        fixture.Variables.Remove("KUBECONFIG");
        Assert.Equal(
            HttpStatusCode.OK,
            (await fixture.Api.GetAsync($"/api/v1/namespaces/staging-access/serviceaccounts/{Person}")).Code
        );
    }

    [Fact]
    public async Task Offboard_without_the_archive_ends_tokens_and_says_so()
    {
        await using var fixture = await StartAsync();
        fixture.Variables[BucketAddress.EndpointVariable] = "http://127.0.0.1:1";
        fixture.Variables[BucketAddress.RedirectVariable] = BucketAddress.Redirect("http://127.0.0.1:1");
        (await fixture.RunWithoutWaitsAsync("access", "offboard", Person, "--reason", "leaves"))
            .Expect(ExitCode.Failed)
            .Says("Not read: The audit records (kubeconfigs that were issued")
            .Says("The audit record could not be written to the archive bucket")
            .Says($"The accounts of {Person} are deleted: system-access/{Person}, staging-access/{Person}, ");
    }

    [Fact]
    public async Task Offboard_check_without_a_cluster_lists_the_inventory()
    {
        await using var fixture = await StartAsync();
        (fixture.Variables["KUBECONFIG"], fixture.Variables["KUBE_CONFIG_PATH"]) = ("", "");
        (await fixture.RunAsync("access", "offboard", Person, "--check"))
            .Expect(ExitCode.Failed)
            .Says("operator in staging")
            .Says("Not read: The accounts in the cluster: No kubeconfig is named.")
            .Says("Nothing was ended (--check).");
        (await fixture.RunAsync("access", "offboard", Person, "--reason", "leaves")).Expect(ExitCode.Failed);
        Assert.Empty(fixture.Audit());
    }

    [Fact]
    public async Task Kubeconfig_for_another_person_is_recorded()
    {
        await using var fixture = await StartAsync();
        var file = await KubeconfigAsync(fixture, "staging", "operator", Person);
        var (_, record) = Assert.Single(fixture.Audit());
        Assert.Equal(
            ("kubeconfig", "jane", Person, "staging", "operator", "2026-11-21T20:00:00+00:00"),
            (
                (string?)record["kind"],
                (string?)record["actor"],
                (string?)record["body"]!["name"],
                (string?)record["body"]!["environment"],
                (string?)record["body"]!["profile"],
                (string?)record["body"]!["end"]
            )
        );
        // The person's own renewal needs no key of the archive.
        await fixture.GrantAllAsync(Person, "staging-access");
        fixture.Variables["KUBECONFIG"] = file;
        await KubeconfigAsync(fixture, "staging", "operator", Person);
        Assert.Single(fixture.Audit());
    }

    private static async Task<AccessFixture> StartAsync()
    {
        var fixture = await AccessFixture.StartAsync();
        Directory.CreateDirectory(Path.Combine(fixture.Directory, ".github"));
        File.Copy(Repository.PathOf(".github", "CODEOWNERS"), Path.Combine(fixture.Directory, ".github", "CODEOWNERS"));
        var environments = Directory.CreateDirectory(Path.Combine(fixture.Directory, "environments")).FullName;
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("environments"), "*.cs"))
            File.Copy(file, Path.Combine(environments, Path.GetFileName(file)));
        return fixture;
    }

    private static async Task<string> KubeconfigAsync(AccessFixture fixture, string environment, string profile, string name)
    {
        string[] call =
        [
            "access",
            "kubeconfig",
            "--environment",
            environment,
            "--profile",
            profile,
            "--for",
            name,
            "--hours",
            "8",
            "--json",
        ];
        return (string)JsonNode.Parse((await fixture.RunAsync(call)).Expect(ExitCode.Done).Output)!["file"]!;
    }

    private static async Task<HttpStatusCode> WhoAmIAsync(AccessFixture fixture, string file)
    {
        var token = (string)JsonNode.Parse(await File.ReadAllTextAsync(file))!["users"]![0]!["user"]!["token"]!;
        return (await fixture.Api.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token)).Code;
    }
}
