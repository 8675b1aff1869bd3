using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Naming;

/// <summary>The stacks and the order in which they are applied. Stack names are a contract: state keys, workflows and docs use them.</summary>
public static class StackNames
{
    /// <summary>The stack of the live-state bucket and its keys.</summary>
    public const string State = "state";

    /// <summary>The stack of everything that is bought from Linode.</summary>
    public const string Core = "core";

    /// <summary>
    /// The waves of an apply: a wave starts when the one before is done, the stacks of one wave run side by side. Destroy goes the other way.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> Waves(PlatformSpec platform) =>
        [
            [State],
            [Core],
            [platform.System.Name.Text],
            [.. platform.Applications.Select(environment => environment.Name.Text)],
        ];
}
