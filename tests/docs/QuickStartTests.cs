using System.Diagnostics;
using InfraCdktf.Pipeline.Sandbox;
using InfraCdktf.Tests.Structure;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>docs/quick-start.md: every command does what the page shows, in one sandbox, in the order of the page.</summary>
[Trait("Level", "real")]
public sealed class QuickStartTests(ITestOutputHelper log)
{
    [Fact]
    public async Task Tour_prints_what_the_page_shows_and_leaves_nothing()
    {
        DebianTools.Require("kubectl", "kubernetes-client");
        using var temporary = new TemporaryDirectory();
        using var copy = new TemporaryDirectory();
        RecipeTree.Copy(copy.Path);
        var environment = RecipeTree.Environment(temporary.Path);
        environment["SHELL"] = "/bin/bash";
        // No process of a build continues to run, and no socket of the runtime is left by a kill.
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["UseSharedCompilation"] = "false";
        environment["DOTNET_EnableDiagnostics"] = "0";
        var steps = Tour.Read(Page.Read("docs/quick-start.md"));
        var clock = Stopwatch.StartNew();

        var output = await BashAsync(
            // The page takes a file back with git.
            "git init -q && git add environments && git -c user.name=a -c user.email=a@example.com commit -q -m copy\n"
                + Tour.Script(steps),
            copy.Path,
            environment
        );

        log.WriteLine(FormattableString.Invariant($"{steps.Count} commands in {clock.Elapsed.TotalSeconds:f0} s\n{output}"));
        Assert.Equal("", string.Join("\n\n", Tour.Differences(steps, output)));
        Assert.False(Directory.Exists(Path.Combine(copy.Path, SandboxDirectory.Name)));
        // Nothing of the sandbox is where a real deploy would read it.
        foreach (var name in new[] { "outputs", "cdktf.out", ".pipeline" })
            Assert.False(Directory.Exists(Path.Combine(copy.Path, name)), name);
        Assert.Empty(ProcessesBelow.Of(copy.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path, "infra-cdktf-*"));
    }

    [Theory]
    [InlineData("a|b", "a|b", true)]
    [InlineData("a|b", "a", false)]
    [InlineData("a", "a|b", false)]
    [InlineData("a|…", "a", true)]
    [InlineData("a|…|d", "a|b|c|d", true)]
    [InlineData("a|…|d", "a|b|c", false)]
    [InlineData("in … s.", "in 1.2 s.", true)]
    [InlineData("in … s.", "in 1.2 s", false)]
    [InlineData("(.*)", "anything", false)]
    public void Comparison_accepts_only_what_is_left_out(string shown, string printed, bool accepted) =>
        Assert.Equal(accepted, Tour.Matches(shown.Split('|'), printed.Split('|')));

    [Fact]
    public void Differences_name_wrong_lines_failures_and_missing_steps()
    {
        var steps = Tour.Read(Page.Of("```console\n$ one\na\n$ two\n$ three\n…\n$ four\n```"));
        var output =
            "@@step 0 begins\nb\n@@step 0 ends 0\n@@step 1 begins\n@@step 1 ends 3\n@@step 2 begins\nx\n@@step 2 ends 0\n";

        Assert.Equal(
            ["$ two\nended with exit code 3\n", "$ one\nshown:\na\nprinted:\nb", "$ four\nwas not run"],
            Tour.Differences(steps, output)
        );
    }

    private static async Task<string> BashAsync(string script, string directory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash")
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return output;
    }
}
