using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Tests.Environments.Naming;

/// <summary>Names, labels and tags of resources.</summary>
[Trait("Level", "pure")]
public sealed class ResourceNamesTests
{
    private static readonly ResourceNames Names = ResourceNames.Of(Inventory.Platform);

    [Fact]
    public void Resource_names_follow_the_convention()
    {
        Assert.Equal("infra-core-network-vpc", Names.Vpc);
        Assert.Equal("infra-core-nodes-subnet", Names.NodesSubnet);
        Assert.Equal("infra-core-lke", Names.Cluster);
        Assert.Equal("infra-core-nodes-fw", Names.Firewall);
        Assert.Equal("infra-staging-datastore-subnet", Names.DataStoreSubnet(Staging.Environment));
        Assert.Equal("infra-staging-pg", Names.Database(Staging.Environment));
        Assert.Equal("infra-staging-media-bucket", Names.Bucket(Staging.Environment, "media"));
        Assert.Equal("infra-staging-objects-read-key", Names.Key(Staging.Environment, KeyAccess.Read));
        Assert.Equal("infra-state-terraform-write-key", Names.StateKey(KeyAccess.Write));
        Assert.Equal("infra-staging-gateway-certificate", Names.Of(Staging.Environment, "gateway", "certificate"));
    }

    [Fact]
    public void Resource_name_list_contains_every_name_of_a_construct()
    {
        var listed = Names.All.Select(name => name.Text).ToHashSet();

        Assert.Superset(new HashSet<string> { Names.Vpc, Names.NodesSubnet, Names.Cluster, Names.Firewall }, listed);
        Assert.All(Enum.GetValues<KeyAccess>(), access => Assert.Contains(Names.StateKey(access), listed));
        Assert.All(
            Inventory.Platform.Environments.SelectMany(environment => environment.Namespaces),
            text => Assert.Contains(text, listed)
        );
        Assert.All(
            Inventory.Platform.Applications,
            environment =>
            {
                Assert.Contains(Names.Database(environment), listed);
                Assert.Contains(Names.DataStoreSubnet(environment), listed);
                Assert.All(environment.Buckets, bucket => Assert.Contains(Names.Bucket(environment, bucket.Purpose), listed));
                Assert.All(Enum.GetValues<KeyAccess>(), access => Assert.Contains(Names.Key(environment, access), listed));
            }
        );
    }

    [Fact]
    public void Labels_and_tags_name_the_environment_and_the_owner()
    {
        Assert.Equal(
            [
                "app.kubernetes.io/managed-by=infra-cdktf",
                "app.kubernetes.io/part-of=infra",
                "environment=staging",
                "owner=application-teams",
            ],
            Labels.Kubernetes(Inventory.Platform, Staging.Environment).Select(label => $"{label.Key}={label.Value}")
        );
        Assert.Equal(
            ["environment:staging", "managed-by:infra-cdktf", "owner:application-teams", "part-of:infra"],
            Labels.Tags(Inventory.Platform, Staging.Environment)
        );
        Assert.Equal(
            ["environment:shared", "managed-by:infra-cdktf", "owner:platform-team", "part-of:infra"],
            Labels.SharedTags(Inventory.Platform)
        );
    }
}
