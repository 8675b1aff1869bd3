using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Tests.Docs;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Structure;

/// <summary>A copy of the tree with every recipe of CONTRIBUTING.md applied, built and synthesized once.</summary>
public sealed class RecipeFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>What the build and the synthesis wrote.</summary>
    public string Log { get; private set; } = "";

    internal IReadOnlyList<Recipe> Recipes { get; } = Recipe.Read(File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")));

    /// <summary>The synthesized JSON of a stack.</summary>
    public JsonObject Stack(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_directory.Path, "cdktf.out", "stacks", name, "cdk.tf.json")))!.AsObject();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        RecipeTree.Copy(_directory.Path);
        foreach (var recipe in Recipes)
            recipe.Apply(_directory.Path);
        Log = await RecipeTree.BuildAndSynthesizeAsync(_directory.Path);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// Each recipe of CONTRIBUTING.md is applied to a copy of the tree, which then builds and synthesizes. Normally all recipes are
/// in one copy; with LONG_TESTS=1 each also has a copy of its own, whose tests are built as well.
/// </summary>
[Trait("Level", "real")]
public sealed class RecipeTests(RecipeFixture fixture, ITestOutputHelper output) : IClassFixture<RecipeFixture>
{
    private static readonly string[] s_kinds =
    [
        "environment",
        "shared service",
        "alert",
        "dashboard panel",
        "network override",
        "bucket",
        "outside destination",
    ];

    [Fact]
    public void Recipes_are_those_of_the_page() => Assert.Equal(s_kinds, fixture.Recipes.Select(recipe => recipe.Kind));

    [Theory]
    [InlineData("environment")]
    [InlineData("shared service")]
    public void Addition_is_one_new_file_and_one_line(string kind)
    {
        var steps = Of(kind).Steps;
        Assert.Single(steps, step => step.IsNewFile);
        var line = Assert.Single(steps, step => !step.IsNewFile);
        Assert.Single(line.Text.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("alert", 3)]
    [InlineData("dashboard panel", 1)]
    [InlineData("network override", 1)]
    [InlineData("bucket", 1)]
    [InlineData("outside destination", 1)]
    public void Addition_changes_only_the_listed_files(string kind, int files)
    {
        Assert.Equal(files, Of(kind).Steps.Count);
        Assert.DoesNotContain(Of(kind).Steps, step => step.IsNewFile);
    }

    [Fact]
    public void Environment_recipe_adds_a_stack_with_its_namespace()
    {
        output.WriteLine(fixture.Log);
        Assert.Equal(
            "preview",
            Resource("preview", "kubernetes_namespace_v1", "main_namespace")["metadata"]!["name"]!.GetValue<string>()
        );
    }

    [Fact]
    public void Shared_service_recipe_adds_its_release() =>
        Assert.Equal("2.2.16", Resource("system", "helm_release", "reloader_release")["version"]!.GetValue<string>());

    [Fact]
    public void Alert_recipe_adds_the_alert_to_every_environment() =>
        Assert.All(
            new[] { "development", "staging", "production", "system" },
            stack =>
                Assert.Contains(
                    "HalfOfPodsNotReady",
                    Resource(stack, "helm_release", "observability_alerts_release").ToJsonString()
                )
        );

    [Fact]
    public void Panel_recipe_adds_the_panel_to_every_overview() =>
        Assert.Contains(
            "Ingress latency (p99), long term",
            Resource("staging", "kubernetes_config_map_v1", "observability_dashboard-overview").ToJsonString()
        );

    [Fact]
    public void Override_recipe_adds_a_policy_at_both_ends()
    {
        _ = Resource("development", "kubernetes_network_policy_v1", "main_segment_allow-override-report-import-egress");
        _ = Resource("staging", "kubernetes_network_policy_v1", "main_segment_allow-override-report-import-ingress");
    }

    [Fact]
    public void Bucket_recipe_adds_the_bucket() =>
        _ = Resource("core", "linode_object_storage_bucket", "staging-buckets_reports");

    [Fact]
    public void Destination_recipe_adds_the_egress_policy() =>
        _ = Resource("staging", "kubernetes_network_policy_v1", "main_segment_allow-users-to-payments");

    [Fact]
    public async Task Recipe_alone_builds_with_tests_and_synthesizes()
    {
        Assert.SkipUnless(
            System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1",
            "One build per recipe: set LONG_TESTS=1."
        );
        foreach (var recipe in fixture.Recipes)
        {
            using var copy = new TemporaryDirectory();
            RecipeTree.Copy(copy.Path);
            recipe.Apply(copy.Path);
            output.WriteLine($"{recipe.Kind}:\n{await RecipeTree.BuildAndSynthesizeAsync(copy.Path, withTests: true)}");
        }
    }

    [Theory]
    [InlineData("insert after the line that begins with `b`", "a\nb\nX\nc\n")]
    [InlineData("insert before the line that begins with `b`", "a\nX\nb\nc\n")]
    [InlineData("insert before the two lines of which the second begins with `c`", "a\nX\nb\nc\n")]
    [InlineData("insert before the three lines of which the third begins with `c`", "X\na\nb\nc\n")]
    [InlineData("replace the line that begins with `b`", "a\nX\nc\n")]
    [InlineData("replace the line that begins with `d`", null)]
    [InlineData("replace the two lines of which the second begins with `b`", null)]
    [InlineData("somewhere", null)]
    public void Recipe_step_changes_the_named_place_only(string change, string? expected)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("file", "a\nb\nc\n");
        var step = new RecipeStep("file", change, "X\n");
        if (expected is null)
            Assert.Throws<FormatException>(() => step.Apply(file, "test"));
        else
            step.Apply(file, "test");
        Assert.Equal(expected ?? "a\nb\nc\n", File.ReadAllText(file));
    }

    private Recipe Of(string kind) => fixture.Recipes.Single(recipe => recipe.Kind == kind);

    private JsonNode Resource(string stack, string type, string name) =>
        fixture.Stack(stack)["resource"]?[type]?[name]
        ?? throw new KeyNotFoundException($"{stack} has no {type}.{name}. The build and the synthesis wrote:\n{fixture.Log}");
}

/// <summary>Copies of the repository that are built and synthesized.</summary>
internal static class RecipeTree
{
    /// <summary>Copies the checked-in files.</summary>
    public static void Copy(string directory)
    {
        foreach (var file in RepositoryFiles.All)
        {
            var target = Path.Combine(directory, RepositoryFiles.Relative(file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Builds the program (and its tests) and synthesizes; returns the output of both.</summary>
    public static async Task<string> BuildAndSynthesizeAsync(string directory, bool withTests = false)
    {
        var project = withTests ? "tests/InfraCdktf.Tests.csproj" : "InfraCdktf.csproj";
        // No process of the build continues to run.
        string[] alone = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];
        var build = await RunAsync(directory, "dotnet", ["build", project, "-v", "quiet", "--nologo", .. alone]);
        var synth = await RunAsync(directory, "dotnet", Path.Combine("bin", "Debug", "net10.0", "InfraCdktf.dll"), "synth");
        return build + synth;
    }

    /// <summary>The environment of a build in a copy.</summary>
    /// <param name="temporary">The directory for temporary files; the SDK leaves empty directories there.</param>
    public static Dictionary<string, string> Environment(string temporary)
    {
        var environment = System
            .Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
        environment["TMPDIR"] = temporary;
        // The copy shares the bindings of this checkout.
        environment["INFRACDKTF_FEED"] = environment.GetValueOrDefault("INFRACDKTF_FEED") is { Length: > 0 } feed
            ? feed
            : Repository.PathOf("providers", ".feed");
        // Set by `dotnet test` for this process.
        foreach (
            var name in environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()
        )
            environment.Remove(name);
        return environment;
    }

    private static async Task<string> RunAsync(string directory, string program, params string[] arguments)
    {
        // The SDK leaves empty directories.
        using var temporary = new TemporaryDirectory();
        var environment = Environment(temporary.Path);
        var result = await ChildProcess.RunAsync(program, arguments, directory, environment, line: null, CancellationToken.None);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
        return result.Output + result.Error;
    }
}
