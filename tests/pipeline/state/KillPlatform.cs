using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// The shipped platform in sandboxes, with all stacks synthesized and only some of them deployed. Each set of stacks is deployed
/// once; a case gets a copy.
/// </summary>
internal sealed class KillPlatform : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<SandboxFixture>>> _deployed = [];

    /// <summary>The names of all stacks.</summary>
    public static IReadOnlyList<string> Stacks { get; } = [.. StackNames.Waves(Inventory.Platform).SelectMany(wave => wave)];

    /// <summary>The configuration of a stack, as it was synthesized.</summary>
    public async Task<JsonObject> ConfigurationAsync(string stack) =>
        (await OfAsync([])).Workspace.Stack(stack).Configuration.DeepClone().AsObject();

    /// <summary>A copy of a sandbox in which a case can begin: its stack is deployed, or not yet.</summary>
    public async Task<SandboxFixture> BeginAsync(string stack, KilledOperation operation)
    {
        // The environments need the outputs of core.
        string[] before = stack is StackNames.State or StackNames.Core ? [] : [StackNames.Core];
        return await (await OfAsync(operation == KilledOperation.Create ? before : [.. before, stack])).CloneAsync();
    }

    /// <summary>The workspace of a sandbox, with a value for each secret variable.</summary>
    public static Workspace WorkspaceOf(SandboxFixture sandbox)
    {
        var secrets = Stacks
            .SelectMany(stack => sandbox.Workspace.Stack(stack).Variables)
            .Where(variable => variable.Ephemeral)
            .Select(variable => KeyValuePair.Create($"TF_VAR_{variable.Name}", "a secret"));
        return sandbox.Workspace with
        {
            Environment = new Dictionary<string, string>(sandbox.Workspace.Environment.Concat(secrets)),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var deployed in _deployed.Values)
            await (await deployed.Value).DisposeAsync();
    }

    private Task<SandboxFixture> OfAsync(IReadOnlyList<string> stacks) =>
        _deployed.GetOrAdd(string.Join(' ', stacks), _ => new(() => DeployAsync(stacks))).Value;

    private async Task<SandboxFixture> DeployAsync(IReadOnlyList<string> stacks)
    {
        if (stacks.Count == 0)
        {
            var empty = await SandboxFixture.StartAsync(Inventory.Platform, new Dictionary<string, string>());
            SnapshotPlatform.Write(empty.Workspace.Output);
            return empty;
        }
        var sandbox = await (await OfAsync([.. stacks.SkipLast(1)])).CloneAsync();
        var (code, output, error) = await sandbox.RunAsync($"deploy {stacks[^1]} --yes --skip-synth", WorkspaceOf(sandbox));
        Assert.True(code == ExitCode.Done, output + error);
        return sandbox;
    }
}
