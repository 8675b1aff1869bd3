using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>Address ranges in CIDR notation.</summary>
[Trait("Level", "pure")]
public sealed class CidrTests
{
    [Theory]
    [InlineData("10.64.0.0/20")]
    [InlineData("0.0.0.0/0")]
    [InlineData("203.0.113.7/32")]
    [InlineData("2001:db8::/48")]
    [InlineData("::/0")]
    public void Cidr_in_canonical_form_is_valid(string text) => Assert.True(new Cidr(text).IsValid);

    [Theory]
    [InlineData("")]
    [InlineData("10.64.0.0")]
    [InlineData("10.64.0.1/20")]
    [InlineData("10.64.0.0/33")]
    [InlineData("10.64.0.0/-1")]
    [InlineData("10.64.0.0/08")]
    [InlineData("10.064.0.0/16")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("10.0/16")]
    [InlineData(" 10.64.0.0/20")]
    [InlineData("10.64.0.0/20\n")]
    [InlineData("2001:DB8::/48")]
    [InlineData("2001:db8:0:0::/48")]
    [InlineData("2001:db8::1/48")]
    [InlineData("::ffff:10.64.18.0/120")]
    [InlineData("::ffff:a40:1200/120")]
    [InlineData("fe80::%1/64")]
    [InlineData("anything")]
    public void Cidr_in_any_other_form_is_invalid(string text)
    {
        var cidr = new Cidr(text);
        Assert.False(cidr.IsValid);
        Assert.Contains(text, Assert.Throws<InvalidOperationException>(() => cidr.Network).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cidr_ranges_of_IPv4_and_IPv6_do_not_overlap() => Assert.False(new Cidr("0.0.0.0/0").Overlaps("::/0"));

    [Fact]
    public void Cidr_text_is_read_back_unchanged() =>
        Examples.Satisfy(
            Ranges,
            text => new Cidr(text) is { IsValid: true } cidr && cidr.ToString() == text && cidr.Network.ToString() == text
        );

    [Fact]
    public void Cidr_overlap_and_containment_agree_with_address_sets() =>
        Examples.Satisfy(
            Gen.Two(SmallRanges),
            pair =>
            {
                var (one, other) = (Addresses(pair.Item1), Addresses(pair.Item2));
                return pair.Item1.Overlaps(pair.Item2) == one.Overlaps(other)
                    && pair.Item2.Overlaps(pair.Item1) == one.Overlaps(other)
                    && pair.Item1.Contains(pair.Item2) == other.IsSubsetOf(one);
            },
            tests: 1000
        );

    [Fact]
    public void Cidr_check_does_not_throw_for_any_text() =>
        Examples.Satisfy(
            Texts.Near("0123456789./:abcdef"),
            text => !new Cidr(text).IsValid || new Cidr(text).Network.ToString() == text
        );

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Cidr_is_the_same_in_every_culture(string culture) =>
        Assert.True(
            Cultures.Under(
                culture,
                () =>
                    new Cidr("10.64.0.0/20") is { IsValid: true, PrefixLength: 20 } range
                    && range.Network.ToString() == "10.64.0.0/20"
            )
        );

    private static Gen<string> Ranges =>
        from bits in Gen.Choose(0, int.MaxValue)
        from high in Gen.Choose(0, 1)
        from prefix in Gen.Choose(0, 32)
        select Format(((uint)high << 31) | (uint)bits, prefix);

    /// <summary>Ranges of at most 64 addresses out of 256, so that overlaps are frequent.</summary>
    private static Gen<Cidr> SmallRanges =>
        from last in Gen.Choose(0, 255)
        from prefix in Gen.Choose(26, 32)
        select new Cidr(Format(0x0A400000u | (uint)last, prefix));

    private static string Format(uint address, int prefix)
    {
        var network = prefix == 0 ? 0 : address & (uint.MaxValue << (32 - prefix));
        return $"{network >> 24}.{(network >> 16) & 255}.{(network >> 8) & 255}.{network & 255}/{prefix}";
    }

    private static HashSet<uint> Addresses(Cidr range)
    {
        var bytes = range.Network.BaseAddress.GetAddressBytes();
        var first = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
        return [.. Enumerable.Range(0, 1 << (32 - range.PrefixLength)).Select(offset => first + (uint)offset)];
    }
}
