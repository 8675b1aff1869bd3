using System.Globalization;
using FsCheck.Fluent;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>Amounts in US dollars a month, as text.</summary>
[Trait("Level", "pure")]
public sealed class MoneyTests
{
    [Theory]
    [InlineData("1500", "$1500.00 a month")]
    [InlineData("0.5", "$0.50 a month")]
    [InlineData("-3", "$-3.00 a month")]
    public void Money_text_has_two_decimals(string dollars, string text) =>
        Assert.Equal(text, new Money(decimal.Parse(dollars, CultureInfo.InvariantCulture)).ToString());

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Money_text_is_the_same_in_every_culture(string culture) =>
        Assert.Equal("$-1234.50 a month", Cultures.Under(culture, () => new Money(-1234.5m).ToString()));

    [Fact]
    public void Money_text_parses_back_to_the_amount() =>
        Examples.Satisfy(
            Gen.Choose(-1_000_000, 1_000_000).Select(cents => cents / 100m),
            amount => decimal.Parse(new Money(amount).ToString()[1..^" a month".Length], CultureInfo.InvariantCulture) == amount
        );
}
