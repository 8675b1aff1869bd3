using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>
/// VPCs. A label has 1-64 letters, digits and hyphens, without "--" (OpenAPI, POST /vpcs). It is unique in the account.
/// </summary>
internal sealed partial class VpcRules(Catalogue catalogue) : ResourceRules
{
    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value) =>
        AllocatedRanges.TryCompute(attribute, item, prefixLength: 52, out value);

    public override JsonObject Read(JsonObject stored, JsonObject? state) => AllocatedRanges.Read(stored, state);

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        catalogue.Require(attributes.Text("region"), "VPCs", "VPCs are");
        CheckLabel(attributes.Text("label"));
        if (Names.Taken(account, item.Type, attributes.Text("label"), before))
            throw Refused("[label] Label must be unique among your VPCs");
    }

    public override void Delete(Transaction account, AccountObject item)
    {
        if (account.OfType("linode_vpc_subnet").Any(s => s.Attributes.Text("vpc_id") == item.Id))
            throw Refused("VPC has subnets and cannot be deleted");
        account.Remove(item);
    }

    public static void CheckLabel(string? label)
    {
        if (label is null or { Length: < 1 or > 64 })
            throw Refused("[label] Length must be 1-64 characters");
        if (!Allowed().IsMatch(label))
            throw Refused("[label] Must include only ASCII letters, numbers, and dashes");
        if (label.Contains("--"))
            throw Refused("[label] Label cannot contain two dashes in a row");
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]+\z")]
    private static partial Regex Allowed();
}

/// <summary>
/// Subnets: RFC 1918, /1 to /29, without an overlap in the VPC and without an overlap with LKE's range (192.168.128.0/17).
/// </summary>
internal sealed class SubnetRules : ResourceRules
{
    private static readonly IPNetwork[] _private =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
    ];

    private static readonly IPNetwork _reserved = IPNetwork.Parse("192.168.128.0/17");

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value) =>
        AllocatedRanges.TryCompute(attribute, item, prefixLength: 64, out value);

    public override JsonObject Read(JsonObject stored, JsonObject? state) => AllocatedRanges.Read(stored, state);

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        VpcRules.CheckLabel(attributes.Text("label"));
        var vpc = attributes.Text("vpc_id") ?? "";
        if (account.Find("linode_vpc", vpc) is null)
            throw new ProviderException("[404] Not found");
        var siblings = account.OfType(item.Type).Where(s => s.Attributes.Text("vpc_id") == vpc && s.Id != before?.Id).ToList();
        if (siblings.Any(s => s.Name == attributes.Text("label")))
            throw Refused("[label] Label must be unique among the VPC's subnets");
        if (attributes.Text("ipv4") is { } range)
            CheckRange(range, siblings.Select(s => s.Attributes.Text("ipv4")).OfType<string>());
    }

    public override void Delete(Transaction account, AccountObject item)
    {
        if (account.OfType("linode_database_postgresql_v2").Concat(account.OfType("linode_database_mysql_v2")).Any(Uses))
            throw Refused("Cannot delete a subnet with databases attached");
        if (account.OfType("linode_lke_cluster").Any(c => c.Attributes.Text("subnet_id") == item.Id))
            throw Refused("Cannot delete a subnet with active Linodes or NodeBalancers");
        account.Remove(item);

        bool Uses(AccountObject database) => database.Attributes.Text("private_network.subnet_id") == item.Id;
    }

    private static void CheckRange(string text, IEnumerable<string> siblings)
    {
        // TryParse drops host bits. The API refuses them.
        if (!IPNetwork.TryParse(text, out var range) || range.ToString() != text)
            throw Refused("[ipv4] Must be an IPv4 network in CIDR notation, without host bits");
        if (range.PrefixLength is < 1 or > 29)
            throw Refused("[ipv4] Prefix length must be between 1 and 29");
        if (!_private.Any(p => p.PrefixLength <= range.PrefixLength && p.Contains(range.BaseAddress)))
            throw Refused("[ipv4] Must be a private (RFC 1918) network");
        if (Overlap(range, _reserved))
            throw Refused("[ipv4] Must not overlap with the reserved range 192.168.128.0/17");
        if (siblings.FirstOrDefault(s => Overlap(range, IPNetwork.Parse(s))) is { } other)
            throw Refused($"[ipv4] Must not overlap with existing subnet {other}");
    }

    private static bool Overlap(IPNetwork a, IPNetwork b) => a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress);
}

/// <summary>
/// IPv6 ranges of VPCs and subnets. "/52" and "auto" ask for any range. The provider keeps such a request in the state. Without
/// one, as after an import, it reads the allocated range (provider 3.13.0, measured).
/// </summary>
internal static class AllocatedRanges
{
    public static bool TryCompute(ComputedAttribute attribute, NewObject item, int prefixLength, out JsonNode? value)
    {
        value = null;
        if (attribute.Path != "ipv6.allocated_range")
            return false;
        var asked = item.Planned.Text(attribute.Place[..^"allocated_range".Length] + "range");
        var number = Synthetic.Number(item.Seed + attribute.Place);
        // The documentation prefix, and groups that every one of these prefix lengths contains.
        value = IsRequest(asked) ? $"2001:db8:{number % 0xffff:x}::/{prefixLength}" : asked;
        return true;
    }

    public static JsonObject Read(JsonObject stored, JsonObject? state)
    {
        var at = 0;
        foreach (var entry in stored.Items("ipv6").OfType<JsonObject>())
        {
            var known = state.Text($"ipv6.{at++}.range");
            entry["range"] = known is not null && IsRequest(known) ? known : entry.Text("allocated_range");
        }
        return stored;
    }

    private static bool IsRequest(string? range) => range is null or "auto" || range.StartsWith('/');
}

/// <summary>Firewalls. Labels are unique in the account. The facts hold their length.</summary>
internal sealed partial class FirewallRules : ResourceRules
{
    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path switch
        {
            "status" => item.Planned.True("disabled") ? "disabled" : "enabled",
            "linodes" or "nodebalancers" or "interfaces" or "devices" => new JsonArray(),
            _ => null,
        };
        return value is not null;
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (attributes.Text("label") is { } label && !Allowed().IsMatch(label))
            throw Refused(
                "[label] Label must begin with a letter and include only letters, numbers, dashes, underscores and periods"
            );
        if (Names.Taken(account, item.Type, attributes.Text("label"), before))
            throw Refused("[label] Label must be unique among your firewalls");
        foreach (var rule in attributes.Items("inbound").Concat(attributes.Items("outbound")))
        {
            foreach (var address in rule.Texts("ipv4").Concat(rule.Texts("ipv6")))
                if (!IPNetwork.TryParse(address, out _))
                    throw Refused($"[rules] Must be an IP range in CIDR notation: {address}");
            if (rule.Text("protocol") is "ICMP" or "IPENCAP" && rule.Text("ports") is not null)
                throw Refused("[rules] Ports are not allowed for the ICMP and IPENCAP protocols");
        }
    }

    public override JsonObject Keep(NewObject item, JsonObject attributes, AccountObject? before)
    {
        attributes["status"] = attributes.True("disabled") ? "disabled" : "enabled";
        return attributes;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]*\z")]
    private static partial Regex Allowed();
}

/// <summary>The names in use in an account.</summary>
internal static class Names
{
    public static bool Taken(Transaction account, string type, string? name, AccountObject? self) =>
        account.OfType(type).Any(o => o.Name == name && o.Id != self?.Id);
}
