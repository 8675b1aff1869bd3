using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Support;

/// <summary>Inventories for tests, derived from the shipped inventory.</summary>
public static class Platforms
{
    /// <summary>
    /// The shipped platform with the additional environment qa: a copy of staging with its own name and subnet. The nodes are
    /// larger, so that the quotas fit for any number of shipped environments.
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
                    Purpose = "Manual tests.",
                    DataStore = Staging.Environment.DataStore! with { Subnet = "10.64.200.0/24" },
                    Exposure = new("qa"),
                    AlertRoutes = [new("#platform-qa", [Severity.Critical, Severity.Warning])],
                },
            ],
        };

    /// <summary>
    /// The shipped platform with development, staging and production only. Tests that name these environments do not depend on
    /// environments that are added later.
    /// </summary>
    public static PlatformSpec Three { get; } =
        Inventory.Platform with
        {
            Applications = [Development.Environment, Staging.Environment, Production.Environment],
        };

    /// <summary>The smallest platform: the environments system and production.</summary>
    public static PlatformSpec ProductionOnly { get; } =
        Inventory.Platform with
        {
            Applications = [.. Inventory.Platform.Applications.Where(environment => environment.Name.Text == "production")],
        };

    /// <summary>
    /// The shipped platform on LKE's standard tier. Its nodes are in no VPC, so private databases are not possible.
    /// </summary>
    public static PlatformSpec StandardTier { get; } =
        Inventory.Platform with
        {
            Tier = ClusterTier.Standard,
            KubernetesVersion = "1.34",
            Applications = [.. Inventory.Platform.Applications.Select(environment => environment with { DataStore = null })],
        };

    /// <summary>The smallest platform on LKE's standard tier: the environments system and production.</summary>
    public static PlatformSpec StandardProductionOnly { get; } =
        StandardTier with
        {
            Applications = [.. StandardTier.Applications.Where(environment => environment.Name.Text == "production")],
        };
}
