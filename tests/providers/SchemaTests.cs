using System.Text.Json.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Providers;

/// <summary>The schemas of the providers, from which bindings and sandbox are made, contain every attribute.</summary>
[Trait("Level", "pure")]
public sealed class SchemaTests
{
    /// <summary>An earlier copy had lost all attributes with this name, because texts for people were removed from it.</summary>
    [Theory]
    [InlineData("linode", 31)]
    [InlineData("helm", 2)]
    [InlineData("kubernetes", 1)]
    public void Schema_contains_attributes_named_description(string provider, int count)
    {
        var file = Directory.GetFiles(Repository.PathOf("providers", "schemas"), $"{provider}-*.schema.json").Single();
        Assert.Equal(count, NamedDescription(JsonNode.Parse(File.ReadAllText(file))!).Count());
    }

    [Fact]
    public void Schema_of_a_vpc_contains_its_description()
    {
        var file = Directory.GetFiles(Repository.PathOf("providers", "schemas"), "linode-*.schema.json").Single();
        var schemas = JsonNode.Parse(File.ReadAllText(file))!["provider_schemas"]!["registry.terraform.io/linode/linode"]!;
        var attribute = schemas["resource_schemas"]!["linode_vpc"]!["block"]!["attributes"]!["description"];
        Assert.Equal("string", attribute!["type"]!.GetValue<string>());
    }

    private static IEnumerable<JsonNode> NamedDescription(JsonNode node) =>
        node switch
        {
            JsonObject block => block
                .Where(entry => entry.Key == "attributes")
                .Select(entry => entry.Value?["description"])
                .OfType<JsonObject>()
                .Concat(block.Select(entry => entry.Value).OfType<JsonNode>().SelectMany(NamedDescription)),
            JsonArray list => list.OfType<JsonNode>().SelectMany(NamedDescription),
            _ => [],
        };
}
