using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// Metrics that are kept for a shorter time, and alerts that somebody else gets. The members are those of the values of
/// kube-prometheus-stack (https://github.com/prometheus-community/helm-charts).
/// </summary>
internal sealed partial class Observability : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change.Type != "helm_release" || change is not { Before: { } before, After: { } after })
            yield break;
        var (was, wanted) = (Retention(before), Retention(after));
        if (Days(was) is { } old && Days(wanted) is { } days && days < old)
            yield return new(
                RemarkKind.Destroys,
                "Prometheus keeps metrics for a shorter time: it deletes the older ones.",
                $"{was} → {wanted}"
            );
        if (!JsonNode.DeepEquals(Alertmanager(before), Alertmanager(after)))
            yield return new(RemarkKind.Fact, "The routing of alerts changes: who is alerted, where, or when.");
    }

    private static JsonNode? Values(JsonObject release) => ResourceChange.Objects(release["values"]) is [var only] ? only : null;

    private static string? Retention(JsonObject release) =>
        ResourceChange.Text(Values(release)?["prometheus"]?["prometheusSpec"]?["retention"]);

    private static JsonNode? Alertmanager(JsonObject release) => Values(release)?["alertmanager"]?["config"];

    private static int? Days(string? text) =>
        text is not null && InDays().Match(text) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex("^([0-9]{1,5})d$")]
    private static partial Regex InDays();
}
