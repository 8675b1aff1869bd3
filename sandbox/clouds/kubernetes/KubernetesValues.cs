using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>The values that the API server fills in.</summary>
internal static class KubernetesValues
{
    public static bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path switch
        {
            "metadata.name" => item.Id[(item.Id.IndexOf('/') + 1)..],
            "metadata.uid" => Synthetic.Uuid(item.Seed),
            "metadata.generation" => 0,
            "metadata.resource_version" => "1",
            "default_secret_name" => "",
            "subject.api_group" => SubjectGroup(item.Planned.At(attribute.Place[..attribute.Place.LastIndexOf('.')])),
            "spec.storage_class_name" => "linode-block-storage-retain", // the default class of LKE
            "spec.volume_mode" => "Filesystem",
            "spec.volume_name" => $"pvc-{Synthetic.Uuid(item.Seed)}",
            _ when item.Type == "kubernetes_service_v1" => Service(attribute, item),
            _ when item.Type == "kubernetes_horizontal_pod_autoscaler_v1" && attribute.Path.EndsWith("percentage") => 80,
            _ => Workload(attribute),
        };
        return value is not null;
    }

    private static JsonNode? Service(ComputedAttribute attribute, NewObject item)
    {
        var number = Synthetic.Number(item.Seed);
        var address = $"10.128.{number % 256}.{1 + number / 256 % 254}"; // the service network of LKE standard
        var type = item.Planned.Text("spec.0.type");
        return attribute.Path switch
        {
            "spec.cluster_ip" => address,
            "spec.cluster_ips" => new JsonArray(address),
            "spec.ip_families" => new JsonArray("IPv4"),
            "spec.ip_family_policy" => "SingleStack",
            "spec.internal_traffic_policy" => "Cluster",
            "spec.external_traffic_policy" => type is "LoadBalancer" or "NodePort" ? "Cluster" : "",
            "spec.health_check_node_port" => 0,
            "spec.port.node_port" => type is "LoadBalancer" or "NodePort"
                ? 30_000 + (long)(Synthetic.Number(item.Seed + attribute.Place) % 2768)
                : 0,
            "spec.port.target_port" => item.Planned.At(attribute.Place[..attribute.Place.LastIndexOf('.')]).Text("port"),
            "spec.session_affinity_config.client_ip.timeout_seconds" => 10_800,
            "status" => new JsonArray(
                new JsonObject
                {
                    ["load_balancer"] = new JsonArray(
                        new JsonObject
                        {
                            ["ingress"] =
                                type == "LoadBalancer"
                                    ? new JsonArray(new JsonObject { ["ip"] = $"192.0.2.{1 + number % 254}", ["hostname"] = "" })
                                    : new JsonArray(),
                        }
                    ),
                }
            ),
            _ => null,
        };
    }

    /// <summary>The defaults of pod templates and workloads at any nesting level.</summary>
    private static JsonNode? Workload(ComputedAttribute attribute) =>
        attribute.Path[(attribute.Path.LastIndexOf('.') + 1)..] switch
        {
            "replicas" => "1",
            "image_pull_policy" => "IfNotPresent",
            "termination_message_policy" => "File",
            "scheduler_name" => "default-scheduler",
            "completion_mode" => "NonIndexed",
            "pod_management_policy" => "OrderedReady",
            "revision_history_limit" => 10,
            "limits" or "requests" or "default_request" => new JsonObject(),
            "hostname" or "node_name" or "service_account_name" => "",
            _ => null,
        };

    private static string SubjectGroup(JsonNode? subject) =>
        subject.Text("kind") == "ServiceAccount" ? "" : "rbac.authorization.k8s.io";
}
