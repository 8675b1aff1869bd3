using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>The status that a controller would store on an object. It is computed when the object is read.</summary>
internal static class Statuses
{
    private static readonly ApiKind _pods = ApiKind.Of("pods");

    /// <summary>The object with its status.</summary>
    public static JsonObject Fill(ClusterView cluster, ApiKind kind, JsonObject item)
    {
        if (Of(cluster, kind, item) is { } status)
            item["status"] = status;
        return item;
    }

    private static JsonObject? Of(ClusterView cluster, ApiKind kind, JsonObject item) =>
        kind.Plural switch
        {
            "namespaces" => Terminations.Status(cluster, item),
            "apiservices" => ApiServices.Status(cluster, item),
            "poddisruptionbudgets" => Disruptions.Status(cluster, item),
            "deployments" or "statefulsets" => Workload(cluster, item),
            "daemonsets" => Daemons(cluster, item),
            "resourcequotas" => Quota(cluster, item),
            _ => null,
        };

    private static JsonObject Workload(ClusterView cluster, JsonObject item)
    {
        var pods = Pods(cluster, item);
        var ready = pods.Count(Disruptions.IsReady);
        return new()
        {
            ["observedGeneration"] = item.At("metadata.generation")?.DeepClone(),
            ["replicas"] = pods.Count,
            ["updatedReplicas"] = pods.Count,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
        };
    }

    private static JsonObject Daemons(ClusterView cluster, JsonObject item)
    {
        var pods = Pods(cluster, item);
        return new()
        {
            ["observedGeneration"] = item.At("metadata.generation")?.DeepClone(),
            ["desiredNumberScheduled"] = pods.Count,
            ["currentNumberScheduled"] = pods.Count,
            ["numberReady"] = pods.Count(Disruptions.IsReady),
            ["numberMisscheduled"] = 0,
        };
    }

    private static JsonObject Quota(ClusterView cluster, JsonObject item)
    {
        var hard = item.Entries("spec.hard").Select(entry => entry.Key).ToList();
        return new()
        {
            ["hard"] = item.At("spec.hard")?.DeepClone(),
            ["used"] = new JsonObject(
                Quotas
                    .Used(cluster, item.Text("metadata.namespace")!, hard)
                    .Select(used => KeyValuePair.Create(used.Key, (JsonNode?)Quotas.Text(used.Value)))
            ),
        };
    }

    private static List<JsonObject> Pods(ClusterView cluster, JsonObject owner) =>
        [
            .. cluster
                .List(_pods, owner.Text("metadata.namespace"))
                .Where(pod => pod.Text("metadata.ownerReferences.0.uid") == owner.Text("metadata.uid")),
        ];
}
