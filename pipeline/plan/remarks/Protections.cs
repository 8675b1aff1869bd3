using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// A protection that ends: Linode's lock against deletion, an admission policy, Pod Security, the kept data of a storage class,
/// the access list of a bucket. Terraform's own <c>prevent_destroy</c> is in no plan: without it a destroy is shown as a destroy.
/// </summary>
internal sealed partial class Protections : IRemarkRule
{
    // From strict to open: https://kubernetes.io/docs/concepts/security/pod-security-standards/.
    private static readonly string[] s_levels = ["restricted", "baseline", "privileged"];

    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        var (before, after) = (change.Before, change.After);
        return (change.Type, change.Kind) switch
        {
            ("linode_lock", _) when change.Action is PlannedAction.Destroy or PlannedAction.Replace =>
            [
                new(RemarkKind.Security, "The protection from deletion is turned off: Linode's lock is removed.", Lock(before)),
            ],
            ("linode_object_storage_bucket", _) => Bucket(change.Name, before, after),
            (_, "StorageClassV1" or "StorageClass") => Storage(change.Name, before, after),
            (_, "Namespace") => PodSecurity(change.Name, before, after),
            (_, "ValidatingAdmissionPolicy" or "ValidatingAdmissionPolicyBinding") => Admission(change),
            _ => [],
        };
    }

    private static string Lock(JsonObject? before) =>
        $"{ResourceChange.Text(before?["lock_type"])} of {ResourceChange.Text(before?["entity_type"])} "
        + $"{ResourceChange.Text(before?["entity_id"])}";

    private static IEnumerable<PlanRemark> Bucket(string name, JsonObject? before, JsonObject? after)
    {
        var (was, wanted) = (ResourceChange.Text(before?["acl"]), ResourceChange.Text(after?["acl"]));
        if (wanted is not (null or "private") && was != wanted)
            yield return new(RemarkKind.Security, $"The bucket {name} is not private any more.", $"{was ?? "new"} → {wanted}");
    }

    private static IEnumerable<PlanRemark> Storage(string name, JsonObject? before, JsonObject? after)
    {
        if (before is null || after is null)
            yield break;
        foreach (var member in new[] { "reclaim_policy", "reclaimPolicy" })
            if (ResourceChange.Text(before[member]) == "Retain" && ResourceChange.Text(after[member]) == "Delete")
                yield return new(
                    RemarkKind.Security,
                    $"The storage class {name} does not keep the data any more: a volume is deleted with its claim."
                );
        const string Encrypted = "linodebs.csi.linode.com/encrypted";
        if (
            ResourceChange.Text(before["parameters"]?[Encrypted]) == "true"
            && ResourceChange.Text(after["parameters"]?[Encrypted]) != "true"
        )
            yield return new(RemarkKind.Security, $"New volumes of the storage class {name} are not encrypted any more.");
    }

    private static IEnumerable<PlanRemark> PodSecurity(string name, JsonObject? before, JsonObject? after)
    {
        const string Enforce = "pod-security.kubernetes.io/enforce";
        var was = Array.IndexOf(s_levels, Label(before, Enforce) ?? "privileged");
        var wanted = Array.IndexOf(s_levels, Label(after, Enforce) ?? "privileged");
        if (before is not null && after is not null && wanted > was && was >= 0)
            yield return new(
                RemarkKind.Security,
                $"The namespace {name} accepts pods with more rights on their node.",
                $"Pod Security {s_levels[was]} → {s_levels[wanted]}"
            );
    }

    private static string? Label(JsonObject? value, string label) =>
        ResourceChange.Text(ResourceChange.Single(value?["metadata"])?["labels"]?[label]);

    private static IEnumerable<PlanRemark> Admission(ResourceChange change)
    {
        var isBinding = change.Kind == "ValidatingAdmissionPolicyBinding";
        if (change.Action == PlannedAction.Destroy)
        {
            if (!isBinding || Denies(change.Before))
                yield return new(RemarkKind.Security, $"The admission rule {change.Name} ends: what it refused is accepted.");
            yield break;
        }
        if (change is not { Before: { } before, After: { } after })
            yield break;
        if (isBinding && Denies(before) && !Denies(after))
            yield return new(RemarkKind.Security, $"The admission rule {change.Name} does not refuse any more: it only warns.");
        if (isBinding)
        {
            var missing = Environments(before).Except(Environments(after), StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
                yield return new(
                    RemarkKind.Security,
                    $"The admission rule {change.Name} does not apply to {string.Join(", ", missing)} any more."
                );
        }
        else if (!JsonNode.DeepEquals(before["spec"], after["spec"]))
        {
            var more = More(before, after);
            yield return new(
                RemarkKind.Security,
                Policy(before) == "Fail" && Policy(after) == "Ignore"
                        ? $"The admission policy {change.Name} accepts what it cannot check."
                    : change.Name == Registries && more.Count > 0
                        ? "The allow-list of image registries gets wider: pods may run images from more registries."
                    : $"The admission policy {change.Name} changes: read what it accepts now.",
                more.Count > 0 ? $"new in its expressions: {string.Join(", ", more)}" : null
            );
        }
    }

    // The name of the rule in constructs/admission.
    private const string Registries = "allowed-registries";

    // The texts that occur more often than before: a list in an expression has a text for each allowed value.
    private static IReadOnlyList<string> More(JsonObject before, JsonObject after)
    {
        var had = Texts(before).CountBy(text => text).ToDictionary(StringComparer.Ordinal);
        return
        [
            .. Texts(after)
                .CountBy(text => text)
                .Where(text => text.Value > had.GetValueOrDefault(text.Key))
                .Select(text => text.Key)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> Texts(JsonObject policy) =>
        AttributeChanges
            .Leaves(policy["spec"])
            .Where(leaf => leaf.Path.EndsWith("xpression", StringComparison.Ordinal))
            .SelectMany(leaf => Text().Matches(ResourceChange.Text(leaf.After) ?? ""))
            .Select(match => match.Groups[1].Value);

    [GeneratedRegex("'([^'\\s,]{1,100})'")]
    private static partial Regex Text();

    private static string? Policy(JsonObject value) => ResourceChange.Text(value["spec"]?["failurePolicy"]);

    private static bool Denies(JsonObject? binding) =>
        ResourceChange.Texts(binding?["spec"]?["validationActions"]).Contains("Deny", StringComparer.Ordinal);

    private static IEnumerable<string> Environments(JsonObject binding) =>
        ResourceChange
            .Objects(binding["spec"]?["matchResources"]?["namespaceSelector"]?["matchExpressions"])
            .Where(one => ResourceChange.Text(one["operator"]) == "In")
            .SelectMany(one => ResourceChange.Texts(one["values"]));
}
