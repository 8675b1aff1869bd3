using System.Security.Cryptography;
using System.Text;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>Workspaces in which each stack has its own state key.</summary>
internal static class KeyedWorkspace
{
    /// <summary>The workspace of a sandbox with a key for each stack.</summary>
    /// <param name="store">The sandbox.</param>
    /// <param name="more">Further variables; they have priority.</param>
    public static Workspace Of(SandboxFixture store, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>(store.Workspace.Environment);
        foreach (var stack in StackNames.Waves(store.Platform).SelectMany(wave => wave))
            environment[StateKeys.VariableOf(stack)] = KeyOf(stack);
        foreach (var (name, value) in more)
            environment[name] = value;
        return store.Workspace with { Environment = environment };
    }

    /// <summary>The buckets of the state, opened with the keys of a workspace.</summary>
    public static StateBuckets Buckets(Workspace workspace) => StateBuckets.Open(workspace.Platform, workspace.Environment);

    /// <summary>Writes a text, encrypted with a key.</summary>
    public static Task PutAsync(Bucket bucket, string key, StateKey stateKey, string text) =>
        bucket.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), stateKey, new(), default);

    private static string KeyOf(string stack) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"key of {stack}")));
}
