using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>DNS zones. Times (in seconds) are rounded up to the values that Linode offers.</summary>
internal sealed class DomainRules : ResourceRules
{
    private static readonly int[] _offered =
    [
        300,
        3600,
        7200,
        14400,
        28800,
        57600,
        86400,
        172800,
        345600,
        604800,
        1209600,
        2419200,
    ];

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path switch
        {
            "status" => "active",
            "tags" => new JsonArray(),
            _ => null,
        };
        return value is not null;
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (
            attributes.Text("domain") is not { } domain
            || Uri.CheckHostName(domain) != UriHostNameType.Dns
            || !domain.Contains('.')
        )
            throw Refused("[domain] Domain is not valid");
        if (Names.Taken(account, item.Type, domain, before))
            throw Refused("[domain] DNS zone already exists.");
        if (attributes.Text("type") == "master" && attributes.Text("soa_email") is null or "")
            throw Refused("[soa_email] soa_email required when type=master");
    }

    public override JsonObject Keep(NewObject item, JsonObject attributes, AccountObject? before)
    {
        foreach (var name in attributes.Select(a => a.Key).Where(k => k.EndsWith("_sec", StringComparison.Ordinal)).ToList())
            if (attributes.Whole(name) is { } seconds)
                attributes[name] = Round(name, NumberValue.Of(seconds));
        return attributes;
    }

    public override void Delete(Transaction account, AccountObject item)
    {
        foreach (
            var record in account.OfType("linode_domain_record").Where(r => r.Attributes.Text("domain_id") == item.Id).ToList()
        )
            account.Remove(record);
        account.Remove(item);
    }

    /// <summary>Rounds a time in seconds. 0 stays 0 (it means 86400). 30 and 120 are also allowed.</summary>
    public static long Round(string path, NumberValue seconds)
    {
        var wanted = Numbers.Approximate(seconds.Literal);
        if (wanted is 0 or 30 or 120)
            return (long)wanted;
        return _offered.FirstOrDefault(o => o >= wanted, _offered[^1]);
    }
}

/// <summary>The records of a DNS zone.</summary>
internal sealed class DomainRecordRules : ResourceRules
{
    private static readonly string[] _types = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SRV", "TXT"];

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path == "name" ? "" : null;
        return value is not null;
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (account.Find("linode_domain", attributes.Text("domain_id") ?? "") is null)
            throw new ProviderException("[404] Not found");
        if (!_types.Contains(attributes.Text("record_type")))
            throw Refused($"[type] Must be one of {string.Join(", ", _types)}");
        if (attributes.Text("target") is null or "")
            throw Refused("[target] target is required");
    }

    public override JsonObject Keep(NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (attributes.Whole("ttl_sec") is { } seconds)
            attributes["ttl_sec"] = DomainRules.Round("ttl_sec", NumberValue.Of(seconds));
        return attributes;
    }
}
