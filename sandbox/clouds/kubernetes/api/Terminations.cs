using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The end of namespaces: their objects are deleted first. A namespace stays while one of its objects has a finalizer, or while
/// an aggregated API is not available, because its kinds of objects cannot be listed. Rules, conditions and texts: Kubernetes
/// 1.34, pkg/controller/namespace/deletion. Not modelled: <c>NamespaceDeletionGroupVersionParsingFailure</c> and
/// <c>NamespaceDeletionContentFailure</c> never become true, because no API here is malformed and no webhook refuses.
/// </summary>
internal static class Terminations
{
    private static readonly ApiKind _namespaces = ApiKind.Of("namespaces");

    /// <summary>Begins the end of a namespace, which may be reached at once. It can be called again.</summary>
    public static void Begin(ClusterView cluster, string space)
    {
        cluster.Terminate(space);
        Continue(cluster);
    }

    /// <summary>Ends the terminating namespaces that nothing holds any more.</summary>
    public static void Continue(ClusterView cluster)
    {
        foreach (var space in cluster.Terminating.Select(ending => ending.Space).ToList())
        {
            cluster.Empty(space);
            if (!cluster.Content(space).Any() && ApiServices.Broken(cluster).Count == 0)
                cluster.End(space);
        }
    }

    /// <summary>Refuses a new object in a namespace that is ending, with the API server's text.</summary>
    public static void RequireStays(ClusterView cluster, ApiKind kind, string space, string name)
    {
        if (cluster.Terminating.Any(ending => ending.Space == space))
            throw ApiException.Forbidden(
                kind,
                name,
                $"unable to create new content in namespace {space} because it is being terminated"
            );
    }

    /// <summary>A namespace as the API server shows it.</summary>
    public static JsonObject Status(ClusterView cluster, JsonObject space)
    {
        var name = space.Text("metadata.name")!;
        if (cluster.Terminating.FirstOrDefault(ending => ending.Space == name) is not { Since: { } since })
            return new() { ["phase"] = "Active" };
        space["metadata"]!["deletionTimestamp"] = since;
        return new() { ["phase"] = "Terminating", ["conditions"] = Conditions(cluster, name, since) };
    }

    private static JsonArray Conditions(ClusterView cluster, string space, string since)
    {
        var broken = ApiServices.Broken(cluster);
        var content = cluster.Content(space).ToList();
        var kinds = content
            .GroupBy(item => $"{item.Kind.Plural}.{item.Kind.Group}", StringComparer.Ordinal)
            .Select(kind => $"{kind.Key} has {kind.Count()} resource instances");
        var finalizers = content
            .SelectMany(item => item.Object.Texts("metadata.finalizers"))
            .GroupBy(finalizer => finalizer, StringComparer.Ordinal)
            .Select(finalizer => $"{finalizer.Key} in {finalizer.Count()} resource instances");
        return
        [
            Condition(
                "NamespaceDeletionDiscoveryFailure",
                broken.Count > 0,
                ("DiscoveryFailed", $"Discovery failed for some groups, {broken.Count} failing: {Discovery(broken)}"),
                ("ResourcesDiscovered", "All resources successfully discovered")
            ),
            Condition(
                "NamespaceDeletionGroupVersionParsingFailure",
                false,
                default,
                ("ParsedGroupVersions", "All legacy kube types successfully parsed")
            ),
            Condition(
                "NamespaceDeletionContentFailure",
                false,
                default,
                ("ContentDeleted", "All content successfully deleted, may be waiting on finalization")
            ),
            Condition(
                "NamespaceContentRemaining",
                content.Count > 0,
                ("SomeResourcesRemain", $"Some resources are remaining: {Sorted(kinds)}"),
                ("ContentRemoved", "All content successfully removed")
            ),
            Condition(
                "NamespaceFinalizersRemaining",
                content.Count > 0,
                ("SomeFinalizersRemain", $"Some content in the namespace has finalizers remaining: {Sorted(finalizers)}"),
                ("ContentHasNoFinalizers", "All content-preserving finalizers finished")
            ),
        ];

        JsonObject Condition(string type, bool holds, (string Reason, string Text) held, (string Reason, string Text) passed) =>
            new()
            {
                ["type"] = type,
                ["status"] = holds ? "True" : "False",
                ["reason"] = (holds ? held : passed).Reason,
                ["message"] = (holds ? held : passed).Text,
                ["lastTransitionTime"] = since,
            };
    }

    private static string Discovery(IReadOnlyList<string> broken) =>
        "unable to retrieve the complete list of server APIs: "
        + string.Join(", ", broken.Select(api => $"{api}: stale GroupVersion discovery: {api}"));

    private static string Sorted(IEnumerable<string> texts) => string.Join(", ", texts.Order(StringComparer.Ordinal));
}
