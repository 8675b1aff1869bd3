using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Charts;

/// <summary>A CustomResourceDefinition, as a chart has it or as the cluster has it.</summary>
/// <param name="Object">The whole object.</param>
public sealed record Crd(JsonObject Object)
{
    /// <summary>The kind, with its group, as kubectl takes it.</summary>
    public const string Resource = "customresourcedefinitions.apiextensions.k8s.io";

    /// <summary>Its name: plural name and group.</summary>
    public string Name => (string?)Object["metadata"]?["name"] ?? "";

    /// <summary>The API group of the kind that it defines.</summary>
    public string Group => (string?)Object["spec"]?["group"] ?? "";

    /// <summary>The names of its versions, served or not.</summary>
    public IReadOnlyList<string> Versions =>
        [.. (Object["spec"]?["versions"] as JsonArray ?? []).Select(version => (string?)version?["name"] ?? "")];

    /// <summary>The versions in which the cluster may have stored objects (<c>status.storedVersions</c>).</summary>
    public IReadOnlyList<string> StoredVersions =>
        [.. (Object["status"]?["storedVersions"] as JsonArray ?? []).Select(version => (string?)version ?? "")];

    /// <summary>The chart whose CRDs were applied last; null if Helm installed it, or something else.</summary>
    public CrdMark? Mark => CrdMark.Read((string?)Object["metadata"]?["annotations"]?[CrdMark.Annotation]);

    /// <summary>True if an object is a CRD of the only version of that API that clusters still serve.</summary>
    public static bool Is(JsonObject manifest) =>
        (string?)manifest["apiVersion"] == "apiextensions.k8s.io/v1" && (string?)manifest["kind"] == "CustomResourceDefinition";
}
