using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Values;

namespace InfraCdktf.Tests.Environments.Linode;

/// <summary>The address ranges with a fixed use.</summary>
[Trait("Level", "pure")]
public sealed class ReservedRangesTests
{
    [Fact]
    public void Reserved_ranges_are_valid_CIDR_ranges() =>
        Assert.All(
            [.. ReservedRanges.Private, .. ReservedRanges.InUse.Select(one => one.Range), .. ReservedRanges.NotPublic],
            range => Assert.True(range.IsValid, range.Text)
        );

    [Fact]
    public void Reserved_ranges_in_use_are_not_public() =>
        Assert.All(ReservedRanges.InUse, one => Assert.Contains(ReservedRanges.NotPublic, range => range.Contains(one.Range)));

    [Theory]
    [InlineData("10.2.3.0/24", true)]
    [InlineData("10.128.0.0/24", true)]
    [InlineData("192.168.200.0/24", true)]
    [InlineData("10.64.0.0/20", false)]
    public void Reserved_ranges_in_use_contain_those_of_LKE(string range, bool inUse) =>
        Assert.Equal(inUse, ReservedRanges.InUse.Any(one => one.Range.Overlaps(new Cidr(range))));
}
