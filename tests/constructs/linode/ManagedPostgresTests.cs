using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Linode;

/// <summary>The managed databases: reachable in the private network only.</summary>
[Trait("Level", "synthesized")]
public sealed class ManagedPostgresTests(SynthesizedPlatform platform)
{
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

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
