using System.Text.Json.Nodes;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>A request to the API server, as admission policies see it.</summary>
public sealed record AdmissionRequest
{
    /// <summary>CREATE, UPDATE, DELETE or CONNECT.</summary>
    public required string Operation { get; init; }

    /// <summary>The user's name.</summary>
    public required string User { get; init; }

    /// <summary>The groups of the user.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The object after the request; null for DELETE.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The object before the request; null for CREATE.</summary>
    public JsonObject? OldObject { get; init; }

    /// <summary>The subresource that the request writes to; null for a request to the object itself.</summary>
    public Subresource? Subresource { get; init; }

    /// <summary>The API group of the resource; "" for the core group.</summary>
    public string Group => Subresource?.Group ?? Types.Group(Body);

    /// <summary>The plural name of the resource ("deployments").</summary>
    public string Resource => Subresource?.Resource ?? Types.Of(Kind).Plural;

    /// <summary>The kind of <see cref="Body"/>.</summary>
    public string Kind => Body["kind"]!.GetValue<string>();

    /// <summary>The namespace; null for a cluster-scoped kind.</summary>
    public string? Namespace =>
        Subresource is { } sub ? sub.Namespace
        : Types.Of(Kind).Namespaced ? Body["metadata"]!["namespace"]!.GetValue<string>()
        : null;

    /// <summary>The object after the request; for DELETE, the object before it.</summary>
    public JsonObject Body => (Object ?? OldObject)!;

    /// <summary>The CEL variable <c>request</c>. Empty fields are omitted, as the API server omits them.</summary>
    public JsonObject ToJson()
    {
        // A create with generateName has no name yet.
        var name = Subresource?.Name ?? Body["metadata"]!["name"]?.GetValue<string>() ?? "";
        var request = new JsonObject
        {
            ["uid"] = "0",
            ["kind"] = new JsonObject
            {
                ["group"] = Types.Group(Body),
                ["version"] = Types.Version(Body),
                ["kind"] = Kind,
            },
            ["resource"] = new JsonObject
            {
                ["group"] = Group,
                ["version"] = Subresource?.Version ?? Types.Version(Body),
                ["resource"] = Resource,
            },
            ["name"] = name,
            ["operation"] = Operation,
            ["userInfo"] = new JsonObject { ["username"] = User },
            ["dryRun"] = true,
        };
        if (Subresource is { } sub)
            request["subResource"] = sub.Part;
        // For a Namespace, the API server sets request.namespace to the name of the Namespace.
        if ((Namespace ?? (Resource == "namespaces" ? name : null)) is { } namespaceName)
            request["namespace"] = namespaceName;
        if (Groups.Count > 0)
            request["userInfo"]!["groups"] = new JsonArray([.. Groups.Select(group => JsonValue.Create(group))]);
        return request;
    }
}

/// <summary>A subresource of an object.</summary>
/// <param name="Group">The API group of the object; "" for the core group.</param>
/// <param name="Version">The version of the object.</param>
/// <param name="Resource">The plural name of the object's resource ("deployments").</param>
/// <param name="Namespace">The object's namespace; null for a cluster-scoped object.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Part">The subresource's own name ("scale").</param>
public sealed record Subresource(string Group, string Version, string Resource, string? Namespace, string Name, string Part)
{
    /// <summary>True for a connection to a pod or Service: the operation is CONNECT, whatever the HTTP method.</summary>
    public bool IsConnection => Part is "exec" or "attach" or "portforward" or "proxy";

    /// <summary>Reads an address of the API: <c>/api/v1/namespaces/{namespace}/pods/{name}/eviction?dryRun=All</c>.</summary>
    public static Subresource Parse(string address)
    {
        var (group, version, rest) = address.Trim('/').Split('?')[0].Split('/') switch
        {
            ["api", var core, .. var inner] => ("", core, inner),
            ["apis", var named, var given, .. var inner] => (named, given, inner),
            _ => throw new FormatException(address),
        };
        return rest switch
        {
            ["namespaces", var space, var resource, var name, var part] => new(group, version, resource, space, name, part),
            [var resource, var name, var part] => new(group, version, resource, null, name, part),
            _ => throw new FormatException(address),
        };
    }
}

/// <summary>The kinds that the cases use, as <c>kubectl api-resources</c> lists them.</summary>
internal static class Types
{
    private static readonly Dictionary<string, (string Plural, bool Namespaced)> s_kinds = new()
    {
        ["Certificate"] = ("certificates", true),
        ["Challenge"] = ("challenges", true),
        ["ClusterRole"] = ("clusterroles", false),
        ["ClusterRoleBinding"] = ("clusterrolebindings", false),
        ["ConfigMap"] = ("configmaps", true),
        ["CronJob"] = ("cronjobs", true),
        ["DaemonSet"] = ("daemonsets", true),
        ["Deployment"] = ("deployments", true),
        ["EndpointSlice"] = ("endpointslices", true),
        ["Gateway"] = ("gateways", true),
        ["HorizontalPodAutoscaler"] = ("horizontalpodautoscalers", true),
        ["HTTPRoute"] = ("httproutes", true),
        ["Job"] = ("jobs", true),
        ["ListenerSet"] = ("listenersets", true),
        ["Namespace"] = ("namespaces", false),
        ["CiliumNetworkPolicy"] = ("ciliumnetworkpolicies", true),
        ["NetworkPolicy"] = ("networkpolicies", true),
        ["Order"] = ("orders", true),
        ["PersistentVolumeClaim"] = ("persistentvolumeclaims", true),
        ["Pod"] = ("pods", true),
        ["PodDisruptionBudget"] = ("poddisruptionbudgets", true),
        ["PodMonitor"] = ("podmonitors", true),
        ["PrometheusRule"] = ("prometheusrules", true),
        ["Role"] = ("roles", true),
        ["RoleBinding"] = ("rolebindings", true),
        ["Service"] = ("services", true),
        ["Secret"] = ("secrets", true),
        ["ServiceMonitor"] = ("servicemonitors", true),
        ["StatefulSet"] = ("statefulsets", true),
        ["TokenRequest"] = ("tokenrequests", true),
    };

    public static (string Plural, bool Namespaced) Of(string kind) => s_kinds[kind];

    public static string Group(JsonObject body) => ApiVersion(body) is [var group, _] ? group : "";

    public static string Version(JsonObject body) => ApiVersion(body)[^1];

    private static string[] ApiVersion(JsonObject body) => body["apiVersion"]!.GetValue<string>().Split('/');
}
