using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>Akamai Linode through its provider 3.13.0.</summary>
/// <param name="buckets">The account's buckets. Bucket resources create and delete them there.</param>
internal sealed class LinodeCloud(IBuckets buckets) : Cloud("linode", "linode-3.13.0")
{
    /// <summary>From the provider's own validators (terraform-provider-linode v3.13.0) and the API's reference.</summary>
    private static readonly Dictionary<string, WordCheck> _words = new()
    {
        ["linode_lke_cluster"] = new WordCheck(
            new Dictionary<string, string[]>
            {
                ["tier"] = ["standard", "enterprise"],
                ["stack_type"] = ["ipv4", "ipv4-ipv6"],
                ["pool.disk_encryption"] = ["enabled", "disabled"],
                ["pool.update_strategy"] = ["on_recycle", "rolling_update"],
                ["pool.taint.effect"] = ["NoSchedule", "PreferNoSchedule", "NoExecute"],
            }
        ),
        ["linode_domain"] = new WordCheck(new Dictionary<string, string[]> { ["type"] = ["master", "slave"] }),
    };

    private readonly LinodeData _data = new();
    private readonly Dictionary<string, ResourceRules> _rules = Rules(new Catalogue(), buckets);

    public override JsonObject Configure(JsonObject config, IReadOnlyDictionary<string, string> environment)
    {
        if (string.IsNullOrEmpty(config.Text("token") ?? environment.GetValueOrDefault("LINODE_TOKEN")))
            throw new ProviderException(
                "Token Not Set",
                "The Linode API token must be configured: "
                    + "set `token` in the provider block or the environment variable LINODE_TOKEN."
            );
        config["api_version"] ??= environment.GetValueOrDefault("LINODE_API_VERSION", "v4");
        config["obj_access_key"] ??= environment.GetValueOrDefault("LINODE_OBJ_ACCESS_KEY");
        config["obj_secret_key"] ??= environment.GetValueOrDefault("LINODE_OBJ_SECRET_KEY");
        return config;
    }

    public override IEnumerable<Problem> Validate(string type, JsonObject config) =>
        _words.GetValueOrDefault(type)?.Run(Schema.Resources[type].Body, config) ?? [];

    public override string NameOf(string type, JsonObject attributes) =>
        attributes.Text("label") ?? attributes.Text("domain") ?? attributes.Text("name") ?? attributes.Text("username") ?? "";

    /// <summary>
    /// The key from an import id. A key is a number, as in Linode; a bucket's key is "region:label". Some types are imported by
    /// "parent,id", for example "vpc_id,id". The format is in the provider's documentation of each type.
    /// </summary>
    public override string KeyOfImport(string type, string id)
    {
        if (type is not ("linode_vpc_subnet" or "linode_lke_node_pool" or "linode_domain_record"))
            return id;
        return id.Split(',') is [{ Length: > 0 }, { Length: > 0 } own]
            ? own
            : throw new ProviderException(
                "Unexpected Import Identifier",
                $"Expected import identifier with format: parent,id. Got: \"{id}\""
            );
    }

    public override string IdFor(Transaction account, string type, JsonObject attributes)
    {
        if (type == "linode_object_storage_bucket")
            return $"{attributes.Text("region") ?? attributes.Text("cluster")}:{attributes.Text("label")}";
        var name = NameOf(type, attributes);
        var seed = $"{type}/{name}/{account.Created(type, name)}";
        for (var attempt = 0; ; attempt++)
        {
            var id = (1 + Synthetic.Number($"{seed}/{attempt}") % 90_000_000).ToString(CultureInfo.InvariantCulture);
            if (account.Find(type, id) is null)
                return id;
        }
    }

    public override bool Equivalent(string type, string path, Value? before, Value? after) =>
        path.EndsWith("_sec", StringComparison.Ordinal)
        && (before, after) is (NumberValue b, NumberValue a)
        && DomainRules.Round(path, b) == DomainRules.Round(path, a);

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value) =>
        For(item.Type).TryCompute(attribute, item, out value);

    public override JsonObject Create(Transaction account, NewObject item, JsonObject attributes)
    {
        var rules = For(item.Type);
        rules.Check(account, item, attributes, null);
        return rules.Keep(item, attributes, null);
    }

    public override JsonObject Update(Transaction account, AccountObject before, NewObject item, JsonObject attributes)
    {
        var rules = For(item.Type);
        rules.Check(account, item, attributes, before);
        return rules.Keep(item, attributes, before);
    }

    public override JsonObject Read(string type, JsonObject stored, JsonObject? state) => For(type).Read(stored, state);

    public override void Delete(Transaction account, AccountObject item) => For(item.Type).Delete(account, item);

    public override JsonObject ReadData(ObjectIndex account, string type, JsonObject config) => _data.Read(account, type, config);

    private ResourceRules For(string type) => _rules.GetValueOrDefault(type, ResourceRules.None);

    private static Dictionary<string, ResourceRules> Rules(Catalogue catalogue, IBuckets buckets) =>
        new()
        {
            ["linode_vpc"] = new VpcRules(catalogue),
            ["linode_vpc_subnet"] = new SubnetRules(),
            ["linode_firewall"] = new FirewallRules(),
            ["linode_lke_cluster"] = new ClusterRules(catalogue),
            ["linode_lke_node_pool"] = new NodePoolRules(catalogue),
            ["linode_lock"] = new LockRules(),
            ["linode_database_postgresql_v2"] = new DatabaseRules(catalogue),
            ["linode_database_mysql_v2"] = new DatabaseRules(catalogue),
            ["linode_object_storage_bucket"] = new BucketRules(catalogue, buckets),
            ["linode_object_storage_key"] = new AccessKeyRules(catalogue, buckets),
            ["linode_domain"] = new DomainRules(),
            ["linode_domain_record"] = new DomainRecordRules(),
        };
}

/// <summary>The buckets of the account's object storage.</summary>
internal interface IBuckets
{
    /// <summary>Creates a bucket. An existing bucket is kept: Linode answers 200 to a second creation in one account.</summary>
    void Create(string name);

    /// <summary>True if the bucket exists. It may have been created through S3.</summary>
    bool Exists(string name);

    /// <summary>Deletes a bucket.</summary>
    /// <returns>False if the bucket is not empty.</returns>
    bool TryDelete(string name);
}
