using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// Objects that a plan without differences leaves in the state although they do not exist: their delete had its effect, and
/// Terraform was killed or stopped before it noticed. The plan reads that they are gone, has nothing to change, and would not be
/// applied. Applied, it writes the state without them (measured, 1.11.4).
/// </summary>
public static class GoneObjects
{
    /// <summary>The addresses of such objects, if the plan of a stack has no differences.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="configuration">Its configuration; null if it is destroyed.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public static async Task<IReadOnlyList<string>> LookAsync(
        Workspace workspace,
        string stack,
        JsonObject? configuration,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        return Of(
            LiveState.TryParse(await LiveState.Of(buckets, workspace.Platform, stack).ReadAsync(cancellation)),
            configuration
        );
    }

    /// <summary>The objects of a state that no apply keeps: the deposed ones, and those that the configuration lacks.</summary>
    internal static IReadOnlyList<string> Of(StateFile? state, JsonObject? configuration) =>
        [
            .. (state?.Objects ?? [])
                .Where(item => item.Deposed is not null || !IsWanted(item, configuration))
                .Select(item => item.Address),
        ];

    // The configuration has no modules. An address with a key ("type.name[0]") is configured under its name.
    private static bool IsWanted(StateObject item, JsonObject? configuration) =>
        item.Instance.Split('[')[0].Split('.') is not [var type, var name]
            ? configuration is not null
            : configuration?["resource"]?[type]?[name] is not null;
}
