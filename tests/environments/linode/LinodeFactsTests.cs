using System.Text.Json;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Linode;

/// <summary>The files of Linode facts that the inventory check uses. Each has a date and sources.</summary>
[Trait("Level", "pure")]
public sealed class LinodeFactsTests
{
    [Fact]
    public void Linode_facts_contain_regions_and_plans()
    {
        Assert.Contains(
            LinodeFacts.Regions["us-ord"].Endpoints,
            endpoint => endpoint is { Host: "us-ord-10.linodeobjects.com", Type: "E3" }
        );
        Assert.Contains("Kubernetes Enterprise", LinodeFacts.Regions["us-ord"].Capabilities);
        Assert.Equal(new Plan("dedicated", 8, 16384), LinodeFacts.NodePlans["g6-dedicated-8"]);
        Assert.Equal(new Plan("standard", 1, 2048), LinodeFacts.DatabasePlans["g6-standard-1"]);
        Assert.All(
            LinodeFacts.NodePlans.Values.Concat(LinodeFacts.DatabasePlans.Values),
            plan => Assert.True(plan is { Vcpus: > 0, MemoryMb: > 0 })
        );
    }

    [Theory]
    [InlineData("linode-regions.json")]
    [InlineData("linode-plans.json")]
    public void Linode_facts_file_has_a_date_and_sources(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("environments", "linode", "facts", file)));

        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", json.RootElement.GetProperty("as_of").GetString());
        Assert.NotEmpty(json.RootElement.GetProperty("sources").EnumerateArray());
    }
}
