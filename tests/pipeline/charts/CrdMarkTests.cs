using InfraCdktf.Pipeline.Charts;

namespace InfraCdktf.Tests.Pipeline.Charts;

/// <summary>Which chart version is older, and the command of a chart.</summary>
[Trait("Level", "pure")]
public sealed class CrdMarkTests
{
    [Theory]
    [InlineData("1.9.0", "1.10.0", true)]
    [InlineData("v1.9.0", "1.9.1", true)]
    [InlineData("1.9.1", "v1.9.1", false)]
    [InlineData("1.10.0", "1.9.0", false)]
    [InlineData("1.9.0-rc.1", "1.9.0", false)] // not known, so it counts as another version
    [InlineData("main", "1.9.0", false)]
    public void Older_versions_are_before_newer_ones(string version, string other, bool expected) =>
        Assert.Equal(expected, new CrdMark("a", version).IsBefore(new("a", other)));

    [Fact]
    public void Marks_of_other_charts_have_no_order() => Assert.False(new CrdMark("a", "1.0.0").IsBefore(new("b", "2.0.0")));

    [Fact]
    public void Command_of_an_oci_chart_has_no_repository_option() =>
        Assert.Equal(
            "helm show crds oci://docker.io/envoyproxy/gateway-helm --version 1.9.1 | ./infra charts crds envoy-gateway --yes",
            new ChartWithCrds("a", "envoy-gateway", "gateway-helm", "oci://docker.io/envoyproxy", "1.9.1", []).ApplyCommand
        );
}
