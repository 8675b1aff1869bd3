using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary><c>access list</c> prints who can do what.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class AccessListTests(SynthesizedPlatform platform)
{
    [Fact]
    public async Task The_table_says_in_words_who_can_do_what()
    {
        var (code, output, _) = await RunAsync("access", "list", "--skip-synth");

        Assert.Equal(ExitCode.Done, code);
        foreach (EnvironmentSpec environment in Inventory.Platform.Environments)
        foreach (var grant in environment.Access)
            Assert.Matches(
                $@"(?m)^│ {environment.Name} +│ {environment.AccessNamespace}/{grant.Name} +│ profile-{grant.Profile.ToString().ToLowerInvariant()} +│ yes",
                output
            );
        // In, Account, Role, See, Deploy, Restart, Exec, Secrets, Walls, Grants, Tokens.
        Assert.Matches(
            @"(?m)^│ everywhere +│ system-access/break-glass +│ profile-platform-admin +│ yes +│ yes +│ yes +│ yes +│ yes +│ yes +│ yes +│ yes +│$",
            output
        );
        Assert.Matches(@"(?m)^│ system-access +│ .*renew-apply-production +│ - .*│ - +│ own +│$", output);
    }

    [Fact]
    public async Task For_one_environment_it_names_no_namespace_of_another()
    {
        var (_, output, _) = await RunAsync("access", "list", "--skip-synth", "--environment", "staging", "--json");

        var entries = JsonNode.Parse(output)!["entries"]!.AsArray().Select(entry => entry!.AsObject()).ToList();
        Assert.Equal(
            [null, "staging", "staging-access"],
            entries.Select(entry => (string?)entry["namespace"]).Distinct().Order(StringComparer.Ordinal)
        );
        var operations = entries.Single(entry =>
            (string?)entry["namespace"] == "staging"
            && (string?)entry["account"] == "system:serviceaccount:staging-access:richard-roe"
        );
        Assert.Contains("pods/exec", operations["rules"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_that_is_not_there_is_refused_with_those_that_are()
    {
        var (code, output, error) = await RunAsync("access", "list", "--environment", "prod");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains("The environments are system, development, staging, production.", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var workspace = new Workspace
        {
            Platform = Inventory.Platform,
            Synthesize = (_, _) => throw new InvalidOperationException("It lies there already."),
            Directory = "/nowhere",
            Output = platform.Shipped.Folder,
            Environment = new Dictionary<string, string>(),
        };
        var code = await CommandLine.RunAsync(arguments, () => workspace, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
