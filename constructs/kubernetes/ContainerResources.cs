using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>
/// Requests and limits of one container, as Kubernetes quantities ("100m", "256Mi"). Both are always set: a container without
/// them gets the defaults of its namespace, which were not chosen for it.
/// </summary>
/// <param name="RequestCpu">CPU request.</param>
/// <param name="RequestMemory">Memory request.</param>
/// <param name="LimitCpu">CPU limit.</param>
/// <param name="LimitMemory">Memory limit.</param>
public sealed record ContainerResources(string RequestCpu, string RequestMemory, string LimitCpu, string LimitMemory)
{
    /// <summary>The <c>resources</c> of a container.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["requests"] = new JsonObject { ["cpu"] = RequestCpu, ["memory"] = RequestMemory },
            ["limits"] = new JsonObject { ["cpu"] = LimitCpu, ["memory"] = LimitMemory },
        };
}
