using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Linode;

/// <summary>The buckets of state and environments, and the keys of the state.</summary>
[Trait("Level", "synthesized")]
public sealed class BucketTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Live_state_bucket_is_not_versioned()
    {
        var bucket = Assert.Single(platform.Shipped.Stacks["state"].Of("linode_object_storage_bucket"));
        Assert.Equal(Inventory.Platform.State.Bucket, Text(bucket.Body["label"]));
        Assert.Null(bucket.Body["versioning"]);
    }

    [Fact]
    public void State_keys_are_limited_to_the_live_bucket()
    {
        var keys = platform
            .Shipped.Stacks["state"]
            .Of("linode_object_storage_key")
            .Select(key => Assert.Single(key.Body["bucket_access"]!.AsArray())!)
            .ToList();
        Assert.Equal(["read_only", "read_write"], keys.Select(access => Text(access["permissions"])).Order());
        Assert.All(
            keys,
            access => Assert.Equal("${linode_object_storage_bucket.live_bucket.label}", Text(access["bucket_name"]))
        );
    }

    [Fact]
    public void Buckets_can_be_planned_without_an_unlimited_key()
    {
        foreach (var bucket in platform.Shipped.Resources.Where(resource => resource.Type == "linode_object_storage_bucket"))
            Assert.Empty(
                bucket
                    .Body.Select(entry => entry.Key)
                    .Intersect(["versioning", "lifecycle_rule", "access_key", "secret_key", "cors_enabled"])
            );
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
