using System.Text.Json.Nodes;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// A quota that shrinks, and limits of containers that get smaller. What runs stays; the API server refuses new pods
/// (https://kubernetes.io/docs/concepts/policy/resource-quotas/, https://kubernetes.io/docs/concepts/policy/limit-range/).
/// </summary>
internal sealed class Quotas : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change is not { Before: { } before, After: { } after })
            yield break;
        if (change.Kind == "ResourceQuota" && Smaller(Hard(before), Hard(after)) is { Count: > 0 } quota)
            yield return new(
                RemarkKind.Fact,
                $"The quota {change.Name} shrinks. What runs stays; new pods beyond it are refused, also those of an update.",
                string.Join(", ", quota)
            );
        if (change.Kind == "LimitRange" && Smaller(Max(before), Max(after)) is { Count: > 0 } limits)
            yield return new(
                RemarkKind.Fact,
                $"The limit range {change.Name} allows smaller containers only. New pods with larger ones are refused.",
                string.Join(", ", limits)
            );
    }

    private static JsonObject? Hard(JsonObject quota) => ResourceChange.Single(ResourceChange.Single(quota["spec"])?["hard"]);

    private static JsonObject? Max(JsonObject limits)
    {
        var spec = ResourceChange.Single(limits["spec"]);
        return ResourceChange.Single((spec?["limit"] ?? spec?["limits"])?[0]?["max"]);
    }

    private static IReadOnlyList<string> Smaller(JsonObject? before, JsonObject? after) =>
        [
            .. from member in before ?? []
            let was = new Quantity(ResourceChange.Text(member.Value) ?? "")
            let wanted = new Quantity(ResourceChange.Text(after?[member.Key]) ?? "")
            where was.IsValid && wanted.IsValid && wanted.Value < was.Value
            select $"{member.Key} {was} → {wanted}",
        ];
}
