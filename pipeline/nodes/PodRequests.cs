using System.Text.Json.Nodes;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>The CPU and memory that the scheduler reserves for a pod.</summary>
internal static class PodRequests
{
    /// <summary>
    /// The sum of the containers and of the sidecars, or the largest init container with the sidecars before it, if that is more;
    /// and the overhead of the runtime class.
    /// </summary>
    public static decimal Of(JsonObject pod, string resource)
    {
        var spec = pod["spec"]!;
        var running = (spec["containers"] as JsonArray ?? []).Sum(container =>
            Amount(container!["resources"]?["requests"], resource)
        );
        var (sidecars, start) = (0m, 0m);
        foreach (var container in spec["initContainers"] as JsonArray ?? [])
        {
            var amount = Amount(container!["resources"]?["requests"], resource);
            if ((string?)container["restartPolicy"] == "Always")
                sidecars += amount;
            else
                start = Math.Max(start, sidecars + amount);
        }
        return Math.Max(running + sidecars, start) + Amount(spec["overhead"], resource);
    }

    /// <summary>An amount of a list of resources; 0 if it has none.</summary>
    public static decimal Amount(JsonNode? list, string resource) =>
        list?[resource] is { } given && new Quantity(given.ToString()) is { IsValid: true } quantity ? quantity.Value : 0;
}
