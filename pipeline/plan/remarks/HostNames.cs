using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// Host names that end: the DNS zone or a listener of the shared gateway gets another one. A listener answers requests for its
/// host name only (https://gateway-api.sigs.k8s.io/reference/spec/, Listener).
/// </summary>
internal sealed class HostNames : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change is not { Before: { } before, After: { } after })
            yield break;
        if (change.Type == "linode_domain" && Differs(before["domain"], after["domain"]))
            yield return new(
                RemarkKind.Destroys,
                "The DNS zone gets another name: the host names below the old one end.",
                $"{PlanValue.Text(before["domain"])} → {PlanValue.Text(after["domain"])}"
            );
        if (change.Kind != "Gateway")
            yield break;
        var wanted = Listeners(after).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, host) in Listeners(before))
            if (!wanted.TryGetValue(name, out var next) || Differs(host, next))
                yield return new(
                    RemarkKind.Fact,
                    $"The gateway does not answer requests for the host name of the listener {name} any more.",
                    next is null ? PlanValue.Text(host) : $"{PlanValue.Text(host)} → {PlanValue.Text(next)}"
                );
    }

    private static bool Differs(JsonNode? before, JsonNode? after) =>
        before is not null && after is not null && !JsonNode.DeepEquals(before, after);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Listeners(JsonObject gateway) =>
        ResourceChange
            .Objects(gateway["spec"]?["listeners"])
            .Where(listener => ResourceChange.Text(listener["name"]) is not null)
            .DistinctBy(listener => ResourceChange.Text(listener["name"]))
            .Select(listener => KeyValuePair.Create(ResourceChange.Text(listener["name"])!, listener["hostname"]));
}
