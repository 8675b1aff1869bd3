using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// Whether aggregated APIs are available. An aggregated API is a Service with pods that the API server forwards calls to; here it
/// answers if one of its pods is ready. Reasons and texts: Kubernetes 1.34, kube-aggregator, remote_available_controller.go.
/// </summary>
internal static class ApiServices
{
    private const int Https = 443;

    private static readonly ApiKind _apis = ApiKind.Of("apiservices");
    private static readonly ApiKind _services = ApiKind.Of("services");
    private static readonly ApiKind _pods = ApiKind.Of("pods");

    /// <summary>The groups and versions whose API is not available, in order: "metrics.k8s.io/v1beta1".</summary>
    public static IReadOnlyList<string> Broken(ClusterView cluster) =>
        [
            .. cluster
                .List(_apis)
                .Where(api => Look(cluster, api).Status != "True")
                .Select(api => $"{api.Text("spec.group")}/{api.Text("spec.version")}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The status with the condition <c>Available</c>.</summary>
    public static JsonObject Status(ClusterView cluster, JsonObject api)
    {
        var (status, reason, message) = Look(cluster, api);
        return new()
        {
            ["conditions"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "Available",
                    ["status"] = status,
                    ["reason"] = reason,
                    ["message"] = message,
                    ["lastTransitionTime"] = api.Text("metadata.creationTimestamp"),
                }
            ),
        };
    }

    private static (string Status, string Reason, string Message) Look(ClusterView cluster, JsonObject api)
    {
        if (api.Text("spec.service.name") is not { } name)
            return ("True", "Local", "Local APIServices are always available");
        var space = api.Text("spec.service.namespace") ?? "";
        if (cluster.Find(_services, space, name) is not { } service)
            return ("False", "ServiceNotFound", $"service/{name} in \"{space}\" is not present");
        var number = api.Whole("spec.service.port") ?? Https;
        if (service.Items("spec.ports").FirstOrDefault(item => item.Whole("port") == number) is not { } port)
            return ("False", "ServicePortError", $"service/{name} in \"{space}\" is not listening on port {number}");
        var selector = new JsonObject { ["matchLabels"] = service.At("spec.selector")?.DeepClone() };
        return cluster
            .List(_pods, space)
            .Any(pod => Selector.Matches(selector, pod.At("metadata.labels")) && Disruptions.IsReady(pod))
            ? ("True", "Passed", "all checks passed")
            : (
                "False",
                "MissingEndpoints",
                $"endpointslices for service/{name} in \"{space}\" have no addresses with port name \"{port.Text("name")}\""
            );
    }
}
