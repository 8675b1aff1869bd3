using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>
/// The difference between what a configuration says and what the API server answers, and between that and what the provider
/// 2.38.0 puts into the state (measured, and its own code).
/// </summary>
internal static class Answers
{
    // Arguments of the provider that no object of the API has. The provider cannot read them.
    private const string Wait = "wait_for_";
    private const string Revision = "_wo_revision";

    /// <summary>
    /// The object with its quantities in the API server's notation. The provider compares those of a quota as quantities, and
    /// those of a limit range as text: another notation there is a difference in every plan.
    /// </summary>
    public static JsonObject Canonical(string type, JsonObject attributes)
    {
        if (type == "kubernetes_resource_quota_v1")
            Canonical(attributes.At("spec.0.hard"));
        if (type == "kubernetes_limit_range_v1")
            foreach (var limit in attributes.Items("spec.0.limit"))
            foreach (var name in new[] { "default", "default_request", "max", "min", "max_limit_request_ratio" })
                Canonical(limit.At(name));
        return attributes;
    }

    /// <summary>The attributes that the provider reads.</summary>
    /// <param name="stored">The object as the cloud stores it; it is changed.</param>
    /// <param name="state">The object in the state; null during an import.</param>
    public static JsonObject Read(JsonObject stored, JsonObject? state)
    {
        foreach (var name in stored.Select(field => field.Key).Where(IsOnlyTheProviders).ToList())
            stored[name] = state?[name]?.DeepClone();
        foreach (var place in new[] { "labels", "annotations" })
            RemoveInternal(stored.At("metadata.0") as JsonObject, place, state.At($"metadata.0.{place}"));
        return stored;
    }

    private static bool IsOnlyTheProviders(string name) =>
        name.StartsWith(Wait, StringComparison.Ordinal) || name.EndsWith(Revision, StringComparison.Ordinal);

    // The provider drops keys of Kubernetes itself, such as pod-security.kubernetes.io/enforce, unless the state has them.
    private static void RemoveInternal(JsonObject? metadata, string place, JsonNode? known)
    {
        if (metadata?[place] is not JsonObject found)
            return;
        foreach (var key in found.Select(entry => entry.Key).Where(IsInternal).ToList())
            if ((known as JsonObject)?.ContainsKey(key) != true)
                found.Remove(key);
        if (found.Count == 0 && known is null)
            metadata[place] = null;
    }

    private static bool IsInternal(string key) =>
        key.Split('/')[0] is var domain
        && domain.EndsWith("kubernetes.io", StringComparison.Ordinal)
        && domain is not ("app.kubernetes.io" or "service.beta.kubernetes.io");

    private static void Canonical(JsonNode? amounts)
    {
        if (amounts is not JsonObject found)
            return;
        foreach (var (name, amount) in found.ToList())
            if (amount is not null)
                found[name] = Quantity.Canonical(amount.ToString());
    }
}
