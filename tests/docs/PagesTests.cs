using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>
/// Tests that the commands in the pages about access, overrides and maintenance work: a shell runs each block, in order, against
/// the shipped stacks in the sandbox. A block that needs a real cloud has a marker in its first line and is not run.
/// </summary>
[Trait("Level", "real")]
public sealed partial class PagesTests(SynthesizedPlatform synthesized, ITestOutputHelper log)
{
    private const string LiveOnly = "# live-only: ";

    /// <summary>Programs and calls that the sandbox does not serve. Only a block with one of them may be live-only.</summary>
    private static readonly string[] _needsACloud =
    [
        "linode-cli",
        "api.linode.com",
        "$API",
        "githubstatus.com",
        "validatingadmissionpolic",
        "age ",
        "deploy system",
        "--collect",
    ];

    private static readonly string[] _pages =
    [
        "docs/access.md",
        "docs/network-overrides.md",
        "docs/runbooks/node-maintenance.md",
        "docs/runbooks/access-loss.md",
    ];

    public static TheoryData<string> Pages => [.. _pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void LiveOnly_blocks_are_those_that_need_a_cloud(string page)
    {
        var live = Blocks(page).Where(block => block.StartsWith(LiveOnly, StringComparison.Ordinal)).ToList();
        Assert.All(live, block => Assert.Contains(_needsACloud, needed => block.Contains(needed, StringComparison.Ordinal)));
        Assert.All(
            Blocks(page).Except(live),
            block => Assert.DoesNotContain(_needsACloud, needed => block.Contains(needed, StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Override_page_proposes_the_override_of_the_tests()
    {
        var shown = Page.Read("docs/network-overrides.md").Blocks.Single(block => block.Language == "csharp").Text;
        var approved = Space()
            .Replace(shown, "")
            .Replace("Approvers=[]", "Approvers=[\"grace\",\"linus\"]", StringComparison.Ordinal);
        var used = Space().Replace(File.ReadAllText(Repository.PathOf("tests/support/SampleOverrides.cs")), "");
        Assert.Contains(approved, used, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_commands_run_unchanged_in_the_sandbox()
    {
        DebianTools.Require("kubectl", "kubernetes-client");
        await using var fixture = await DeployedPlatform.CloneAsync(synthesized);
        var environment = new Dictionary<string, string>(DeployedPlatform.WorkspaceOf(fixture).Environment) { ["USER"] = "jane" };
        await File.WriteAllTextAsync(Path.Combine(fixture.Directory, "audit.log"), "");

        foreach (var page in _pages)
        {
            // One shell runs a whole page: a variable that one block sets is available in the next.
            var script = string.Join('\n', Blocks(page).Where(block => !block.StartsWith(LiveOnly, StringComparison.Ordinal)));
            var ran = await ChildProcess.RunAsync(
                "bash",
                ["-c", $"{Preamble}\n{script}"],
                fixture.Directory,
                environment,
                log.WriteLine,
                default
            );
            Assert.True(ran.ExitCode == 0, $"{page}: exit code {ran.ExitCode}\n{ran.Output}{ran.Error}");
            Assert.DoesNotContain("could not be written to the archive bucket", ran.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>The script stops at the first failure, prints each command, and runs this build without a new build.</summary>
    private static string Preamble =>
        $$"""
            set -euxo pipefail
            dotnet() {
              if [ "${1-}" = run ]; then
                shift 2
                command dotnet "{{typeof(PlatformApp).Assembly.Location}}" "$@"
              else
                command dotnet "$@"
              fi
            }
            """;

    private static IReadOnlyList<string> Blocks(string page) =>
        [
            .. Page.Read(page)
                .Blocks.Where(block => block.Language == "sh")
                .Select(block => Indent().Replace(block.Text, "").TrimStart()),
        ];

    [GeneratedRegex(@"\s")]
    private static partial Regex Space();

    // A block in a list is indented like the list.
    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
