using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>The evaluator reads the output of a synthesis, for the shipped inventory and for another one.</summary>
[Trait("Level", "synthesized")]
public sealed class SynthesizedReachTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Synthesized_output_has_the_matrix_of_the_snapshots() =>
        Assert.Equal(
            Matrix.Of(ShippedPolicies.Cluster()).ToText(),
            Matrix.Of(SynthesizedCluster.Read(platform.Shipped.Folder)).ToText()
        );

    [Fact]
    public void Fifth_environment_is_isolated_like_the_others()
    {
        string[] applications = ["development", "staging", "production", "qa"];
        var pairs = Matrix
            .Of(SynthesizedCluster.Read(platform.Of(Platforms.WithQa).Folder))
            .Pairs.Where(pair =>
                pair is { From: Pod from, To: Pod to }
                && applications.Contains(from.Namespace)
                && applications.Contains(to.Namespace)
            )
            .ToList();

        Assert.Contains(pairs, pair => ((Pod)pair.From).Namespace == "qa" && pair.Text == "all");
        Assert.All(
            pairs.Where(pair => ((Pod)pair.From).Namespace != ((Pod)pair.To).Namespace),
            pair => Assert.Empty(pair.Egress.Concat(pair.Ingress))
        );
    }
}
