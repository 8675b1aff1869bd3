using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary><c>access list</c> prints the rights of every account.</summary>
[Trait("Level", "synthesized")]
public sealed class AccessListTests(SynthesizedPlatform platform)
{
    [Fact]
    public async Task Access_list_shows_every_account_and_its_rights()
    {
        var (code, output, _) = await RunAsync("access", "list", "--skip-synth");

        Assert.Equal(ExitCode.Done, code);
        foreach (var environment in Inventory.Platform.Environments)
        foreach (var grant in environment.Access)
            Assert.Matches(
                $@"(?m)^│ {environment.Name} +│ {environment.AccessNamespace}/{grant.Name} "
                    + $@"+│ profile-{grant.Profile.ToString().ToLowerInvariant()} +│ yes",
                output
            );
        // The first three columns are the scope, the account and the role; the other columns are rights.
        Assert.Matches(
            @"(?m)^│ everywhere +│ system-access/break-glass +│ profile-platform-admin "
                + @"+│ yes +│ yes +│ yes +│ yes +│ yes +│ yes +│ yes +│ yes +│$",
            output
        );
        Assert.Matches(@"(?m)^│ system-access +│ .*renew-apply-production +│ - .*│ - +│ own +│$", output);
    }

    [Fact]
    public async Task Access_list_of_one_environment_omits_other_namespaces()
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
    public async Task Access_list_names_the_environments_if_one_is_unknown()
    {
        var (code, output, error) = await RunAsync("access", "list", "--environment", "prod");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains(
            "--environment: given prod; allowed: system, development, staging, production",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Access_list_synthesizes_outside_of_the_output()
    {
        using var output = new TemporaryDirectory();
        var core = Directory.CreateDirectory(Path.Combine(output.Path, "stacks", "core")).FullName;
        var applied = Path.Combine(core, "cdk.tf.json");
        await File.WriteAllTextAsync(applied, "about to be applied");
        var synthesized = "";

        var (code, text, error) = await RunAsync(
            workspace =>
                workspace with
                {
                    Output = output.Path,
                    Synthesize = (_, directory) => Copy(platform.Shipped.Folder, synthesized = directory),
                },
            "access",
            "list"
        );

        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("profile-platform-admin", text, StringComparison.Ordinal);
        Assert.Equal("about to be applied", await File.ReadAllTextAsync(applied));
        Assert.False(Directory.Exists(synthesized));
    }

    private static void Copy(string from, string to)
    {
        foreach (var stack in Directory.EnumerateFiles(from, "cdk.tf.json", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, stack));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(stack, copy);
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Access_list_loses_nothing_on_a_narrow_terminal(int width)
    {
        var output = new StringWriter();
        var workspace = Shipped();
        var code = await CommandLine.RunAsync(
            ["access", "list", "--skip-synth", "--environment", "staging"],
            () => workspace,
            output,
            TextWriter.Null,
            width: width
        );

        Assert.Equal(ExitCode.Done, code);
        Assert.DoesNotContain("…", $"{output}", StringComparison.Ordinal);
        Golden.Match($"{output}", "tests", "snapshots", "screens", $"access-list-{width}.txt");
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunAsync(workspace => workspace, arguments);

    private async Task<(int Code, string Output, string Error)> RunAsync(
        Func<Workspace, Workspace> change,
        params string[] arguments
    )
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var workspace = change(Shipped());
        var code = await CommandLine.RunAsync(arguments, () => workspace, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private Workspace Shipped() =>
        new()
        {
            Platform = Inventory.Platform,
            Synthesize = (_, _) => throw new InvalidOperationException("Synthesis is not expected in this test."),
            Directory = "/nowhere",
            Output = platform.Shipped.Folder,
            Environment = new Dictionary<string, string> { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")! },
        };
}
