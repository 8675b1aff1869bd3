using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>The nodes that pods run on, as the fields of a pod's specification.</summary>
public static class PodPlacement
{
    /// <summary>The label by which a pod selects a pool; <c>constructs/linode/Cluster.cs</c> sets it on every node.</summary>
    public const string PoolLabel = "pool";

    /// <summary>The node selector of pods on a pool.</summary>
    public static JsonObject NodeSelector(NodePool pool) => new() { [PoolLabel] = pool.Name };

    /// <summary>The tolerations of pods on a pool: all of its taints.</summary>
    public static JsonArray Tolerations(NodePool pool) =>
        [
            .. pool.Taints.Select(taint =>
                (JsonNode)
                    new JsonObject
                    {
                        ["key"] = taint.Key,
                        ["operator"] = "Equal",
                        ["value"] = taint.Value,
                        ["effect"] = taint.Effect,
                    }
            ),
        ];

    /// <summary>
    /// Topology spread constraints for at most one replica per node, so that any one node can be drained. Taints are honoured
    /// because a cordoned node would otherwise count as an empty node that must be filled first, and the replacement of a drained
    /// pod would stay pending (Kubernetes: <c>nodeTaintsPolicy</c>).
    /// </summary>
    /// <param name="label">The label that all replicas have.</param>
    /// <param name="value">Its value.</param>
    public static JsonArray OneEachNode(string label, string value) =>
        [
            new JsonObject
            {
                ["maxSkew"] = 1,
                ["topologyKey"] = "kubernetes.io/hostname",
                ["whenUnsatisfiable"] = "DoNotSchedule",
                ["nodeTaintsPolicy"] = "Honor",
                ["labelSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [label] = value } },
            },
        ];
}
