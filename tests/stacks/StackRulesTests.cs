using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>Rules for whole stacks: providers, pinned versions, deletion protection and state backends.</summary>
[Trait("Level", "synthesized")]
public sealed class StackRulesTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedStack> Stacks => platform.Shipped.Stacks.Values;

    [Fact]
    public void Manifest_has_the_order_of_the_waves_for_cdktf()
    {
        var stacks = JsonNode.Parse(File.ReadAllText(Path.Combine(platform.Shipped.Folder, "manifest.json")))![
            "stacks"
        ]!.AsObject();
        var waves = StackNames.Waves(Inventory.Platform);
        foreach (var (wave, before) in waves.Zip(waves.Prepend([])))
            Assert.All(
                wave,
                stack => Assert.Equal(before, stacks[stack]!["dependencies"]!.AsArray().Select(item => item!.GetValue<string>()))
            );
    }

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
    public void Images_of_our_own_workloads_have_a_digest()
    {
        var images = Stacks.SelectMany(stack => stack.Manifests).SelectMany(ImagesIn).ToList();
        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.Matches("@sha256:[0-9a-f]{64}$", image));

        static IEnumerable<string> ImagesIn(JsonNode? node) =>
            node switch
            {
                JsonArray list => list.SelectMany(ImagesIn),
                JsonObject item => item.SelectMany(field =>
                    field is { Key: "image", Value: JsonValue image } ? [image.GetValue<string>()] : ImagesIn(field.Value)
                ),
                _ => [],
            };
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
    public void Network_is_protected_from_destroy_like_the_cluster()
    {
        var network = platform.Shipped.Resources.Where(resource => resource.Type is "linode_vpc" or "linode_vpc_subnet").ToList();
        Assert.Equal(1 + 1 + Inventory.Platform.Applications.Count, network.Count);
        Assert.All(network, one => Assert.True(one.Body["lifecycle"]!["prevent_destroy"]!.GetValue<bool>(), one.Address));
    }

    /// <summary>
    /// Exactly these arguments matter at creation only: Linode takes a request ("/52", "auto") and answers with what it
    /// allocated, or the provider never sends a later change (3.13.0, measured). All others can be changed, or are answered as
    /// they were given: ignoring them would hide a difference.
    /// </summary>
    [Fact]
    public void Ignored_arguments_are_those_that_matter_at_creation()
    {
        var ignored = platform
            .Shipped.Resources.Where(resource => resource.Body["lifecycle"]?["ignore_changes"] is not null)
            .Select(resource => $"{resource.Type}: {string.Join(' ', resource.Body["lifecycle"]!["ignore_changes"]!.AsArray())}")
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(["linode_lke_cluster: vpc_id subnet_id", "linode_vpc: ipv6", "linode_vpc_subnet: ipv6"], ignored);
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

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
