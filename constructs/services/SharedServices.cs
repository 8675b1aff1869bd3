using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>The services that all environments share: one line each, in an order in which each comes after the services that it depends on.</summary>
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

    /// <summary>The traffic of all of them.</summary>
    public static IReadOnlyList<Traffic> Traffic(PlatformSpec platform) =>
        [.. For(platform).SelectMany(service => service.Traffic), .. TelemetryCollectors.Traffic];
}
