using InfraCdktf.Environments;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>
/// If any one node of any pool is drained, every shared and every production service stays ready: arithmetic on the synthesis.
/// </summary>
[Trait("Level", "pure")]
public sealed class NodeLossTests
{
    /// <summary>Services with one pod; their runbook describes the effect while the pod starts on another node.</summary>
    private static readonly string[] _single = ["grafana", "kube-state-metrics", "prometheus operator", "sealed-secrets"];

    /// <summary>Changes of one workload that must be detected, each with a name.</summary>
    private static readonly (string Name, Func<SharedWorkload, SharedWorkload> Change)[] _mutants =
    [
        ("no budget", workload => workload with { Kept = null }),
        ("a budget that blocks every eviction", workload => workload with { Kept = workload.Replicas }),
        ("a budget that keeps no pod", workload => workload with { Kept = 0 }),
        ("no spread", workload => workload with { Spread = false }),
        ("another pool", workload => workload with { Pool = "application" }),
        ("no toleration", workload => workload with { Tolerates = false }),
        ("one pod under a budget", workload => workload with { Replicas = 1 }),
        ("pods that do not fit on two nodes", workload => workload with { Memory = 20L * 1024 * 1024 * 1024 }),
        ("pods that need all CPUs", workload => workload with { Cpu = 9 }),
    ];

    private static PlatformSpec Platform => Inventory.Platform;

    private static IReadOnlyList<SharedWorkload> Shared => NodeLoss.Shared(Inventory.Platform);

    [Fact]
    public void Shared_services_survive_the_loss_of_any_node() => Assert.Empty(NodeLoss.Problems(Platform, Shared));

    [Fact]
    public void Only_the_listed_services_have_one_pod() =>
        Assert.Equal(_single, Shared.Where(workload => workload.Replicas == 1).Select(workload => workload.Name).Order());

    [Fact]
    public void NodeLoss_detects_every_harmful_change()
    {
        var missed =
            from workload in Shared.Where(workload => workload.Replicas > 1)
            from mutant in _mutants
            let changed = Shared.Select(other => other.Name == workload.Name ? mutant.Change(other) : other).ToList()
            where NodeLoss.Problems(Platform, changed).Count == 0
            select $"{workload.Name}: {mutant.Name}";
        Assert.Empty(missed);
        var smaller = Platform with
        {
            Pools = [.. Platform.Pools.Select(pool => pool.Name == Platform.System.Pool ? pool with { MinNodes = 1 } : pool)],
        };
        Assert.NotEmpty(NodeLoss.Problems(smaller, Shared));
    }

    [Fact]
    public void Pool_has_a_spare_node_at_the_size_for_all_services()
    {
        foreach (var pool in Platform.Pools)
        {
            // The pods for which the inventory sizes each environment, on as few nodes as possible, by the scarcest of CPU,
            // memory and pods.
            var services = Platform.Applications.Where(environment => environment.Pool == pool.Name).ToList();
            var node = NodeCapacity.Of(LinodeFacts.NodePlans[pool.Type]);
            decimal Total(Func<EnvironmentSpec, decimal> amount) =>
                services.Sum(environment => environment.Services.Count * environment.Services.Replicas * amount(environment));
            var needed = (int)
                Math.Ceiling(
                    new[]
                    {
                        Total(environment => environment.Containers.RequestCpu.Value) / node.Cpu,
                        Total(environment => environment.Containers.RequestMemory.Value) / node.Memory,
                        Total(_ => 1) / node.Pods,
                    }.Max()
                );
            Assert.True(
                needed + 1 <= pool.MaxNodes,
                $"{pool.Name}: {needed} nodes are needed for the services, and {pool.MaxNodes} is the maximum."
            );
        }
    }

    [Fact]
    public void Production_service_keeps_a_pod_on_another_node()
    {
        foreach (var environment in Platform.Applications.Where(environment => environment.Services.Replicas > 1))
        {
            var pool = Platform.Pools.Single(one => one.Name == environment.Pool);
            // The pool at its smallest size, with pods spread as "nodes drain" requires without a budget (DrainCheck).
            var lost = (environment.Services.Replicas + pool.MinNodes - 1) / pool.MinNodes;
            Assert.True(environment.Services.Replicas - lost >= 1, $"{environment.Name}: all pods of a service are on one node");
        }
        // Production never runs a service with one pod.
        Assert.True(Production.Environment.Services.Replicas > 1);
    }

    [Fact]
    public void Runbook_names_every_service_with_one_pod()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "runbooks", "node-maintenance.md"));
        Assert.All(_single, name => Assert.Contains(name, page, StringComparison.OrdinalIgnoreCase));
    }
}
