using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>The user of a request.</summary>
/// <param name="Name">For example "system:serviceaccount:development-access:dev-team".</param>
/// <param name="Groups">The user's groups.</param>
internal sealed record ApiUser(string Name, IReadOnlyList<string> Groups)
{
    public const string Masters = "system:masters";

    public static ApiUser ServiceAccount(string space, string name) =>
        new(
            $"system:serviceaccount:{space}:{name}",
            ["system:serviceaccounts", $"system:serviceaccounts:{space}", "system:authenticated"]
        );
}

/// <summary>The attributes of a request that access rules decide on.</summary>
/// <param name="Verb">"get", "list", "create", ...</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">"pods", or with a subresource "pods/eviction".</param>
/// <param name="Namespace">Null for objects without a namespace, and for all namespaces.</param>
/// <param name="Name">Null for a list and for a create.</param>
internal sealed record Request(string Verb, string Group, string Resource, string? Namespace, string? Name);

/// <summary>
/// Role-based access control as the API server evaluates it. A request is allowed if a rule is bound to the user in the request's
/// namespace or in the whole cluster, and the rule contains its verb, group and resource. If the rule has resource names, it must
/// also contain the object's name.
/// </summary>
internal static class Rbac
{
    private static readonly ApiKind _clusterRoles = ApiKind.Of("clusterroles");

    public static bool Allows(ClusterView cluster, ApiUser user, Request request) =>
        user.Groups.Contains(ApiUser.Masters) || Rules(cluster, user, request.Namespace).Any(rule => Covers(rule, request));

    /// <summary>All rules of a user in a namespace; null: the rules for the whole cluster.</summary>
    public static IEnumerable<JsonNode> Rules(ClusterView cluster, ApiUser user, string? space)
    {
        var everywhere = cluster
            .List(ApiKind.Of("clusterrolebindings"))
            .Where(binding => Names(binding, user))
            .Select(binding => cluster.Find(_clusterRoles, null, binding.Text("roleRef.name")!));
        var here = space is null
            ? []
            : cluster
                .List(ApiKind.Of("rolebindings"), space)
                .Where(binding => Names(binding, user))
                .Select(binding =>
                    binding.Text("roleRef.kind") == _clusterRoles.Name
                        ? cluster.Find(_clusterRoles, null, binding.Text("roleRef.name")!)
                        : cluster.Find(ApiKind.Of("roles"), space, binding.Text("roleRef.name")!)
                );
        // A binding to a missing role grants nothing.
        return everywhere.Concat(here).OfType<JsonObject>().SelectMany(role => role.Items("rules")).OfType<JsonNode>();
    }

    private static bool Names(JsonNode binding, ApiUser user) =>
        binding
            .Items("subjects")
            .Any(subject =>
                subject.Text("kind") switch
                {
                    "ServiceAccount" => user.Name
                        == ApiUser
                            .ServiceAccount(
                                subject.Text("namespace") ?? binding.Text("metadata.namespace") ?? "",
                                subject.Text("name") ?? ""
                            )
                            .Name,
                    "Group" => user.Groups.Contains(subject.Text("name")),
                    _ => user.Name == subject.Text("name"),
                }
            );

    private static bool Covers(JsonNode rule, Request request) =>
        Has(rule, "verbs", request.Verb)
        && Has(rule, "apiGroups", request.Group)
        && (Has(rule, "resources", request.Resource) || rule.Texts("resources").Contains($"*/{Subresource(request)}"))
        && (!rule.Items("resourceNames").Any() || (request.Name is { } name && rule.Texts("resourceNames").Contains(name)));

    private static bool Has(JsonNode rule, string field, string wanted) =>
        rule.Texts(field).Any(given => given == wanted || given == "*");

    private static string Subresource(Request request) => request.Resource[(request.Resource.IndexOf('/') + 1)..];
}
