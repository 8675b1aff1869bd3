using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Providers;

/// <summary>The build of the C# bindings, in a copy of <c>providers/</c>. The feed of this checkout is not changed.</summary>
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
    public async Task Bindings_directory_is_a_hash_of_every_input()
    {
        var before = await Property("BindingsDirectory");
        Assert.Matches("/providers/\\.feed/[0-9a-f]{16}/$", before);
        Assert.Equal(before, await Property("BindingsDirectory"));

        var seen = new HashSet<string> { before };
        foreach (var input in Inputs)
        {
            File.AppendAllText(At(input), " ");
            Assert.True(
                seen.Add(await Property("BindingsDirectory")),
                $"{input}: the file changed, but the directory of the bindings did not; every input must be part of the hash."
            );
        }
    }

    /// <summary>Anyone can publish a package with a free id. None of these is looked for by its name.</summary>
    [Fact]
    public async Task Bindings_are_files_and_no_packages()
    {
        Assert.Equal(["Amazon.JSII.Runtime [1.140.0]"], await Items("PackageReference", "Version"));
        var references = await Items("Reference", "HintPath");
        var directory = await Property("BindingsDirectory");
        Assert.Equal(
            [
                "Constructs",
                "HashiCorp.Cdktf",
                "HashiCorp.Cdktf.Providers.Helm",
                "HashiCorp.Cdktf.Providers.Kubernetes",
                "HashiCorp.Cdktf.Providers.Linode",
            ],
            references.Select(reference => reference.Split(' ')[0])
        );
        Assert.All(references, reference => Assert.EndsWith($" {directory}{reference.Split(' ')[0]}.dll", reference));
    }

    [Fact]
    public async Task Published_bindings_have_exact_versions()
    {
        Assert.Equal(
            [
                "Amazon.JSII.Runtime [1.140.0]",
                "Constructs [10.4.2]",
                "HashiCorp.Cdktf [0.21.0]",
                "HashiCorp.Cdktf.Providers.Helm [12.1.2]",
                "HashiCorp.Cdktf.Providers.Kubernetes [12.1.1]",
            ],
            await Items("PackageReference", "Version", "-p:Bindings=published")
        );
        Assert.Single(await Items("Reference", "HintPath", "-p:Bindings=published"));
    }

    [Fact]
    public async Task Bindings_build_does_nothing_when_it_is_complete()
    {
        MarkComplete();
        var (exit, output) = await Finish(StartBuild());
        Assert.Equal((0, ""), (exit, output));
    }

    [Fact]
    public async Task Bindings_build_waits_for_a_running_build()
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

    /// <summary><c>dotnet run</c> builds quietly, and its output may be a pipe.</summary>
    [Fact]
    public async Task Bindings_build_reports_progress_in_a_quiet_build()
    {
        Directory.CreateDirectory(At("providers/.feed"));
        var running = At("providers/.feed/building.lock");
        File.WriteAllText(running, System.Environment.ProcessId.ToString());
        using var build = Start("dotnet", ["msbuild", "Probe.proj", "-t:Restore", "-nologo", "-v:quiet"]);
        Assert.StartsWith("another build is making the C# bindings", await build.StandardError.ReadLineAsync());

        File.WriteAllText(At($"providers/.feed/{await Property("BindingsHash")}.complete"), "");
        File.Delete(running);
        var (exit, output) = await Finish(build);
        Assert.Equal((0, ""), (exit, output));
    }

    [Fact]
    public async Task Bindings_build_reports_progress_into_a_file()
    {
        using var build = Start("sh", ["-c", "dotnet msbuild Probe.proj -t:Restore -nologo >log 2>&1"], NoRegistry);
        await Finish(build);
        var log = await File.ReadAllTextAsync(At("log"));
        Assert.Contains("C# bindings: made once", log);
        Assert.Contains("Check that the npm registry is reachable", log);
    }

    [Fact]
    public async Task Bindings_build_takes_over_the_lock_of_an_ended_process()
    {
        using var ended = Start("node", ["--version"]);
        await Finish(ended);
        Directory.CreateDirectory(At("feed"));
        File.WriteAllText(At("feed/building.lock"), ended.Id.ToString());

        // The registry address does not answer. A build that reports this has taken over the lock.
        var (exit, output) = await Finish(StartBuild(NoRegistry));
        Assert.Equal(1, exit);
        Assert.Contains("Check that the npm registry is reachable", output);
        Assert.False(File.Exists(At("feed/building.lock")), "feed/building.lock: still exists after a failed build.");
    }

    [Fact]
    public async Task Bindings_build_names_npm_when_it_is_missing()
    {
        var (exit, output) = await Finish(StartBuild(PathOf("node")));
        Assert.Equal(1, exit);
        Assert.Contains("npm was not found", output);
        Assert.Contains("install Node.js 20 or newer with npm", output);
    }

    [Fact]
    public async Task Bindings_build_names_Node_when_it_is_missing()
    {
        using var build = Start("dotnet", ["msbuild", "Probe.proj", "-t:Restore", "-nologo"], PathOf("dotnet", "sh"));
        var (exit, output) = await Finish(build);
        Assert.Equal(1, exit);
        Assert.Contains("error BINDINGS: Node.js was not found", output);
        Assert.Contains("install version 20 or newer", output);
    }

    [Fact]
    public async Task Bindings_build_names_an_unknown_resource()
    {
        var modules = Repository.PathOf("node_modules");
        Assert.SkipUnless(Directory.Exists(modules), "node_modules: not found, because the bindings came from INFRACDKTF_FEED.");
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

    /// <summary>A PATH with only these commands.</summary>
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

    private async Task<IReadOnlyList<string>> Items(string kind, string metadata, params string[] arguments)
    {
        using var evaluation = Start("dotnet", ["msbuild", "Probe.proj", $"-getItem:{kind}", .. arguments]);
        var (exit, output) = await Finish(evaluation);
        Assert.True(exit == 0, output);
        return
        [
            .. JsonNode.Parse(output)!["Items"]![kind]!
                .AsArray()
                .Select(item => $"{item!["Identity"]} {item[metadata]}")
                .Order(StringComparer.Ordinal),
        ];
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
        // Removes the build settings of the surrounding `dotnet test` or shell.
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment.Remove("INFRACDKTF_FEED");
        // The SDK leaves empty directories.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(At("temporary")).FullName;
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
