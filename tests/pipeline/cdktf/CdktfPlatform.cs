using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cdktf;

/// <summary>
/// Stacks in a sandbox, in a directory from which cdktf-cli can run: the repository's cdktf.json and node_modules.
/// </summary>
internal sealed class CdktfPlatform : IAsyncDisposable
{
    private CdktfPlatform(SandboxFixture sandbox) => Sandbox = sandbox;

    public SandboxFixture Sandbox { get; }

    /// <summary>The stacks, in their order.</summary>
    public IReadOnlyList<string> Stacks => [.. StackNames.Waves(Sandbox.Platform).SelectMany(wave => wave)];

    /// <summary>The synthesized stacks, and all secrets that they need.</summary>
    public Workspace Workspace
    {
        get
        {
            var environment = new Dictionary<string, string>(Sandbox.Workspace.Environment);
            foreach (var secret in Inventory.Platform.System.Secrets)
            foreach (var key in secret.Keys)
                environment[$"TF_VAR_{secret.Name}_{key}".Replace('-', '_')] = "correct horse";
            return Sandbox.Workspace with { Environment = environment };
        }
    }

    /// <summary>The few stacks of the small platform.</summary>
    public static Task<CdktfPlatform> StartAsync() =>
        StartAsync(
            SmallPlatform.Platform,
            output =>
            {
                SmallPlatform.Synthesize(
                    SmallPlatform.Platform,
                    output,
                    (stack, configuration) => configuration["//"] = Metadata(stack)
                );
                File.WriteAllText(Path.Combine(output, "manifest.json"), Manifest(SmallPlatform.Platform).ToJsonString());
            }
        );

    /// <summary>The shipped stacks.</summary>
    public static Task<CdktfPlatform> StartAsync(SynthesizedPlatform synthesized) =>
        StartAsync(Inventory.Platform, output => synthesized.CopyTo(Inventory.Platform, output));

    /// <summary>Runs a command of cdktf-cli through the program.</summary>
    public async Task<ChildResult> RunAsync(string arguments)
    {
        using var run = Start(arguments);
        return await run.EndAsync();
    }

    /// <summary>Starts a command of cdktf-cli through the program.</summary>
    public ProgramProcess Start(string arguments) => ProgramProcess.Start($"cdktf {arguments} --skip-synth", Workspace);

    public async ValueTask DisposeAsync()
    {
        // The link, not what it points to.
        Directory.Delete(Path.Combine(Sandbox.Directory, "node_modules"));
        await Sandbox.DisposeAsync();
    }

    private static async Task<CdktfPlatform> StartAsync(PlatformSpec platform, Action<string> synthesize)
    {
        var sandbox = await SandboxFixture.StartAsync();
        sandbox.Platform = platform;
        synthesize(sandbox.Workspace.Output);
        File.Copy(Repository.PathOf("cdktf.json"), Path.Combine(sandbox.Directory, "cdktf.json"));
        Directory.CreateSymbolicLink(Path.Combine(sandbox.Directory, "node_modules"), Repository.PathOf("node_modules"));
        return new(sandbox);
    }

    private static JsonObject Metadata(string stack) =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["backend"] = "s3",
                ["stackName"] = stack,
                ["version"] = "0.21.0",
            },
            ["outputs"] = new JsonObject(),
        };

    // As the synthesis of CDKTF writes it (StackRulesTests checks that one).
    private static JsonObject Manifest(PlatformSpec platform)
    {
        var waves = StackNames.Waves(platform);
        var stacks = new JsonObject();
        foreach (var (wave, before) in waves.Zip(waves.Prepend([])))
        foreach (var stack in wave)
            stacks[stack] = new JsonObject
            {
                ["annotations"] = new JsonArray(),
                ["constructPath"] = stack,
                ["dependencies"] = new JsonArray([.. before.Select(name => (JsonNode)name)]),
                ["name"] = stack,
                ["stackMetadataPath"] = $"stacks/{stack}/metadata.json",
                ["synthesizedStackPath"] = $"stacks/{stack}/cdk.tf.json",
                ["workingDirectory"] = $"stacks/{stack}",
            };
        return new() { ["stacks"] = stacks, ["version"] = "0.21.0" };
    }
}
