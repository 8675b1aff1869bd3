using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Naming;

/// <summary>
/// The stacks and the order of their applies. Stack names are a contract: state keys, workflows and docs use them.
/// </summary>
public static class StackNames
{
    /// <summary>The stack of the live-state bucket and its keys.</summary>
    public const string State = "state";

    /// <summary>The stack of the resources at Linode.</summary>
    public const string Core = "core";

    /// <summary>
    /// The description of a variable whose value is an output of core, in every synthesized and archived configuration. Its
    /// default is a placeholder, which must not be applied.
    /// </summary>
    public const string CoreOutput =
        "Output of core, carried over by the pipeline (outputs/core.json). The default is a placeholder.";

    /// <summary>
    /// The waves of an apply: a wave starts after the wave before it, and the stacks of one wave run in parallel. A destroy uses
    /// the reverse order.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> Waves(PlatformSpec platform) =>
        [
            [State],
            [Core],
            [platform.System.Name.Text],
            [.. platform.Applications.Select(environment => environment.Name.Text)],
        ];
}
