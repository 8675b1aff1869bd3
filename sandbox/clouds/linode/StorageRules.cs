using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>Object storage buckets. Each resource also creates a bucket in the account's object store.</summary>
internal sealed partial class BucketRules(Catalogue catalogue, IBuckets buckets) : ResourceRules
{
    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        var endpoint = Endpoint(item.Planned);
        value = attribute.Path switch
        {
            "hostname" => $"{item.Planned.Text("label")}.{endpoint.Text("s3_endpoint")}",
            "endpoint" or "s3_endpoint" => endpoint.Text("s3_endpoint"),
            "endpoint_type" => endpoint.Text("endpoint_type"),
            "cors_enabled" => endpoint.Text("endpoint_type") is "E0" or "E1",
            "versioning" => false,
            _ => null,
        };
        return value is not null;
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (attributes.Text("region") is { } region)
            catalogue.Require(region, "Object Storage", "Object Storage is");
        if (attributes.Text("label") is not { } label || !Label().IsMatch(label) || label.Contains(".."))
            throw Refused("[label] Must be 3-63 lowercase characters: letters, numbers, hyphens and periods");
        if (before is null && account.Find(item.Type, item.Id) is not null)
            throw Refused($"[label] Bucket {label} already exists");
        if (Endpoint(attributes) is null)
            throw Refused("[s3_endpoint] The region has no such endpoint");
        if (before is null)
            buckets.Create(label);
        CheckKeys(item, attributes);
    }

    public override void Delete(Transaction account, AccountObject item)
    {
        if (!buckets.TryDelete(item.Name))
            throw Refused("Bucket is not empty");
        account.Remove(item);
    }

    /// <summary>
    /// Checks the keys for versioning and lifecycle rules, which are set through S3. Without keys this fails after the bucket was
    /// created.
    /// </summary>
    private static void CheckKeys(NewObject item, JsonObject attributes)
    {
        if (!attributes.True("versioning") && !attributes.Items("lifecycle_rule").Any())
            return;
        if (attributes.Text("access_key") is null && item.Caller.Settings.Text("obj_access_key") is null)
            item.Late = new ProviderException(
                "access_key and secret_key are required to set versioning or lifecycle rules",
                "Set LINODE_OBJ_ACCESS_KEY and LINODE_OBJ_SECRET_KEY, also for plan and destroy."
            );
    }

    private JsonNode? Endpoint(JsonObject attributes) =>
        catalogue
            .Region(attributes.Text("region"))
            .Items("endpoints")
            .FirstOrDefault(e =>
                e.Text("s3_endpoint") is not null
                && (attributes.Text("s3_endpoint") is not { } host || e.Text("s3_endpoint") == host)
                && (attributes.Text("endpoint_type") is not { } type || e.Text("endpoint_type") == type)
            );

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex Label();
}

/// <summary>Access keys: at most 100 per account. A limited key names at most 25 existing buckets.</summary>
internal sealed class AccessKeyRules(Catalogue catalogue, IBuckets buckets) : ResourceRules
{
    private const int PerAccount = 100;
    private const int BucketsPerKey = 25;

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path switch
        {
            "access_key" => Synthetic.Hex("access" + item.Seed, 20).ToUpperInvariant(),
            "secret_key" => Synthetic.Hex("secret" + item.Seed, 40),
            "limited" => item.Planned.Items("bucket_access").Any(),
            "regions" => new JsonArray([.. Regions(item.Planned).Select(r => (JsonNode)r)]),
            "regions_details" => new JsonArray(),
            _ => null,
        };
        return value is not null;
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (before is null && account.OfType(item.Type).Count() >= PerAccount)
            throw new ProviderException(FaultErrors.AccessKeyQuota);
        var access = attributes.Items("bucket_access").ToList();
        if (access.Count > BucketsPerKey)
            throw Refused($"[bucket_access] At most {BucketsPerKey} buckets a key");
        foreach (var bucket in access)
        {
            if (bucket.Text("permissions") is not ("read_only" or "read_write"))
                throw Refused("[bucket_access.permissions] Must be one of read_only, read_write");
            var id = $"{bucket.Text("region") ?? bucket.Text("cluster")}:{bucket.Text("bucket_name")}";
            if (account.Find("linode_object_storage_bucket", id) is null && !buckets.Exists(bucket.Text("bucket_name") ?? ""))
                throw Refused($"[bucket_access] Bucket {id} was not found");
        }
        foreach (var region in attributes.Texts("regions"))
            catalogue.Require(region, "Object Storage", "Object Storage is");
    }

    /// <summary>The API shows the secret only at creation. The provider keeps what the state has.</summary>
    public override JsonObject Read(JsonObject stored, JsonObject? state)
    {
        stored["secret_key"] = state.Text("secret_key");
        return stored;
    }

    private static IEnumerable<string> Regions(JsonObject attributes) =>
        attributes.Items("bucket_access").Select(b => b.Text("region")).OfType<string>().Distinct().Order(StringComparer.Ordinal);
}
