using Constructs;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Namespaces;

/// <summary>Input of <see cref="AgentsNamespace"/>.</summary>
public sealed record AgentsNamespaceProps
{
    /// <summary>The namespace's name.</summary>
    public required string Name { get; init; }

    /// <summary>The sums that all of its pods may request.</summary>
    public required Quota Quota { get; init; }

    /// <summary>The requests and limits of a container that sets none.</summary>
    public required ContainerDefaults Containers { get; init; }

    /// <summary>The namespace of the system environment's accounts.</summary>
    public required string Accounts { get; init; }

    /// <summary>Labels of the namespace and of every object in it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>
/// The namespace of agents that need the node itself, such as the node exporter: they cannot run under <c>restricted</c>. Its
/// quota allows pods of DaemonSets only.
/// </summary>
public sealed class AgentsNamespace : EnvironmentNamespace
{
    private static readonly Dictionary<string, int> s_daemonSetsOnly = new()
    {
        ["count/deployments.apps"] = 0,
        ["count/statefulsets.apps"] = 0,
        ["count/jobs.batch"] = 0,
        ["count/cronjobs.batch"] = 0,
    };

    /// <summary>Creates the namespace.</summary>
    public AgentsNamespace(Construct scope, string id, AgentsNamespaceProps props)
        : base(
            scope,
            id,
            new()
            {
                Name = props.Name,
                Labels = props.Labels,
                Purpose = "Agents that need the node: DaemonSets of the platform only.",
                PodSecurity = PodSecurityLevel.Privileged,
                Quota = props.Quota,
                Containers = props.Containers,
                Counts = s_daemonSetsOnly,
                // Its pods use the node's network, which no network policy limits. So they need no rule.
                AllowRules = AllowRules.None,
                Accounts = props.Accounts,
            }
        ) { }
}
