using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// CiliumNetworkPolicies for traffic that a NetworkPolicy cannot express where Cilium enforces it: there an ipBlock matches
/// neither nodes nor the API server, but an entity does.
/// </summary>
public static class CiliumPolicy
{
    /// <summary>Pods of a group reach the API server.</summary>
    public static JsonObject ToApiServer(
        PlatformSpec platform,
        EnvironmentSpec environment,
        string namespaceName,
        PodGroup from,
        string reason
    ) => To(platform, environment, namespaceName, $"{from.Name}-to-api-server", from, reason, ["kube-apiserver"], []);

    /// <summary>Pods of a group reach ports of all nodes.</summary>
    public static JsonObject ToNodes(
        PlatformSpec platform,
        EnvironmentSpec environment,
        string namespaceName,
        PodGroup from,
        IReadOnlyList<Port> ports,
        string reason
    ) => To(platform, environment, namespaceName, $"{from.Name}-to-nodes", from, reason, ["host", "remote-node"], ports);

    private static JsonObject To(
        PlatformSpec platform,
        EnvironmentSpec environment,
        string namespaceName,
        string name,
        PodGroup from,
        string reason,
        IReadOnlyList<string> entities,
        IReadOnlyList<Port> ports
    )
    {
        var rule = new JsonObject { ["toEntities"] = new JsonArray([.. entities.Select(entity => JsonValue.Create(entity))]) };
        if (ports.Count > 0)
        {
            rule["toPorts"] = new JsonArray(
                new JsonObject
                {
                    ["ports"] = new JsonArray([
                        .. ports.Select(port => new JsonObject { ["port"] = port.Number, ["protocol"] = port.Protocol }),
                    ]),
                }
            );
        }
        var metadata = KubernetesObject.Metadata(platform, environment, $"allow-{name}");
        metadata["namespace"] = namespaceName;
        metadata["annotations"] = new JsonObject { ["reason"] = reason };
        return new JsonObject
        {
            ["apiVersion"] = "cilium.io/v2",
            ["kind"] = "CiliumNetworkPolicy",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["endpointSelector"] = from.Pods.ToJson(), ["egress"] = new JsonArray(rule) },
        };
    }
}
