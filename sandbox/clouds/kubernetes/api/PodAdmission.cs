using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The admission checks of a pod in the order of the API server: limit ranges, its ServiceAccount, Pod Security, quotas.
/// </summary>
internal static class PodAdmission
{
    private static readonly ApiKind _pods = ApiKind.Of("pods");

    /// <summary>Fills in the namespace's defaults and checks the pod.</summary>
    /// <exception cref="ApiException">The pod is refused.</exception>
    public static void Admit(ClusterView cluster, JsonObject pod)
    {
        var (space, name) = (pod.Text("metadata.namespace")!, pod.Text("metadata.name")!);
        Quotas.Limit(cluster, pod);
        var account = pod.Text("spec.serviceAccountName") is { Length: > 0 } given ? given : "default";
        if (cluster.Find(ApiKind.Of("serviceaccounts"), space, account) is null)
            throw ApiException.Forbidden(
                _pods,
                name,
                $"error looking up service account {space}/{account}: serviceaccount \"{account}\" not found"
            );
        var level = Level(cluster, space, PodSecurity.Enforce);
        if (PodSecurity.Violations(level, pod["spec"]!) is { Count: > 0 } violations)
            throw ApiException.Forbidden(
                _pods,
                name,
                $"violates PodSecurity \"{level}:latest\": {string.Join(", ", violations)}"
            );
        Quotas.Require(cluster, _pods, pod);
    }

    /// <summary>The warning that kubectl shows for a workload whose pods would be refused; null if there is none.</summary>
    public static string? Warning(ClusterView cluster, ApiKind kind, JsonObject item) =>
        item.Text("metadata.namespace") is { } space
        && (kind == _pods ? item : Controllers.Template(kind, item))?["spec"] is { } spec
        && Level(cluster, space, PodSecurity.Warn) is { } level
        && PodSecurity.Violations(level, spec) is { Count: > 0 } violations
            ? $"would violate PodSecurity \"{level}:latest\": {string.Join(", ", violations)}"
            : null;

    private static string? Level(ClusterView cluster, string space, string label) =>
        (string?)cluster.Find(ApiKind.Of("namespaces"), null, space).At("metadata.labels")?[label];
}
