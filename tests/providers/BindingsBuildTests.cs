using System.Diagnostics;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Providers;

/// <summary>How the C# bindings are made, in a copy of <c>providers/</c>: never in this checkout's own feed.</summary>
[Trait("Level", "real")]
public sealed class BindingsBuildTests : IDisposable
{
    private const string Hash = "0123456789abcdef";

    private readonly TemporaryDirectory _clone = new();

    public BindingsBuildTests()
    {
        foreach (var file in Inputs.Concat(["package.json", ".npmrc", "providers/Bindings.props", "providers/Bindings.targets"]))
            Copy(file);
        File.WriteAllText(
            At("Probe.proj"),
            """
            <Project>
              <Import Project="providers/Bindings.props" />
              <Import Project="providers/Bindings.targets" />
              <Target Name="Restore" />
            </Project>
            """
        );
    }

    public static readonly string[] Inputs =
    [
        "package-lock.json",
        "providers/build.mjs",
        "providers/kubernetes-resources.txt",
        "providers/linode-resources.txt",
        "providers/schemas/linode-3.13.0.schema.json",
    ];

    [Fact]
    public async Task Versions_carry_a_hash_of_every_input_and_of_nothing_else()
    {
        var before = await Property("KubernetesBindings");
        Assert.Matches("^12\\.1\\.1-local\\.[0-9a-f]{16}$", before);
        Assert.Equal(before, await Property("KubernetesBindings"));

        var seen = new HashSet<string> { before };
        foreach (var input in Inputs)
        {
            File.AppendAllText(At(input), " ");
            Assert.True(
                seen.Add(await Property("KubernetesBindings")),
                $"{input} is an input, but a change of it left the versions as they were"
            );
        }
    }

    [Fact]
    public async Task Published_packages_have_the_official_versions_and_linode_stays_local()
    {
        Assert.Equal("0.21.0", await Property("CdktfBindings", "-p:Bindings=published"));
        Assert.Matches("^3\\.13\\.0-local\\.", await Property("LinodeBindings", "-p:Bindings=published"));
    }

    [Fact]
    public async Task What_is_made_is_not_made_again()
    {
        MarkComplete();
        var (exit, output) = await Finish(StartBuild());
        Assert.Equal((0, ""), (exit, output));
    }

    [Fact]
    public async Task A_second_build_waits_for_the_first()
    {
        Directory.CreateDirectory(At("feed"));
        File.WriteAllText(At("feed/building.lock"), System.Environment.ProcessId.ToString());
        using var second = StartBuild();
        Assert.StartsWith("another build is making the C# bindings", await second.StandardOutput.ReadLineAsync());
        Assert.False(second.HasExited);

        MarkComplete();
        File.Delete(At("feed/building.lock"));
        var (exit, output) = await Finish(second);
        Assert.Equal((0, ""), (exit, output));
    }

    [Fact]
    public async Task A_lock_whose_builder_is_dead_holds_nobody_up()
    {
        using var dead = Start("node", ["--version"]);
        await Finish(dead);
        Directory.CreateDirectory(At("feed"));
        File.WriteAllText(At("feed/building.lock"), dead.Id.ToString());

        // The registry answers nobody here: a build that gets that far has taken the lock over.
        var (exit, output) = await Finish(StartBuild(NoRegistry));
        Assert.Equal(1, exit);
        Assert.Contains("Check that the npm registry is reachable", output);
        Assert.False(File.Exists(At("feed/building.lock")), "the lock is still there after a failed build");
    }

    [Fact]
    public async Task Without_npm_one_sentence_says_so()
    {
        var (exit, output) = await Finish(StartBuild(PathOf("node")));
        Assert.Equal(1, exit);
        Assert.Contains("npm was not found", output);
        Assert.Contains("install Node.js 20 or newer with npm", output);
    }

    [Fact]
    public async Task Without_node_one_sentence_says_so()
    {
        using var build = Start("dotnet", ["msbuild", "Probe.proj", "-t:Restore", "-nologo"], PathOf("dotnet", "sh"));
        var (exit, output) = await Finish(build);
        Assert.Equal(1, exit);
        Assert.Contains("error BINDINGS: Node.js was not found", output);
        Assert.Contains("install version 20 or newer", output);
    }

    [SkippableFact]
    public async Task A_resource_that_the_provider_does_not_have_is_named()
    {
        var modules = Repository.PathOf("node_modules");
        Skip.IfNot(Directory.Exists(modules), "node_modules is not there: an INFRACDKTF_FEED was used.");
        Directory.CreateSymbolicLink(At("node_modules"), modules);
        File.AppendAllText(At("providers/kubernetes-resources.txt"), "\nnamespaces_v1\n");
        var (exit, output) = await Finish(StartBuild());
        Assert.Equal(1, exit);
        Assert.Contains("@cdktf/provider-kubernetes has no resource \"namespaces_v1\"", output);
    }

    public void Dispose() => _clone.Dispose();

    private (string, string)[] NoRegistry =>
        [
            ("npm_config_cache", At("npm-cache")),
            ("npm_config_registry", "http://127.0.0.1:1/"),
            ("npm_config_fetch_retries", "0"),
            ("npm_config_prefer_online", "true"),
        ];

    private string At(string path) => Path.Combine(_clone.Path, path);

    private void Copy(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        File.Copy(Repository.PathOf(file), At(file));
    }

    private void MarkComplete()
    {
        Directory.CreateDirectory(At("feed"));
        File.WriteAllText(At($"feed/{Hash}.complete"), "");
    }

    /// <summary>A PATH on which only these commands are found.</summary>
    private (string, string)[] PathOf(params string[] commands)
    {
        Directory.CreateDirectory(At("bin"));
        foreach (var command in commands)
            File.CreateSymbolicLink(At($"bin/{command}"), DebianTools.PathOf(command)!);
        return [("PATH", At("bin"))];
    }

    private async Task<string> Property(string name, params string[] arguments)
    {
        using var evaluation = Start("dotnet", ["msbuild", "Probe.proj", $"-getProperty:{name}", .. arguments]);
        var (exit, output) = await Finish(evaluation);
        Assert.True(exit == 0, output);
        return output.Trim();
    }

    private Process StartBuild(params (string, string)[] environment) =>
        Start("node", ["providers/build.mjs", At("feed"), Hash], environment);

    private Process Start(string command, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(DebianTools.PathOf(command)!, arguments)
        {
            WorkingDirectory = _clone.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the surrounding `dotnet test` or shell says about its own build is not for this one.
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment.Remove("INFRACDKTF_FEED");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task<(int ExitCode, string Output)> Finish(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
