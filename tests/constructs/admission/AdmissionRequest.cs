using System.Text.Json.Nodes;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>A request to the API server, as admission policies see it.</summary>
public sealed record AdmissionRequest
{
    /// <summary>CREATE, UPDATE or DELETE.</summary>
    public required string Operation { get; init; }

    /// <summary>The user's name.</summary>
    public required string User { get; init; }

    /// <summary>The groups of the user.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The object after the request; null for DELETE.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The object before the request; null for CREATE.</summary>
    public JsonObject? OldObject { get; init; }

    /// <summary>
    /// The subresource that the request writes to, with the resource (plural), namespace and name of its object; null for a
    /// request to the object itself.
    /// </summary>
    public (string Resource, string Subresource, string Namespace, string Name)? Subresource { get; init; }

    /// <summary>The API group of the resource; "" for the core group.</summary>
    public string Group => Subresource is null ? Types.Group(Body) : "";

    /// <summary>The plural name of the resource ("deployments").</summary>
    public string Resource => Subresource?.Resource ?? Types.Of(Kind).Plural;

    /// <summary>The kind of <see cref="Body"/>.</summary>
    public string Kind => Body["kind"]!.GetValue<string>();

    /// <summary>The namespace; null for a cluster-scoped kind.</summary>
    public string? Namespace =>
        Subresource?.Namespace ?? (Types.Of(Kind).Namespaced ? Body["metadata"]!["namespace"]!.GetValue<string>() : null);

    /// <summary>The object after the request; for DELETE, the object before it.</summary>
    public JsonObject Body => (Object ?? OldObject)!;

    /// <summary>The CEL variable <c>request</c>. Empty fields are omitted, as the API server omits them.</summary>
    public JsonObject ToJson()
    {
        var name = Subresource?.Name ?? Body["metadata"]!["name"]!.GetValue<string>();
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
                ["version"] = "v1",
                ["resource"] = Resource,
            },
            ["name"] = name,
            ["operation"] = Operation,
            ["userInfo"] = new JsonObject { ["username"] = User },
            ["dryRun"] = true,
        };
        if (Subresource is { } sub)
            request["subResource"] = sub.Subresource;
        // For a Namespace, the API server sets request.namespace to the name of the Namespace.
        if ((Namespace ?? (Kind == "Namespace" ? name : null)) is { } namespaceName)
            request["namespace"] = namespaceName;
        if (Groups.Count > 0)
            request["userInfo"]!["groups"] = new JsonArray([.. Groups.Select(group => JsonValue.Create(group))]);
        return request;
    }
}

/// <summary>The kinds that the cases use, as <c>kubectl api-resources</c> lists them.</summary>
internal static class Types
{
    private static readonly Dictionary<string, (string Plural, bool Namespaced)> s_kinds = new()
    {
        ["ClusterRole"] = ("clusterroles", false),
        ["ClusterRoleBinding"] = ("clusterrolebindings", false),
        ["ConfigMap"] = ("configmaps", true),
        ["CronJob"] = ("cronjobs", true),
        ["DaemonSet"] = ("daemonsets", true),
        ["Deployment"] = ("deployments", true),
        ["EndpointSlice"] = ("endpointslices", true),
        ["HTTPRoute"] = ("httproutes", true),
        ["Job"] = ("jobs", true),
        ["ListenerSet"] = ("listenersets", true),
        ["Namespace"] = ("namespaces", false),
        ["CiliumNetworkPolicy"] = ("ciliumnetworkpolicies", true),
        ["NetworkPolicy"] = ("networkpolicies", true),
        ["PersistentVolumeClaim"] = ("persistentvolumeclaims", true),
        ["PodDisruptionBudget"] = ("poddisruptionbudgets", true),
        ["PrometheusRule"] = ("prometheusrules", true),
        ["Role"] = ("roles", true),
        ["RoleBinding"] = ("rolebindings", true),
        ["Service"] = ("services", true),
        ["StatefulSet"] = ("statefulsets", true),
        ["TokenRequest"] = ("tokenrequests", true),
    };

    public static (string Plural, bool Namespaced) Of(string kind) => s_kinds[kind];

    public static string Group(JsonObject body) => ApiVersion(body) is [var group, _] ? group : "";

    public static string Version(JsonObject body) => ApiVersion(body)[^1];

    private static string[] ApiVersion(JsonObject body) => body["apiVersion"]!.GetValue<string>().Split('/');
}
