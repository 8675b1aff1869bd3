using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

/// <summary>One change of the shipped inventory, and the stacks whose plan shows it.</summary>
/// <param name="Name">The name of the case and of its files.</param>
/// <param name="Stacks">The stacks that are planned.</param>
/// <param name="Platform">The changed inventory.</param>
/// <param name="Edit">Changes the synthesized stacks, for what is not in the inventory; null for nothing.</param>
internal sealed record PlanCase(string Name, IReadOnlyList<string> Stacks, PlatformSpec Platform, Action<JsonObject>? Edit = null)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Changes of the shipped inventory, made one at a time.</summary>
internal static class PlanCases
{
    private static readonly PlatformSpec s_shipped = Inventory.Platform;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlanCase> All { get; } =
    [
        new("pool-removed", ["core"], s_shipped with { Pools = [.. s_shipped.Pools.Where(pool => pool.Name != "build")] }),
        new("pools-swapped", ["core"], s_shipped with { Pools = [s_shipped.Pools[0], s_shipped.Pools[2], s_shipped.Pools[1]] }),
        new("pool-type", ["core"], Pool("application", pool => pool with { Type = "g6-dedicated-16" })),
        new("pool-encryption", ["core"], Pool("build", pool => pool with { DiskEncryption = false })),
        new(
            "control-plane-access",
            ["core"],
            s_shipped with
            {
                ControlPlaneAccess =
                [
                    s_shipped.ControlPlaneAccess[0] with
                    {
                        Range = "203.0.113.0/27",
                    },
                    s_shipped.ControlPlaneAccess[1],
                ],
            }
        ),
        new("quota", ["staging"], Staging(one => one with { Quota = one.Quota with { RequestsCpu = "12", Pods = 150 } })),
        new("database-nodes", ["core"], Store(store => store with { Nodes = 1 })),
        new("database-version", ["core"], Store(store => store with { PostgresVersion = 17 })),
        new("kubernetes-version", ["core"], s_shipped with { KubernetesVersion = "v1.35.1+lke1" }),
        new("override-pods", ["development", "staging"], SampleOverrides.With(SampleOverrides.Pods)),
        new("override-outside", ["development"], SampleOverrides.With(SampleOverrides.Outside)),
        new("override-nodes", ["core"], SampleOverrides.With(SampleOverrides.Nodes)),
        new(
            "grant-added",
            ["system", "staging"],
            Staging(one => one with { Access = [.. one.Access, new("mary-major", AccessProfile.Developer)] })
        ),
        new(
            "grant-widened",
            ["staging"],
            Staging(one =>
                one with
                {
                    Access =
                    [
                        .. one.Access.Select(grant =>
                            grant.Name == "jane-doe" ? grant with { Profile = AccessProfile.Operator } : grant
                        ),
                    ],
                }
            )
        ),
        new("chart-version", ["system"], s_shipped, stack => Release(stack, "cert-manager_release")["version"] = "v1.21.0"),
        new(
            "role-widened",
            ["system"],
            s_shipped,
            stack => Rules(stack, "profiles_viewer")[0]!["verbs"]!.AsArray().Add("delete")
        ),
        new(
            "bucket-removed",
            ["core"],
            Staging(one => one with { Buckets = [.. one.Buckets.Where(bucket => bucket.Purpose != "static")] })
        ),
        new(
            "registries",
            ["system"],
            Staging(one => one with { ImageRegistries = [.. one.ImageRegistries, "docker.io/library"] })
        ),
        new(
            "retention",
            ["system"],
            s_shipped with
            {
                System = s_shipped.System with { MetricsDays = 10 },
                Applications = [.. s_shipped.Applications.Select(one => one with { MetricsDays = 10 })],
            }
        ),
        new(
            "environment-removed",
            ["core", "system"],
            s_shipped with
            {
                Applications = [.. s_shipped.Applications.Where(one => one.Name.Text != "development")],
            }
        ),
        new("dns-zone", ["core"], s_shipped with { DnsZone = "platform.example.org" }),
        new("team-added", ["staging"], Staging(one => one with { Teams = [new("payments", "#team-payments")] })),
        new(
            "alert-route",
            ["system"],
            Staging(one => one with { AlertRoutes = [new("#team-staging", [Severity.Critical, Severity.Warning])] })
        ),
        new("limit-range", ["staging"], Staging(one => one with { Containers = one.Containers with { MaxMemory = "4Gi" } })),
        new("exposure", ["staging", "system"], Staging(one => one with { Exposure = new("preview") })),
        new(
            "pod-security",
            ["staging"],
            Staging(one =>
                one with
                {
                    PodSecurity = PodSecurityLevel.Baseline,
                    PodSecurityReason = "A driver of the hardware needs it.",
                }
            )
        ),
        new(
            "admission-warns",
            ["system"],
            Staging(one =>
                one with
                {
                    AdmissionExceptions =
                    [
                        new(WorkloadRule.PinnedImages, EnforcementMode.Warn, "Images get digests next month."),
                    ],
                }
            )
        ),
        new("cluster-lock", ["core"], s_shipped, stack => stack["resource"]!.AsObject().Remove("linode_lock")),
        new("nothing", ["core"], s_shipped),
    ];

    /// <summary>The case of a name.</summary>
    public static PlanCase Of(string name) => All.Single(one => one.Name == name);

    private static PlatformSpec Pool(string name, Func<NodePool, NodePool> change) =>
        s_shipped with
        {
            Pools = [.. s_shipped.Pools.Select(pool => pool.Name == name ? change(pool) : pool)],
        };

    private static PlatformSpec Staging(Func<ApplicationEnvironmentSpec, ApplicationEnvironmentSpec> change) =>
        s_shipped with
        {
            Applications = [.. s_shipped.Applications.Select(one => one.Name.Text == "staging" ? change(one) : one)],
        };

    private static PlatformSpec Store(Func<DataStore, DataStore> change) =>
        Staging(one => one with { DataStore = change(one.DataStore!) });

    private static JsonObject Release(JsonObject stack, string name) => stack["resource"]!["helm_release"]![name]!.AsObject();

    private static JsonArray Rules(JsonObject stack, string name) =>
        stack["resource"]!["kubernetes_cluster_role_v1"]![name]!["rule"]!.AsArray();
}
