using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Kubernetes;

/// <summary>The fields of a pod that select its nodes.</summary>
[Trait("Level", "pure")]
public sealed class PodPlacementTests
{
    private static NodePool Pool => Inventory.Platform.Pools[0];

    [Fact]
    public void Node_selector_is_the_name_of_the_pool() =>
        Assert.Equal("""{"pool":"builds"}""", PodPlacement.NodeSelector(Pool with { Name = "builds" }).ToJsonString());

    [Fact]
    public void Tolerations_are_exactly_one_per_taint_of_the_pool() =>
        Examples.Satisfy(
            Taints,
            taints =>
            {
                var tolerations = PodPlacement.Tolerations(Pool with { Taints = taints });
                return taints.SequenceEqual(
                        tolerations.Select(toleration => new Taint(
                            toleration!["key"]!.GetValue<string>(),
                            toleration["value"]!.GetValue<string>(),
                            toleration["effect"]!.GetValue<string>()
                        ))
                    ) && tolerations.All(toleration => toleration!["operator"]!.GetValue<string>() == "Equal");
            }
        );

    [Fact]
    public void Spread_allows_one_replica_on_each_node_that_is_not_cordoned()
    {
        var constraint = Assert.Single(PodPlacement.OneEachNode("app", "gateway"))!;

        Assert.Equal(1, constraint["maxSkew"]!.GetValue<int>());
        Assert.Equal("kubernetes.io/hostname", constraint["topologyKey"]!.GetValue<string>());
        Assert.Equal("DoNotSchedule", constraint["whenUnsatisfiable"]!.GetValue<string>());
        Assert.Equal("Honor", constraint["nodeTaintsPolicy"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"matchLabels":{"app":"gateway"}}"""), constraint["labelSelector"]));
    }

    private static Gen<IReadOnlyList<Taint>> Taints =>
        (
            from key in Gen.Elements("pool", "gpu", "example.com/team")
            from value in Gen.Elements("", "system", "a", "true")
            from effect in Gen.Elements("NoSchedule", "NoExecute", "PreferNoSchedule")
            select new Taint(key, value, effect)
        )
            .ListOf()
            .Select(taints => (IReadOnlyList<Taint>)[.. taints]);
}
