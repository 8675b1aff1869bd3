using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>What can have a description has one: some people see only Linode's console.</summary>
[Trait("Level", "synthesized")]
public sealed class DescriptionTests(SynthesizedPlatform platform)
{
    /// <summary>Helm writes the description of a release itself: what it did, for <c>helm history</c>.</summary>
    [Fact]
    public void Linode_resources_and_rules_have_their_description()
    {
        var file = Directory.GetFiles(Repository.PathOf("providers", "schemas"), "linode-*.schema.json").Single();
        var schemas = JsonNode.Parse(File.ReadAllText(file))!["provider_schemas"]!["registry.terraform.io/linode/linode"]!;
        var described = new SortedSet<string>(StringComparer.Ordinal);
        foreach (
            var resource in platform.Shipped.Resources.Where(one => one.Type.StartsWith("linode_", StringComparison.Ordinal))
        )
            Check(resource.Type, schemas["resource_schemas"]![resource.Type]!["block"]!, resource.Body);
        Assert.Equal(["linode_domain", "linode_firewall.inbound", "linode_vpc"], described);

        void Check(string place, JsonNode schema, JsonNode given)
        {
            if (schema["attributes"]!["description"]?["optional"] is not null)
            {
                described.Add(place);
                Assert.True(given["description"]?.GetValue<string>() is { Length: > 0 }, $"{place} has no description");
            }
            foreach (var (name, block) in schema["block_types"]?.AsObject() ?? [])
            foreach (var one in given[name] as JsonArray ?? [])
                Check($"{place}.{name}", block!["block"]!, one!);
        }
    }

    [Theory]
    [Trait("Level", "pure")]
    [InlineData(100, 100)]
    [InlineData(101, 100)]
    [InlineData(5000, 100)]
    public void Rule_description_is_short(int given, int described)
    {
        Assert.Equal(described, Rule(new('x', given)).Description.Length);
        // No half character.
        var text = Rule(string.Concat(Enumerable.Repeat("\U0001F512", given))).Description;
        Assert.True(text.Length <= FirewallRule.LongestDescription);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal("$${path.cwd}", Rule("${path.cwd}").Description);
    }

    private static FirewallRule Rule(string reason) => new("label", "TCP", "443", "10.0.0.0/8", reason);
}
