using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// One workload of a shared service, as its chart creates it. A test compares every number here with the chart's values at
/// <see cref="Values"/>.
/// </summary>
public sealed record ServiceWorkload
{
    /// <summary>Its name in messages ("cert-manager webhook").</summary>
    public required string Name { get; init; }

    /// <summary>The object that creates its pods.</summary>
    public WorkloadKind Kind { get; init; } = WorkloadKind.Deployment;

    /// <summary>True for the pods of a Helm hook, which end.</summary>
    public bool IsHook { get; init; }

    /// <summary>The number of its pods.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The minAvailable of its disruption budget; null for no budget, which is right for one pod only.</summary>
    public int? MinAvailable => Replicas > 1 ? 1 : null;

    /// <summary>The resources of its main container.</summary>
    public required ContainerResources Resources { get; init; }

    /// <summary>The resources of the other containers of each pod.</summary>
    public IReadOnlyList<ContainerResources> Sidecars { get; init; } = [];

    /// <summary>The paths in the values that set the numbers of this record.</summary>
    public required ValuePaths Values { get; init; }

    /// <summary>The workload as plain data, for the capacity check.</summary>
    /// <param name="service">The name of its service.</param>
    public Workload Plain(ServiceName service) =>
        new()
        {
            Service = service.Text,
            Name = Name,
            Kind = Kind,
            Replicas = Replicas,
            Requests = new(Sum(one => one.RequestCpu), Sum(one => one.RequestMemory)),
            Limits = new(Sum(one => one.LimitCpu), Sum(one => one.LimitMemory)),
        };

    private Quantity Sum(Func<ContainerResources, Quantity> amount) =>
        new(Sidecars.Prepend(Resources).Sum(one => amount(one).Value).ToString(CultureInfo.InvariantCulture));
}

/// <summary>Paths in the values of a chart, separated by dots; "" is the root.</summary>
/// <param name="Placement">nodeSelector, tolerations and topologySpreadConstraints.</param>
public sealed record ValuePaths(string Placement)
{
    /// <summary>The number of replicas; null where the chart's own default of 1 applies.</summary>
    public string? Replicas { get; init; }

    /// <summary>The resources of the main container.</summary>
    public required string Resources { get; init; }

    /// <summary>The resources of the other containers.</summary>
    public IReadOnlyList<string> Sidecars { get; init; } = [];

    /// <summary>The disruption budget; null for none.</summary>
    public string? Budget { get; init; }

    /// <summary>The object that the paths start at; null for the values of the service.</summary>
    public JsonObject? Root { get; init; }

    /// <summary>The usual paths of a chart: everything below one key.</summary>
    /// <param name="key">The key; "" for the root of the values.</param>
    /// <param name="replicas">The key of the replicas.</param>
    public static ValuePaths Below(string key, string? replicas = "replicas")
    {
        var prefix = key.Length == 0 ? "" : $"{key}.";
        return new(key)
        {
            Replicas = replicas is null ? null : prefix + replicas,
            Resources = $"{prefix}resources",
            Budget = $"{prefix}podDisruptionBudget",
        };
    }
}
