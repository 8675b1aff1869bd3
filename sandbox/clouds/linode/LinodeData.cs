using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>Data sources: the catalogue, the account itself, and single objects by their id.</summary>
internal sealed class LinodeData
{
    private readonly Catalogue _catalogue = new();

    public JsonObject Read(ObjectIndex account, string type, JsonObject config) =>
        type switch
        {
            "linode_region" => Region(config.Text("id") ?? ""),
            "linode_regions" => new JsonObject
            {
                ["id"] = "regions",
                ["filter"] = config["filter"]?.DeepClone(),
                ["regions"] = Matching(_catalogue.Json.Entries("regions").Select(r => Region(r.Key)), config),
            },
            "linode_lke_versions" => new JsonObject
            {
                ["id"] = "versions",
                ["versions"] = Versions(config.Text("tier") ?? "standard"),
            },
            "linode_lke_version" => Version(config),
            "linode_instance_type" => InstanceType(config.Text("id") ?? ""),
            "linode_profile" => new JsonObject
            {
                ["id"] = "sandbox",
                ["username"] = "sandbox",
                ["email"] = "sandbox@example.invalid",
                ["timezone"] = "UTC",
                ["restricted"] = false,
                ["two_factor_auth"] = true,
                ["email_notifications"] = false,
                ["ip_whitelist_enabled"] = false,
                ["lish_auth_method"] = "keys_only",
            },
            _ => Existing(account, type, config),
        };

    /// <summary>A data source named like a resource type. It gives the object by id, or by label if there is no id.</summary>
    private static JsonObject Existing(ObjectIndex account, string type, JsonObject config)
    {
        var objects = account.OfType(type).ToList();
        if (!IsSingle(type))
            throw new ProviderException(
                $"The sandbox does not support the data source {type}",
                "Add it to sandbox/clouds/linode/LinodeData.cs, or run this configuration against the real cloud."
            );
        var found = config.Text("id") is { } id
            ? objects.FirstOrDefault(o => o.Id == id)
            : objects.FirstOrDefault(o => o.Name == config.Text("label") || o.Name == config.Text("domain"));
        return found?.Attributes.DeepClone().AsObject() ?? throw new ProviderException("[404] Not found");
    }

    private static bool IsSingle(string type) =>
        type
            is "linode_vpc"
                or "linode_vpc_subnet"
                or "linode_firewall"
                or "linode_lke_cluster"
                or "linode_lke_node_pool"
                or "linode_database_postgresql_v2"
                or "linode_object_storage_bucket"
                or "linode_domain"
                or "linode_domain_record"
                or "linode_lock";

    private JsonObject Region(string id)
    {
        var region = _catalogue.Region(id) ?? throw new ProviderException("[404] Not found");
        return new JsonObject
        {
            ["id"] = id,
            ["label"] = region.Text("label"),
            ["country"] = region.Text("country"),
            ["site_type"] = region.Text("site_type"),
            ["status"] = "ok",
            ["capabilities"] = region["capabilities"]!.DeepClone(),
            ["monitors"] = region["monitors"]?.DeepClone(),
        };
    }

    private JsonArray Versions(string tier) =>
        new([.. _catalogue.Json.Texts($"kubernetes.{tier}").Select(v => new JsonObject { ["id"] = v, ["tier"] = tier })]);

    private JsonObject Version(JsonObject config)
    {
        var tier = config.Text("tier") ?? "standard";
        return _catalogue.Json.Texts($"kubernetes.{tier}").Contains(config.Text("id"))
            ? new JsonObject { ["id"] = config.Text("id"), ["tier"] = tier }
            : throw new ProviderException("[404] Not found");
    }

    private JsonObject InstanceType(string id)
    {
        var type = _catalogue.Json["types"]![id]?.DeepClone().AsObject() ?? throw new ProviderException("[404] Not found");
        type["id"] = id;
        return type;
    }

    /// <summary>
    /// The items that pass all filters, as in the provider. An item passes a filter if one of the filter's values matches.
    /// </summary>
    private static JsonArray Matching(IEnumerable<JsonObject> items, JsonObject config) =>
        new([.. items.Where(item => config.Items("filter").All(filter => Matches(item, filter!)))]);

    private static bool Matches(JsonObject item, JsonNode filter)
    {
        var name = filter.Text("name") ?? "";
        var given = item.At(name) is JsonArray ? item.Texts(name).ToList() : [item.Text(name) ?? ""];
        return filter
            .Texts("values")
            .Any(v => filter.Text("match_by") is null or "exact" ? given.Contains(v) : given.Any(g => g.Contains(v)));
    }
}
