using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;

namespace InfraCdktf.Pipeline.Validate;

/// <summary>The needed and the available amount of a resource.</summary>
/// <param name="Needed">The amount that the pods need.</param>
/// <param name="Available">The amount that the quota allows.</param>
public sealed record Share(decimal Needed, decimal Available)
{
    /// <summary>"9 of 16".</summary>
    public override string ToString() => Invariant($"{Needed:0.##} of {Available:0.##}");
}

/// <summary>The resources that a set of pods needs in a namespace, and those that its quota allows.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Contact">The owner of the environment, or the contact of the team.</param>
/// <param name="For">The pods that need them, in words.</param>
/// <param name="Pods">Pods.</param>
/// <param name="RequestsCpu">CPU requests, in CPUs.</param>
/// <param name="RequestsMemory">Memory requests, in Gi.</param>
/// <param name="LimitsCpu">CPU limits, in CPUs.</param>
/// <param name="LimitsMemory">Memory limits, in Gi.</param>
public sealed record NamespaceCapacity(
    string Namespace,
    string Contact,
    string For,
    Share Pods,
    Share RequestsCpu,
    Share RequestsMemory,
    Share LimitsCpu,
    Share LimitsMemory
)
{
    private const decimal Gi = 1024m * 1024m * 1024m;

    /// <summary>Compares resources with a quota.</summary>
    public static NamespaceCapacity Of(string name, string contact, string pods, ResourceTotals needed, Quota quota)
    {
        var available = ResourceTotals.Of(quota);
        return new(
            name,
            contact,
            pods,
            Of(total => total.Pods),
            Of(total => total.RequestsCpu),
            Of(total => total.RequestsMemory / Gi),
            Of(total => total.LimitsCpu),
            Of(total => total.LimitsMemory / Gi)
        );

        Share Of(Func<ResourceTotals, decimal> amount) => new(Rounded(amount(needed)), Rounded(amount(available)));
    }

    // A division by 1.000... drops the zeros at the end, which JSON would show.
    private static decimal Rounded(decimal amount) => Math.Round(amount, 3) / 1.0000000000000000000m;
}

/// <summary>The pods and the resources of a shared service.</summary>
/// <param name="Service">The shared service.</param>
/// <param name="Name">The workload.</param>
/// <param name="Kind">The object that creates the pods.</param>
/// <param name="Pods">The number of pods; a DaemonSet on all nodes of its pools at their largest size.</param>
/// <param name="RequestsCpu">The CPU request of one pod, as the chart's values give it.</param>
/// <param name="RequestsMemory">The memory request of one pod.</param>
/// <param name="LimitsCpu">The CPU limit of one pod.</param>
/// <param name="LimitsMemory">The memory limit of one pod.</param>
public sealed record SharedServiceCapacity(
    string Service,
    string Name,
    WorkloadKind Kind,
    int Pods,
    string RequestsCpu,
    string RequestsMemory,
    string LimitsCpu,
    string LimitsMemory
);

/// <summary>The address range of the VPC, and the addresses in it that belong to a subnet.</summary>
/// <param name="Range">The range.</param>
/// <param name="Addresses">The addresses of all subnets, and those of the range.</param>
public sealed record RangeCapacity(string Range, Share Addresses)
{
    /// <summary>The capacity of a platform's VPC.</summary>
    public static RangeCapacity Of(PlatformSpec platform)
    {
        var stores = platform.Applications.Select(environment => environment.DataStore?.Subnet).OfType<Cidr>();
        var vpc = platform.Addresses.Vpc;
        return new(vpc.Text, new(stores.Prepend(platform.Addresses.Nodes).Sum(Count), Count(vpc)));
    }

    private static decimal Count(Cidr range) => 1L << (32 - range.PrefixLength);
}

/// <summary>The capacity that the quotas of a valid inventory leave.</summary>
/// <param name="Namespaces">The needed and the available resources in each namespace.</param>
/// <param name="SharedServices">The workloads of the shared services.</param>
/// <param name="Addresses">The address range of the VPC.</param>
public sealed record CapacityReport(
    IReadOnlyList<NamespaceCapacity> Namespaces,
    IReadOnlyList<SharedServiceCapacity> SharedServices,
    RangeCapacity Addresses
)
{
    /// <summary>The capacity of a platform.</summary>
    /// <param name="platform">A valid inventory.</param>
    /// <param name="sharedWorkloads">The workloads of the shared services.</param>
    public static CapacityReport Of(PlatformSpec platform, IReadOnlyList<Workload> sharedWorkloads) =>
        new(
            [
                .. sharedWorkloads.GroupBy(workload => workload.NamespaceIn(platform)).Select(group => Shared(group, platform)),
                .. platform.Environments.SelectMany(Services),
            ],
            [.. sharedWorkloads.Select(workload => Shared(workload, platform))],
            RangeCapacity.Of(platform)
        );

    // Each namespace of an environment has the whole quota, so each can have all services.
    private static IEnumerable<NamespaceCapacity> Services(EnvironmentSpec environment)
    {
        var (count, replicas) = environment.Services;
        return Contacts(environment)
            .Select(one =>
                NamespaceCapacity.Of(
                    one.Namespace,
                    one.Contact,
                    Invariant($"{count} services x ({replicas} + 1)"),
                    ResourceTotals.OfServices(environment),
                    environment.Quota
                )
            );
    }

    private static IEnumerable<(string Namespace, string Contact)> Contacts(EnvironmentSpec environment) =>
        environment is ApplicationEnvironmentSpec application
            ?
            [
                (application.Name.Text, application.Owner),
                .. application.Teams.Select(team => (application.NamespaceOf(team), team.Contact)),
            ]
            : [(environment.Name.Text, environment.Owner)];

    private static NamespaceCapacity Shared(IGrouping<string, Workload> workloads, PlatformSpec platform) =>
        NamespaceCapacity.Of(
            workloads.Key,
            platform.System.Owner,
            Invariant($"{workloads.Count()} workload(s) of shared services"),
            workloads.Select(workload => workload.UpdatingIn(platform)).Aggregate((sum, one) => sum + one),
            platform.System.Quota
        );

    private static SharedServiceCapacity Shared(Workload workload, PlatformSpec platform) =>
        new(
            workload.Service,
            workload.Name,
            workload.Kind,
            workload.PodsIn(platform),
            workload.Requests.Cpu.Text,
            workload.Requests.Memory.Text,
            workload.Limits.Cpu.Text,
            workload.Limits.Memory.Text
        );
}
