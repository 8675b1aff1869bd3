using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>Quantities in the notation of Kubernetes ("250m", "1Gi").</summary>
[Trait("Level", "pure")]
public sealed class QuantityTests
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("m", 0.001m),
        ("", 1m),
        ("k", 1000m),
        ("M", 1000m * 1000m),
        ("G", 1000m * 1000m * 1000m),
        ("Ki", 1024m),
        ("Mi", 1024m * 1024m),
        ("Gi", 1024m * 1024m * 1024m),
    ];

    [Theory]
    [InlineData("250m", "0.25")]
    [InlineData("2", "2")]
    [InlineData("0.5", "0.5")]
    [InlineData("1Gi", "1073741824")]
    [InlineData("1.5Ki", "1536")]
    [InlineData("1G", "1000000000")]
    [InlineData("100n", "0.0000001")]
    [InlineData("0", "0")]
    [InlineData("7Ei", "8070450532247928832")]
    public void Quantity_has_the_value_that_Kubernetes_defines(string text, string value) =>
        Assert.Equal(decimal.Parse(value, CultureInfo.InvariantCulture), new Quantity(text).Value);

    [Theory]
    [InlineData("0.50", "500m")]
    [InlineData("8192Mi", "8Gi")]
    [InlineData("1000m", "1")]
    [InlineData("1500m", "1500m")]
    [InlineData("2000", "2k")]
    [InlineData("1025Ki", "1025Ki")]
    [InlineData("0.5Gi", "512Mi")]
    [InlineData("0.5Ki", "512")] // below 1024: decimal
    [InlineData("1.5", "1500m")]
    [InlineData("0Mi", "0")]
    public void Quantity_has_the_notation_of_the_API_server(string text, string canonical) =>
        Assert.Equal(canonical, new Quantity(text).Canonical);

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1,5")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1 Gi")]
    [InlineData("1GB")]
    [InlineData("1gi")]
    [InlineData("1ki")]
    [InlineData("1K")]
    [InlineData("1\n")]
    [InlineData("٣")]
    [InlineData("99999999999999999999Ei")]
    public void Quantity_in_any_other_form_is_invalid(string text)
    {
        Assert.False(new Quantity(text).IsValid);
        Assert.Contains(
            text,
            Assert.Throws<InvalidOperationException>(() => new Quantity(text).Value).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Quantity_order_agrees_with_decimal_arithmetic() =>
        Examples.Satisfy(
            Gen.Two(Quantities),
            pair =>
                new Quantity(pair.Item1.Text).Value == pair.Item1.Value
                && new Quantity(pair.Item1.Text).Value.CompareTo(new Quantity(pair.Item2.Text).Value)
                    == pair.Item1.Value.CompareTo(pair.Item2.Value)
        );

    [Fact]
    public void Quantity_check_does_not_throw_for_any_text() =>
        Examples.Satisfy(
            Texts.Near("0123456789.mkMGTPEin-"),
            text => !new Quantity(text).IsValid || new Quantity(text).Value >= 0
        );

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Quantity_is_the_same_in_every_culture(string culture) =>
        Assert.Equal(1.5m, Cultures.Under(culture, () => new Quantity("1.5").Value));

    private static Gen<(string Text, decimal Value)> Quantities =>
        from number in Gen.Choose(0, 100_000)
        from decimals in Gen.Choose(0, 3)
        from suffix in Gen.Elements(Suffixes)
        let scaled = number / (decimal)Math.Pow(10, decimals)
        select (scaled.ToString(CultureInfo.InvariantCulture) + suffix.Suffix, scaled * suffix.Factor);
}
