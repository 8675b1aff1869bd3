using InfraCdktf.Constructs.Linode;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// The services that all environments share: one line each, in an order in which each comes after the services that it depends
/// on.
/// </summary>
public static class SharedServices
{
    // A function returns null where the platform does not have the service.
    private static readonly Func<PlatformSpec, SharedService?>[] s_all =
    [
        KubePrometheusStack.For,
        MetricsServer.For,
        SealedSecrets.For,
        EnvoyGateway.For,
        CertManager.For,
        CloudFirewallDefinitions.For,
        CloudFirewallController.For,
    ];

    /// <summary>The shared services of a platform, in the order of their installation.</summary>
    public static IReadOnlyList<SharedService> For(PlatformSpec platform) =>
        [.. s_all.Select(service => service(platform)).OfType<SharedService>()];

    /// <summary>The capacity and the Secrets that they need, for the inventory check.</summary>
    public static SharedServiceNeeds Needs(PlatformSpec platform) =>
        // An unknown pool is a problem of its own; without one no service can be built.
        platform.Pools.All(pool => pool.Name != platform.System.Pool)
            ? SharedServiceNeeds.None
            : new(Workloads(platform), [.. For(platform).SelectMany(service => service.Secrets)])
            {
                FirewallRules = NodeFirewallRules.Count(platform with { Overrides = [] }),
            };

    /// <summary>The traffic of all of them.</summary>
    public static IReadOnlyList<Traffic> Traffic(PlatformSpec platform) =>
        [
            .. For(platform).SelectMany(service => service.Traffic),
            .. IsolationProbe.Workloads.Select(name => new Traffic.NeverToApiServer(PodGroup.App(name))),
        ];

    // The workloads in the system environment: the services, without Helm hooks, and the isolation target.
    private static IReadOnlyList<Workload> Workloads(PlatformSpec platform) =>
        [
            .. For(platform)
                .Where(service => service.Namespace == platform.System.Name.Text)
                .SelectMany(service =>
                    service.Workloads.Where(workload => !workload.IsHook).Select(workload => workload.Plain(service.Name))
                ),
            IsolationProbe.Workload,
        ];
}
