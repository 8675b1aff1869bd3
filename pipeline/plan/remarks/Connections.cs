using System.Text.Json.Nodes;
using InfraCdktf.Environments.Values;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// Network policies that allow more than before, or that do not limit pods any more. Policies only add connections; without a
/// policy a pod accepts and opens every one (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
/// </summary>
internal sealed class Connections : IRemarkRule
{
    private static readonly (string Rules, string Peers, string Word)[] s_directions =
    [
        ("ingress", "from", "from"),
        ("egress", "to", "to"),
    ];

    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change.Kind != "NetworkPolicy")
            yield break;
        var (before, after) = (Spec(change.Before), Spec(change.After));
        if (change.Action == PlannedAction.Destroy)
        {
            if (before is not null && s_directions.All(direction => ResourceChange.Objects(before[direction.Rules]).Count == 0))
                yield return new(
                    RemarkKind.Security,
                    $"The default deny {change.Name} ends: pods that no other policy selects accept and open every connection."
                );
            yield break;
        }
        foreach (var type in ResourceChange.Texts(before?["policyTypes"]).Except(ResourceChange.Texts(after?["policyTypes"])))
            yield return new(
                RemarkKind.Security,
                $"The network policy {change.Name} does not limit {type.ToLowerInvariant()} any more."
            );
        foreach (var (rules, peers, word) in s_directions)
        {
            var had = Flows(before?[rules], peers).ToList();
            var more = Flows(after?[rules], peers).Where(flow => !had.Any(one => Covers(one, flow))).ToList();
            if (more.Count == 0)
                continue;
            var peersInWords = more.Any(flow => flow.Peer == Everything)
                ? "EVERYWHERE"
                : string.Join(" and ", more.Select(flow => flow.Sort).Distinct());
            yield return new(
                RemarkKind.Security,
                $"The network policy {change.Name} allows {(before is null ? "" : "more ")}connections {word} {peersInWords}.",
                string.Join("; ", more.Select(flow => $"{word} {flow.Peer} at {flow.Ports}").Distinct())
            );
        }
    }

    private const string Everything = "everywhere";

    private sealed record Flow(string Peer, string Sort, string Ports, Cidr? Range);

    private static bool Covers(Flow had, Flow wanted) =>
        had.Ports == wanted.Ports
        && (
            had.Peer == wanted.Peer
            || (had.Range is { IsValid: true } range && wanted.Range is { IsValid: true } inner && range.Contains(inner))
        );

    private static JsonObject? Spec(JsonObject? policy)
    {
        if (policy is null)
            return null;
        var isTerraform = policy["kind"] is null;
        return (isTerraform ? TerraformObject.ToKubernetes(policy, "networking.k8s.io/v1", "NetworkPolicy") : policy)["spec"]
            as JsonObject;
    }

    private static IEnumerable<Flow> Flows(JsonNode? rules, string peers) =>
        from rule in ResourceChange.Objects(rules)
        let ports = Ports(rule["ports"])
        from peer in ResourceChange.Objects(rule[peers]) is { Count: > 0 } list
            ? list.Select(one => Peer(one, ports))
            : [new(Everything, "everywhere", ports, null)]
        select peer;

    private static Flow Peer(JsonObject peer, string ports)
    {
        if (ResourceChange.Single(peer["ipBlock"]) is { } block && ResourceChange.Text(block["cidr"]) is { } cidr)
        {
            var except = ResourceChange.Texts(block["except"]);
            return except.Count == 0
                ? new(cidr, "addresses", ports, new(cidr))
                : new($"{cidr} except {string.Join(", ", except)}", "addresses", ports, null);
        }
        var spaces = peer["namespaceSelector"] is { } space ? $"namespaces {Labels(space)}" : "the same namespace";
        return new($"{Labels(peer["podSelector"])} pods of {spaces}", "pods", ports, null);
    }

    private static string Labels(JsonNode? selector)
    {
        var labels = ResourceChange.Single(selector)?["matchLabels"] as JsonObject ?? [];
        var expressions = ResourceChange
            .Objects(ResourceChange.Single(selector)?["matchExpressions"])
            .Select(one =>
                $"{ResourceChange.Text(one["key"])} {ResourceChange.Text(one["operator"])} "
                + $"({string.Join(", ", ResourceChange.Texts(one["values"]))})"
            );
        var texts = labels.Select(label => $"{label.Key}={PlanValue.Text(label.Value)}").Concat(expressions).ToList();
        return texts.Count == 0 ? "all" : string.Join(" and ", texts);
    }

    private static string Ports(JsonNode? ports)
    {
        var texts = ResourceChange
            .Objects(ports)
            .Select(port =>
                $"{ResourceChange.Text(port["protocol"]) ?? "TCP"} {ResourceChange.Text(port["port"]) ?? "all"}"
                + (ResourceChange.Text(port["endPort"]) is { } end ? $"-{end}" : "")
            )
            .ToList();
        return texts.Count == 0 ? "every port" : string.Join(", ", texts);
    }
}
