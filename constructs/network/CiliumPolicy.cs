using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// What a NetworkPolicy cannot say where Cilium enforces it: an ipBlock matches neither nodes nor the API server there, an entity does.
/// CiliumNetworkPolicy objects for <c>charts/manifests</c>.
/// </summary>
public static class CiliumPolicy
{
    /// <summary>The release that carries them.</summary>
    public const string Release = "cilium-policies";

    /// <summary>Pods of a role reach the API server.</summary>
    public static JsonObject ToApiServer(
        PlatformSpec platform,
        EnvironmentSpec environment,
        string space,
        PodGroup from,
        string reason
    ) => To(platform, environment, space, $"{from.Name}-to-api-server", from, reason, ["kube-apiserver"], []);

    /// <summary>Pods of a role reach ports of the nodes, their own and the others.</summary>
    public static JsonObject ToNodes(
        PlatformSpec platform,
        EnvironmentSpec environment,
        string space,
        PodGroup from,
        IReadOnlyList<Port> ports,
        string reason
    ) => To(platform, environment, space, $"{from.Name}-to-nodes", from, reason, ["host", "remote-node"], ports);

    private static JsonObject To(
        PlatformSpec platform,
        EnvironmentSpec environment,
        string space,
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
        var metadata = KubernetesObject.Of(platform, environment, $"allow-{name}");
        metadata["namespace"] = space;
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
