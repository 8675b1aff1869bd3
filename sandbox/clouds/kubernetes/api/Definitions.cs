using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// What the API server does with a written CustomResourceDefinition. Its objects are not served. Sources: PrepareForCreate and
/// PrepareForUpdate in apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go, and
/// ValidateCustomResourceDefinitionStoredVersions in pkg/apis/apiextensions/validation (Kubernetes 1.34).
/// </summary>
internal static class Definitions
{
    public const string Group = "apiextensions.k8s.io";
    public const string Plural = "customresourcedefinitions";

    /// <summary>True for the kind of CustomResourceDefinitions.</summary>
    public static bool Are(ApiKind kind) => kind.Plural == Plural;

    /// <summary>
    /// Sets the status: that of the stored object, and the storage version among the stored versions. What the caller wrote there
    /// is ignored.
    /// </summary>
    /// <param name="before">The stored object; null for a new one.</param>
    /// <param name="item">The object to store.</param>
    /// <exception cref="ApiException">The definition is not valid.</exception>
    public static void Admit(JsonObject? before, JsonObject item)
    {
        var name = item.Text("metadata.name")!;
        if (name != $"{item.Text("spec.names.plural")}.{item.Text("spec.group")}")
            throw Invalid(name, "metadata.name", $"Invalid value: \"{name}\": must be spec.names.plural+\".\"+spec.group");
        string[] versions = [.. item.Items("spec.versions").Select(version => version.Text("name") ?? "")];
        var storage = item.Items("spec.versions").Where(version => (bool?)version!["storage"] == true).ToList();
        if (storage is not [var stores])
            throw Invalid(name, "spec.versions", "Invalid value: must have exactly one version marked as storage version");
        var status = before?["status"]?.DeepClone().AsObject() ?? New(item);
        var stored = status["storedVersions"]!.AsArray();
        if (!stored.Any(version => (string?)version == stores.Text("name")))
            stored.Add(stores.Text("name"));
        for (var at = 0; at < stored.Count; at++)
        {
            var version = (string)stored[at]!;
            if (!versions.Contains(version))
                throw Invalid(
                    name,
                    $"status.storedVersions[{at}]",
                    $"Invalid value: \"{version}\": missing from spec.versions; {version} was previously a storage version, and "
                        + "must remain in spec.versions until a storage migration ensures no data remains persisted in "
                        + $"{version} and removes {version} from status.storedVersions"
                );
        }
        item["status"] = status;
    }

    // Controllers of the API server accept the names and establish the kind.
    private static JsonObject New(JsonObject item) =>
        new()
        {
            ["acceptedNames"] = item["spec"]!["names"]!.DeepClone(),
            ["conditions"] = new JsonArray(
                new JsonObject { ["type"] = "NamesAccepted", ["status"] = "True" },
                new JsonObject { ["type"] = "Established", ["status"] = "True" }
            ),
            ["storedVersions"] = new JsonArray(),
        };

    private static ApiException Invalid(string name, string field, string why) =>
        ApiException.Invalid($"CustomResourceDefinition.{Group}", name, field, why);
}
