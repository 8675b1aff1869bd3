using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary>The people that <c>access kubeconfig</c> accepts, the lifetime of the token, and the content of the file.</summary>
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

    [Fact]
    public async Task Kubeconfig_is_private_and_authenticates_as_the_account()
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
        // The API server remembers for 10 seconds that it accepted a token.
        fixture.Api.Clock.Advance(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(10));
        var late = await Assert.ThrowsAsync<PipelineException>(() =>
            new Kubectl(fixture.Workspace).RunAsync(["auth", "whoami"], default)
        );
        Assert.Contains("Unauthorized", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubeconfig_command_shows_a_shortened_lifetime()
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
            .Says("Requested 8 h; the API server gave 2.0 h.");
    }

    [Fact]
    public async Task Kubeconfig_command_refuses_a_missing_grant()
    {
        await using var fixture = await AccessFixture.StartAsync();
        (await Try("qa", "developer", _developer, "1")).Says(
            "--environment: given qa; allowed: system, development, staging, production"
        );
        foreach (
            var (profile, name) in new[] { ("operator", _developer), ("developer", "mallory"), ("platform-admin", "break-glass") }
        )
        {
            (await Try("development", profile, name, "1")).Says(
                $"allowed: --for {_developer} --profile developer; --for deploy-bot --profile deployer."
            );
        }
        (await Try("development", "developer", _developer, "0")).Says("allowed: a whole number from 1 to 12");
        (await Try("development", "developer", _developer, "13")).Says("allowed: a whole number from 1 to 12");
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

    [Fact]
    public async Task Kubeconfig_command_shows_the_kubectl_error_and_the_remedy()
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
            .Says("No kubeconfig is named. Set KUBECONFIG");
    }
}
