using InfraCdktf.Environments;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>With any one node of any pool drained, every shared and every production service stays ready: arithmetic over the synthesized output.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class NodeLossTests(SynthesizedPlatform synthesized)
{
    /// <summary>They run once, and their runbook says what is away while they start elsewhere.</summary>
    private static readonly string[] _single = ["grafana", "kube-state-metrics", "prometheus operator", "sealed-secrets"];

    /// <summary>What must be noticed: a name, and a change of one workload.</summary>
    private static readonly (string Name, Func<SharedWorkload, SharedWorkload> Change)[] _mutants =
    [
        ("no budget", workload => workload with { Kept = null }),
        ("a budget that lets nothing go", workload => workload with { Kept = workload.Replicas }),
        ("a budget that keeps nothing", workload => workload with { Kept = 0 }),
        ("no spread", workload => workload with { Spread = false }),
        ("another pool", workload => workload with { Pool = "application" }),
        ("no toleration", workload => workload with { Tolerates = false }),
        ("one pod under a budget", workload => workload with { Replicas = 1 }),
        ("pods that fit no two nodes", workload => workload with { Memory = 20L * 1024 * 1024 * 1024 }),
        ("pods that leave no CPU", workload => workload with { Cpu = 9 }),
    ];

    private PlatformSpec Platform => Inventory.Platform;

    private IReadOnlyList<SharedWorkload> Shared =>
        NodeLoss.Shared(Platform, synthesized.Shipped.Stacks[Platform.System.Name.Text]);

    [Fact]
    public void Every_shared_service_survives_the_loss_of_any_node_of_its_pool() =>
        Assert.Empty(NodeLoss.Problems(Platform, Shared));

    [Fact]
    public void The_table_reads_every_release_that_runs_pods()
    {
        var releases = synthesized
            .Shipped.Stacks[Platform.System.Name.Text]
            .Of("helm_release")
            // Charts of our own hold objects, and none of those runs a pod but the gateway's proxies, which are read.
            .Where(release => !((string)release.Body["chart"]!).StartsWith("assets/", StringComparison.Ordinal))
            .Select(release => (string)release.Body["name"]!);
        Assert.Equal(NodeLoss.Releases.Order(), releases.Order());
        Assert.Contains(Shared, workload => workload.Name == "gateway proxies");
    }

    [Fact]
    public void Only_those_run_once_that_the_runbook_names() =>
        Assert.Equal(_single, Shared.Where(workload => workload.Replicas == 1).Select(workload => workload.Name).Order());

    [Fact]
    public void What_would_not_survive_is_seen()
    {
        var missed =
            from workload in Shared.Where(workload => workload.Replicas > 1)
            from mutant in _mutants
            let changed = Shared.Select(other => other.Name == workload.Name ? mutant.Change(other) : other).ToList()
            where NodeLoss.Problems(Platform, changed).Count == 0
            select $"{workload.Name}: {mutant.Name}";
        Assert.Empty(missed);
        PlatformSpec smaller = Platform with
        {
            Pools = [.. Platform.Pools.Select(pool => pool.Name == Platform.System.Pool ? pool with { MinNodes = 1 } : pool)],
        };
        Assert.NotEmpty(NodeLoss.Problems(smaller, Shared));
    }

    [Fact]
    public void Every_pool_with_services_has_a_node_in_reserve_at_the_size_that_holds_them_all()
    {
        foreach (var pool in Platform.Pools)
        {
            // The pods that the inventory sizes each environment for, on as few nodes as hold them, by the scarcest of CPU, memory and pods.
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
                $"{pool.Name}: {needed} nodes hold the services, and {pool.MaxNodes} is the most."
            );
        }
    }

    [Fact]
    public void A_production_service_has_a_pod_left_on_another_node()
    {
        foreach (EnvironmentSpec environment in Platform.Applications.Where(environment => environment.Services.Replicas > 1))
        {
            var pool = Platform.Pools.Single(one => one.Name == environment.Pool);
            // At the pool's smallest, spread as "maintenance drain" demands of what has no budget (DrainCheck).
            var lost = (environment.Services.Replicas + pool.MinNodes - 1) / pool.MinNodes;
            Assert.True(environment.Services.Replicas - lost >= 1, $"{environment.Name}: all pods of a service on one node");
        }
        // Production never runs a service once.
        Assert.True(Production.Environment.Services.Replicas > 1);
    }

    [Fact]
    public void The_runbook_says_which_services_are_away_for_a_moment()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "runbooks", "node-maintenance.md"));
        Assert.All(_single, name => Assert.Contains(name, page, StringComparison.OrdinalIgnoreCase));
    }
}
