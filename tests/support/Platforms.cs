using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Support;

/// <summary>Inventories beside the shipped one.</summary>
public static class Platforms
{
    /// <summary>
    /// The shipped platform with one more environment: staging's record under another name and with a subnet of its own, and larger nodes, so
    /// that there is room for it however many environments are shipped.
    /// </summary>
    public static PlatformSpec WithQa { get; } =
        Inventory.Platform with
        {
            Pools =
            [
                .. Inventory.Platform.Pools.Select(pool =>
                    pool.Name == "application" ? pool with { Type = "g6-dedicated-16" } : pool
                ),
            ],
            Applications =
            [
                .. Inventory.Platform.Applications,
                Staging.Environment with
                {
                    Name = "qa",
                    Purpose = "Where testers look.",
                    DataStore = Staging.Environment.DataStore! with { Subnet = "10.64.200.0/24" },
                    Exposure = new("qa"),
                    AlertRoutes = [new("#platform-qa", [Severity.Critical, Severity.Warning])],
                },
            ],
        };

    /// <summary>The shipped platform with the three environments it began with, for tests that name them, whatever was added since.</summary>
    public static PlatformSpec Three { get; } =
        Inventory.Platform with
        {
            Applications = [Development.Environment, Staging.Environment, Production.Environment],
        };

    /// <summary>The smallest platform: system and production.</summary>
    public static PlatformSpec ProductionOnly { get; } =
        Inventory.Platform with
        {
            Applications = [.. Inventory.Platform.Applications.Where(environment => environment.Name.Text == "production")],
        };

    /// <summary>The economy choice: LKE's standard tier, whose nodes are in no VPC, so that no private database is reached from them.</summary>
    public static PlatformSpec StandardTier { get; } =
        Inventory.Platform with
        {
            Tier = ClusterTier.Standard,
            KubernetesVersion = "1.34",
            Applications = [.. Inventory.Platform.Applications.Select(environment => environment with { DataStore = null })],
        };
}
