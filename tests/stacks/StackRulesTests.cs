using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>Rules for whole stacks: providers, pinned versions, deletion protection and state backends.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class StackRulesTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedStack> Stacks => platform.Shipped.Stacks.Values;

    [Fact]
    public void Only_state_and_core_use_the_Linode_provider()
    {
        foreach (var stack in Stacks.Where(stack => stack.Name is not ("state" or "core")))
        {
            Assert.DoesNotContain(
                "linode",
                stack.Json["terraform"]!["required_providers"]!.AsObject().Select(provider => provider.Key)
            );
            Assert.DoesNotContain("linode", stack.Json["provider"]!.AsObject().Select(provider => provider.Key));
            Assert.DoesNotContain(stack.Resources, resource => resource.Type.StartsWith("linode_", StringComparison.Ordinal));
            Assert.DoesNotContain(
                stack.Json["data"] as JsonObject ?? [],
                source => source.Key.StartsWith("linode_", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void State_and_core_use_no_other_provider_than_Linode() =>
        Assert.All(
            Stacks.Where(stack => stack.Name is "state" or "core"),
            stack => Assert.Equal(["linode"], stack.Json["provider"]!.AsObject().Select(provider => provider.Key))
        );

    [Fact]
    public void Stacks_plan_without_remote_state_and_without_the_API_server()
    {
        Assert.All(Stacks, stack => Assert.DoesNotContain("terraform_remote_state", stack.Text));
        Assert.DoesNotContain(platform.Shipped.Resources, resource => resource.Type == "kubernetes_manifest");
    }

    [Fact]
    public void Providers_are_pinned_to_exact_versions()
    {
        var pins = Stacks
            .SelectMany(stack => stack.Json["terraform"]!["required_providers"]!.AsObject())
            .Select(provider => $"{provider.Value!["source"]} {provider.Value["version"]}")
            .Distinct()
            .Order();
        Assert.Equal(["helm 3.1.1", "kubernetes 2.38.0", "linode/linode 3.13.0"], pins);
    }

    [Fact]
    public void Images_and_charts_have_no_floating_tag() =>
        Assert.All(Stacks, stack => Assert.DoesNotMatch(@":latest\b|""tag"": ?""(latest|main|master)""", stack.Text));

    [Fact]
    public void Resources_with_data_are_protected_from_destroy()
    {
        string[] holdData =
        [
            "linode_database_postgresql_v2",
            "linode_domain",
            "linode_lke_cluster",
            "linode_object_storage_bucket",
        ];
        var unprotected = platform.Shipped.Resources.Where(resource =>
            holdData.Contains(resource.Type) && resource.Body["lifecycle"]?["prevent_destroy"]?.GetValue<bool>() != true
        );
        Assert.Empty(unprotected);
        var deletionLock = Assert.Single(platform.Shipped.Stacks["core"].Of("linode_lock")).Body;
        Assert.Equal("${linode_lke_cluster.cluster_lke.id}", deletionLock["entity_id"]!.GetValue<string>());
        Assert.Equal("cannot_delete", deletionLock["lock_type"]!.GetValue<string>());
    }

    [Fact]
    public void Stacks_have_their_own_locked_and_encrypted_state()
    {
        foreach (var stack in Stacks)
        {
            var (type, backend) = Assert.Single(stack.Json["terraform"]!["backend"]!.AsObject());
            Assert.Equal("s3", type);
            Assert.Equal($"{stack.Name}/terraform.tfstate", backend!["key"]!.GetValue<string>());
            var address = StateAddress.Of(Inventory.Platform, stack.Name);
            Assert.Equal(
                (address.Bucket, address.Region, address.Endpoint),
                (Text(backend["bucket"]), Text(backend["region"]), Text(backend["endpoints"]!["s3"]))
            );
            foreach (
                var flag in new[]
                {
                    "use_lockfile",
                    "encrypt",
                    "use_path_style",
                    "skip_s3_checksum",
                    "skip_credentials_validation",
                    "skip_region_validation",
                    "skip_requesting_account_id",
                    "skip_metadata_api_check",
                }
            )
                Assert.True(backend[flag]!.GetValue<bool>(), $"{stack.Name}: {flag}");
            string[] secrets = ["access_key", "secret_key", "token", "sse_customer_key", "profile", "shared_credentials_files"];
            Assert.Empty(backend.AsObject().Select(entry => entry.Key).Intersect(secrets));
        }
    }

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

    [Fact]
    public void Node_pools_are_in_the_order_that_Linode_keeps()
    {
        var pools = platform.Shipped.Stacks["core"].Of("linode_lke_cluster").Single().Body["pool"]!.AsArray();
        // The order matters: a swap is planned as a change of both pools, and a change of the node type replaces all nodes.
        Assert.Equal(["system", "application", "build"], pools.Select(pool => Text(pool!["label"])));
        Assert.All(
            pools,
            pool =>
            {
                Assert.InRange(pool!["autoscaler"]!["min"]!.GetValue<int>(), 1, 10);
                Assert.InRange(pool["autoscaler"]!["max"]!.GetValue<int>(), 1, 10);
                Assert.Equal("enabled", Text(pool["disk_encryption"]));
                Assert.Equal("${linode_firewall.network_nodes_firewall.id}", Text(pool["firewall_id"]));
                // With any of these arguments, every plan shows a change (measured).
                Assert.Empty(pool.AsObject().Select(entry => entry.Key).Intersect(["count", "update_strategy"]));
            }
        );
    }

    [Fact]
    public void Databases_have_no_public_address_and_their_own_subnet()
    {
        var databases = platform.Shipped.Stacks["core"].Of("linode_database_postgresql_v2").ToList();
        Assert.Equal(Inventory.Platform.Applications.Count, databases.Count);
        Assert.All(databases, database => Assert.False(database.Body["private_network"]!["public_access"]!.GetValue<bool>()));
        Assert.Equal(
            databases.Count,
            databases.Select(database => Text(database.Body["private_network"]!["subnet_id"])).Distinct().Count()
        );
        Assert.All(databases, database => Assert.Equal(["10.64.0.0/20"], database.Body["allow_list"]!.AsArray().Select(Text)));
    }

    [Fact]
    public void Taggable_Linode_resources_are_tagged()
    {
        string[] taggable = ["linode_domain", "linode_firewall", "linode_lke_cluster"];
        Assert.All(
            platform.Shipped.Resources.Where(resource => taggable.Contains(resource.Type)),
            resource => Assert.Contains("managed-by:infra-cdktf", resource.Body["tags"]!.AsArray().Select(Text))
        );
    }

    [Fact]
    public void Core_outputs_contain_no_secret()
    {
        var outputs = platform.Shipped.Stacks["core"].Json["output"]!.AsObject();
        Assert.NotEmpty(outputs);
        Assert.All(
            outputs,
            output => Assert.DoesNotMatch("kubeconfig|password|ca_cert|secret_key|root_username", output.Value!.ToJsonString())
        );
    }

    [Fact]
    public void Application_stacks_differ_in_data_only()
    {
        var shapes = Inventory.Platform.Applications.Select(environment =>
            string.Join(
                '\n',
                platform
                    .Shipped.Stacks[environment.Name.Text]
                    .Resources.Where(IsNoAccessGrant)
                    .Select(resource => resource.Address.Replace(environment.Name.Text, "E"))
                    .Order()
            )
        );
        Assert.Single(shapes.Distinct());

        // Access grants are data of each environment.
        static bool IsNoAccessGrant(SynthesizedResource resource) =>
            resource.Type is not ("kubernetes_role_binding_v1" or "kubernetes_service_account_v1");
    }

    [Fact]
    public void Standard_tier_has_no_VPC_nodes_and_no_pool_firewall()
    {
        var core = platform.Synthesize(Platforms.StandardTier).Stacks["core"];
        var cluster = core.Of("linode_lke_cluster").Single().Body;
        Assert.Equal("standard", Text(cluster["tier"]));
        Assert.Null(cluster["vpc_id"]);
        Assert.Null(cluster["subnet_id"]);
        Assert.All(cluster["pool"]!.AsArray(), pool => Assert.Null(pool!["firewall_id"]));
        Assert.Empty(core.Of("linode_firewall"));
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
