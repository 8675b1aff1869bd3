using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// The shipped platform in a sandbox, as it was deployed once in this process. A test gets a copy, or plans against the original,
/// which changes nothing.
/// </summary>
internal static class DeployedPlatform
{
    private static readonly Lock s_lock = new();
    private static Task<SandboxFixture>? s_deployed;

    /// <summary>The names of all stacks.</summary>
    public static IReadOnlyList<string> Stacks { get; } = [.. StackNames.Waves(Inventory.Platform).SelectMany(wave => wave)];

    /// <summary>The deployed sandbox, for commands that only read. Do not dispose it.</summary>
    public static Task<SandboxFixture> ForReadingAsync(SynthesizedPlatform synthesized)
    {
        lock (s_lock)
            return s_deployed ??= Task.Run(() => DeployAsync(synthesized));
    }

    /// <summary>A copy of it.</summary>
    /// <param name="synthesized">Has the stacks.</param>
    /// <param name="admission">Decides about the writes through the API server of the copy; null to accept all.</param>
    public static async Task<SandboxFixture> CloneAsync(
        SynthesizedPlatform synthesized,
        Func<AdmissionReview, AdmissionVerdict>? admission = null
    ) => await (await ForReadingAsync(synthesized)).CloneAsync(admission);

    /// <summary>The workspace of a sandbox, with a value for each secret variable, and without a synthesis.</summary>
    public static Workspace WorkspaceOf(SandboxFixture sandbox)
    {
        var secrets = Stacks
            .SelectMany(stack => sandbox.Workspace.Stack(stack).Variables)
            .Where(variable => variable.Ephemeral)
            .Select(variable => KeyValuePair.Create($"TF_VAR_{variable.Name}", "planted-by-the-test"));
        return sandbox.Workspace with
        {
            Synthesize = (_, _) => throw new InvalidOperationException("The stacks are there already: --skip-synth."),
            Environment = new Dictionary<string, string>(sandbox.Workspace.Environment.Concat(secrets)),
        };
    }

    private static async Task<SandboxFixture> DeployAsync(SynthesizedPlatform synthesized)
    {
        var sandbox = await SandboxFixture.StartAsync(Inventory.Platform, new Dictionary<string, string>());
        TestRun.AtEnd(sandbox);
        synthesized.CopyTo(Inventory.Platform, sandbox.Workspace.Output);
        var (code, output, error) = await sandbox.RunAsync("deploy --yes --skip-synth", WorkspaceOf(sandbox));
        Assert.True(code == ExitCode.Done, output + error);
        return sandbox;
    }
}
