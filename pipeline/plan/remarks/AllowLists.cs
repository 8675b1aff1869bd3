using System.Text.Json.Nodes;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// An allow-list of addresses that gets wider: the control plane's, a firewall's, a database's. The members are those of the
/// provider's schema (providers/schemas, linode 3.13.0).
/// </summary>
internal sealed class AllowLists : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change is not { Before: { } before, After: { } after })
            return [];
        return change.Type switch
        {
            "linode_lke_cluster" => ControlPlane(before, after),
            "linode_firewall" => Firewall(change.Name, before, after),
            "linode_database_postgresql_v2" or "linode_database_mysql_v2" => Database(change.Name, before, after),
            _ => [],
        };
    }

    /// <summary>The ranges that the list after has and no range of the list before contains.</summary>
    public static IReadOnlyList<string> Wider(IEnumerable<string> before, IEnumerable<string> after)
    {
        var had = before.Select(text => new Cidr(text)).ToList();
        return
        [
            .. after.Where(text =>
                new Cidr(text) is var range
                && !had.Any(one => one.Text == text || (one.IsValid && range.IsValid && one.Contains(range)))
            ),
        ];
    }

    /// <summary>The remark about more addresses.</summary>
    /// <param name="what">What accepts connections: "The control plane".</param>
    /// <param name="ranges">The additional ranges.</param>
    public static PlanRemark More(string what, IReadOnlyList<string> ranges) =>
        new(
            RemarkKind.Security,
            ranges.Any(text => new Cidr(text) is { IsValid: true, IsEverything: true })
                ? $"{what} accepts connections from EVERY address."
                : $"The allow-list gets wider: {Lower(what)} accepts connections from more addresses.",
            string.Join(", ", ranges)
        );

    private static IEnumerable<PlanRemark> ControlPlane(JsonObject before, JsonObject after)
    {
        var (was, wanted) = (Acl(before), Acl(after));
        if (IsOn(was) && !IsOn(wanted))
            yield return new(RemarkKind.Security, "The control plane accepts connections from EVERY address: its list is off.");
        else if (IsOn(wanted) && Wider(Ranges(was), Ranges(wanted)) is { Count: > 0 } more && IsOn(was))
            yield return More("The control plane", more);
    }

    private static JsonObject? Acl(JsonObject cluster) =>
        ResourceChange.Single(ResourceChange.Single(cluster["control_plane"])?["acl"]);

    private static bool IsOn(JsonObject? acl) => ResourceChange.Text(acl?["enabled"]) == "true";

    private static IEnumerable<string> Ranges(JsonObject? acl) =>
        ResourceChange.Single(acl?["addresses"]) is { } addresses ? Both(addresses) : [];

    private static IEnumerable<string> Both(JsonObject addresses) =>
        ResourceChange.Texts(addresses["ipv4"]).Concat(ResourceChange.Texts(addresses["ipv6"]));

    private static IEnumerable<PlanRemark> Firewall(string name, JsonObject before, JsonObject after)
    {
        if (ResourceChange.Text(after["disabled"]) == "true" && ResourceChange.Text(before["disabled"]) != "true")
            yield return new(RemarkKind.Security, $"The firewall {name} is switched off: every connection is accepted.");
        foreach (var direction in new[] { "inbound", "outbound" })
        {
            if (
                ResourceChange.Text(after[$"{direction}_policy"]) == "ACCEPT"
                && ResourceChange.Text(before[$"{direction}_policy"]) != "ACCEPT"
            )
                yield return new(
                    RemarkKind.Security,
                    $"The firewall {name} accepts every {direction} connection that no rule drops."
                );
            var had = Rules(before[direction]).ToList();
            foreach (var (label, place, ranges) in Rules(after[direction]))
                if (Wider(had.Where(rule => rule.Place == place).SelectMany(rule => rule.Ranges), ranges) is { Count: > 0 } more)
                    yield return new(
                        RemarkKind.Security,
                        $"The firewall {name} accepts more {direction} connections, by its rule {label}.",
                        $"{place}: {string.Join(", ", more)}"
                    );
        }
    }

    private static IEnumerable<(string Label, string Place, IReadOnlyList<string> Ranges)> Rules(JsonNode? rules) =>
        ResourceChange
            .Objects(rules)
            .Where(rule => ResourceChange.Text(rule["action"]) == "ACCEPT")
            .Select(rule =>
                (
                    ResourceChange.Text(rule["label"]) ?? "without a label",
                    $"{ResourceChange.Text(rule["protocol"])} {ResourceChange.Text(rule["ports"])}".TrimEnd(),
                    (IReadOnlyList<string>)[.. Both(rule)]
                )
            );

    private static IEnumerable<PlanRemark> Database(string name, JsonObject before, JsonObject after)
    {
        if (Wider(ResourceChange.Texts(before["allow_list"]), ResourceChange.Texts(after["allow_list"])) is { Count: > 0 } more)
            yield return More($"The database {name}", more);
        if (IsPublic(after) && !IsPublic(before))
            yield return new(RemarkKind.Security, $"The database {name} gets an address on the internet.");
    }

    private static bool IsPublic(JsonObject database) =>
        ResourceChange.Text(ResourceChange.Single(database["private_network"])?["public_access"]) == "true";

    private static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
