using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary>Whom <c>access kubeconfig</c> lets in, for how long, and what lies in the file.</summary>
[Trait("Level", "real")]
public sealed class AccessKubeconfigTests
{
    private static readonly string _developer = Development
        .Environment.Access.First(grant => grant.Profile == AccessProfile.Developer)
        .Name;

    private static readonly string[] _enter =
    [
        "access",
        "kubeconfig",
        "--environment",
        "development",
        "--profile",
        "developer",
        "--for",
        _developer,
    ];

    [SkippableFact]
    public async Task It_writes_a_file_of_its_owners_alone_that_speaks_for_the_account()
    {
        await using var fixture = await AccessFixture.StartAsync();
        var ran = (await fixture.RunAsync([.. _enter, "--hours", "8", "--json"])).Expect(ExitCode.Done);

        var json = JsonNode.Parse(ran.Output)!;
        Assert.Equal("2026-11-21T20:00:00+00:00", (string?)json["expires"]);
        var file = (string)json["file"]!;
        Assert.Equal(Path.Combine(fixture.Directory, "outputs", "kubeconfig", $"development-{_developer}"), file);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var kubeconfig = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.Equal("development", (string?)kubeconfig["contexts"]![0]!["context"]!["namespace"]);
        var token = (string)kubeconfig["users"]![0]!["user"]!["token"]!;
        Assert.DoesNotContain(token, ran.Output + ran.Error, StringComparison.Ordinal);
        // The administrator's own token is not in it.
        Assert.Single(kubeconfig["users"]!.AsArray());

        fixture.Variables["KUBECONFIG"] = file;
        var who = await new Kubectl(fixture.Workspace).RunAsync(
            ["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"],
            default
        );
        Assert.Equal($"system:serviceaccount:development-access:{_developer}", who.Trim());
        fixture.Api.Clock.Turn(TimeSpan.FromHours(8));
        var late = await Assert.ThrowsAsync<PipelineException>(() =>
            new Kubectl(fixture.Workspace).RunAsync(["auth", "whoami"], default)
        );
        Assert.Contains("Unauthorized", late.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task It_says_how_long_the_api_server_really_gives()
    {
        await using var fixture = await AccessFixture.StartAsync(options =>
            options with
            {
                LongestToken = TimeSpan.FromHours(2),
            }
        );
        (await fixture.RunAsync([.. _enter, "--hours", "8"]))
            .Expect(ExitCode.Done)
            .Says("until 2026-11-21 14:00 UTC")
            .Says("Asked for 8 h, the API server gives 2.0 h.");
    }

    [SkippableFact]
    public async Task It_refuses_what_the_inventory_does_not_grant_and_says_what_it_does()
    {
        await using var fixture = await AccessFixture.StartAsync();
        (await Try("qa", "developer", _developer, "1")).Says(
            "no such environment. Allowed are system, development, staging, production"
        );
        foreach (
            var (profile, name) in new[] { ("operator", _developer), ("developer", "mallory"), ("platform-admin", "break-glass") }
        )
        {
            (await Try("development", profile, name, "1")).Says(
                $"Allowed are --for {_developer} --profile developer; --for deploy-bot --profile deployer."
            );
        }
        (await Try("development", "developer", _developer, "0")).Says("allowed are 1 to 12");
        (await Try("development", "developer", _developer, "13")).Says("allowed are 1 to 12");
        Assert.False(Directory.Exists(Path.Combine(fixture.Directory, "outputs")));

        async Task<Ran> Try(string environment, string profile, string name, string hours) =>
            (
                await fixture.RunAsync(
                    "access",
                    "kubeconfig",
                    "--environment",
                    environment,
                    "--profile",
                    profile,
                    "--for",
                    name,
                    "--hours",
                    hours
                )
            ).Expect(ExitCode.Usage);
    }

    [SkippableFact]
    public async Task What_kubectl_cannot_do_is_said_with_its_own_words_and_what_to_do()
    {
        await using var fixture = await AccessFixture.StartAsync();
        await fixture.Api.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/development-access/serviceaccounts/{_developer}");
        (await fixture.RunAsync([.. _enter, "--hours", "1"]))
            .Expect(ExitCode.Failed)
            .Says($"serviceaccounts \"{_developer}\" not found")
            .Says("docs/runbooks/access-loss.md");

        (fixture.Variables["KUBECONFIG"], fixture.Variables["KUBE_CONFIG_PATH"]) = ("", "");
        (await fixture.RunAsync([.. _enter, "--hours", "1"]))
            .Expect(ExitCode.Failed)
            .Says("No kubeconfig is named: set KUBECONFIG");
    }
}
