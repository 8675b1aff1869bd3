using System.Text.Json.Nodes;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>What an API server is asked, as it shows it to admission policies.</summary>
public sealed record AdmissionRequest
{
    /// <summary>CREATE, UPDATE or DELETE.</summary>
    public required string Operation { get; init; }

    /// <summary>The user's name.</summary>
    public required string User { get; init; }

    /// <summary>The groups of the user.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The object as it shall be; none when it is deleted.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The object as it is; none when it is created.</summary>
    public JsonObject? OldObject { get; init; }

    /// <summary>The subresource that is written to, with the namespace and the name of the object it is of.</summary>
    public (string Resource, string Subresource, string Namespace, string Name)? Subresource { get; init; }

    /// <summary>API group of the resource.</summary>
    public string Group => Subresource is null ? Types.Group(Body) : "";

    /// <summary>The resource in the plural.</summary>
    public string Resource => Subresource?.Resource ?? Types.Of(Kind).Plural;

    /// <summary>The kind of the object that is sent.</summary>
    public string Kind => Body["kind"]!.GetValue<string>();

    /// <summary>The namespace; none where the kind has none.</summary>
    public string? Namespace =>
        Subresource?.Namespace ?? (Types.Of(Kind).Namespaced ? Body["metadata"]!["namespace"]!.GetValue<string>() : null);

    /// <summary>The sent object, or the one that goes.</summary>
    public JsonObject Body => (Object ?? OldObject)!;

    /// <summary>The variable <c>request</c>. Empty fields are left out, as the API server leaves them out.</summary>
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
        // The API server names a namespace as the namespace of itself.
        if ((Namespace ?? (Kind == "Namespace" ? name : null)) is { } space)
            request["namespace"] = space;
        if (Groups.Count > 0)
            request["userInfo"]!["groups"] = new JsonArray([.. Groups.Select(group => JsonValue.Create(group))]);
        return request;
    }
}

/// <summary>The kinds that the cases send, as <c>kubectl api-resources</c> lists them.</summary>
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
