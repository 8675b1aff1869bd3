using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>Import ids of objects, and the commands that look objects up.</summary>
[Trait("Level", "pure")]
public sealed class ImportIdsTests
{
    private static readonly JsonObject s_configuration = JsonNode
        .Parse(
            """
            {
              "resource": {
                "linode_vpc": { "main": { "label": "infra-core" } },
                "linode_vpc_subnet": {
                  "nodes": { "label": "nodes", "vpc_id": "${tonumber(linode_vpc.main.id)}" },
                  "other": { "label": "other", "vpc_id": "${linode_vpc.gone.id}" }
                },
                "linode_object_storage_bucket": { "media": { "label": "infra-media", "region": "us-ord" } },
                "helm_release": {
                  "gateway": { "name": "gateway", "namespace": "${kubernetes_namespace_v1.space.metadata[0].name}" }
                },
                "kubernetes_namespace_v1": { "space": { "metadata": { "name": "system" } } },
                "kubernetes_network_policy_v1": {
                  "deny": { "metadata": [{ "name": "deny", "namespace": "${kubernetes_namespace_v1.space.metadata[0].name}" }] },
                  "odd": { "metadata": { "name": "odd", "namespace": "${var.somewhere}" } }
                },
                "kubernetes_default_service_account_v1": { "none": { "metadata": { "namespace": "system" } } },
                "kubernetes_storage_class_v1": { "fast": { "metadata": { "name": "fast" } } }
              }
            }
            """
        )!
        .AsObject();

    private readonly ImportIds _ids = new(s_configuration, address => address == "linode_vpc.main" ? "7" : null);

    [Theory]
    [InlineData("linode_vpc.main", "7", "7")]
    [InlineData("linode_vpc.main", null, null)]
    [InlineData("linode_vpc_subnet.nodes", "12", "7,12")]
    [InlineData("linode_vpc_subnet.nodes", null, null)]
    [InlineData("linode_vpc_subnet.other", "12", null)]
    [InlineData("linode_object_storage_bucket.media", null, "us-ord:infra-media")]
    [InlineData("helm_release.gateway", "gateway", "system/gateway")]
    [InlineData("helm_release.gateway", null, "system/gateway")]
    [InlineData("kubernetes_namespace_v1.space", null, "system")]
    [InlineData("kubernetes_network_policy_v1.deny", null, "system/deny")]
    [InlineData("kubernetes_network_policy_v1.deny", "system/deny", "system/deny")]
    [InlineData("kubernetes_network_policy_v1.odd", null, null)]
    [InlineData("kubernetes_default_service_account_v1.none", null, "system/default")]
    [InlineData("kubernetes_storage_class_v1.fast", null, "fast")]
    [InlineData("kubernetes_service_v1.unknown", null, null)]
    public void Import_id_matches_the_format_of_the_provider(string address, string? id, string? expected) =>
        Assert.Equal(expected, _ids.Of(new(address, address.Split('.')[0], id)));

    [Fact]
    public void Unknown_objects_have_a_name_and_a_lookup_command()
    {
        Assert.Equal("kubectl get networkpolicy deny -n system", Look("kubernetes_network_policy_v1.deny"));
        Assert.Equal("kubectl get storageclass fast", Look("kubernetes_storage_class_v1.fast"));
        Assert.Equal("helm status gateway -n system", Look("helm_release.gateway"));
        Assert.Equal("linode-cli vpcs list", Look("linode_vpc.main"));
        Assert.Equal("infra-core", _ids.NameOf("linode_vpc.main"));
        Assert.Equal("default", _ids.NameOf("kubernetes_default_service_account_v1.none"));
    }

    private string Look(string address) => WhereToLook.Of(address.Split('.')[0], _ids.NameOf(address), _ids.NamespaceOf(address));
}

/// <summary>
/// The import ids of the objects in the shipped stacks follow from the configuration, for the types that <see cref="ImportIds"/>
/// names.
/// </summary>
[Trait("Level", "synthesized")]
public sealed class ImportIdsOfTheStacksTests(SynthesizedPlatform synthesized)
{
    [Fact]
    public void Import_ids_of_shipped_stacks_follow_from_configuration()
    {
        foreach (var stack in synthesized.Shipped.Stacks.Values)
        {
            var ids = new ImportIds(stack.Json, _ => null);
            var unknown = stack
                .Resources.Where(item =>
                    item.Type.StartsWith("kubernetes_", StringComparison.Ordinal)
                    || item.Type is "helm_release" or "linode_object_storage_bucket"
                )
                .Where(item => ids.Of(new(item.Address, item.Type, Id: null)) is null)
                .Select(item => item.Address);
            Assert.Empty(unknown);
        }
    }
}
