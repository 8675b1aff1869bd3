using System.Globalization;
using FsCheck.Fluent;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>Money.</summary>
[Trait("Level", "pure")]
public sealed class MoneyTests
{
    [Theory]
    [InlineData("1500", "$1500.00 a month")]
    [InlineData("0.5", "$0.50 a month")]
    [InlineData("-3", "$-3.00 a month")]
    public void It_is_written_with_cents(string dollars, string text) =>
        Assert.Equal(text, new Money(decimal.Parse(dollars, CultureInfo.InvariantCulture)).ToString());

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void No_culture_changes_it(string culture) =>
        Assert.Equal("$-1234.50 a month", Cultures.Under(culture, () => new Money(-1234.5m).ToString()));

    [Fact]
    public void What_is_written_is_the_amount_in_whole_cents() =>
        Examples.Satisfy(
            Gen.Choose(-1_000_000, 1_000_000).Select(cents => cents / 100m),
            amount => decimal.Parse(new Money(amount).ToString()[1..^" a month".Length], CultureInfo.InvariantCulture) == amount
        );
}
