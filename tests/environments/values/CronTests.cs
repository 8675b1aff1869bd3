using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>Cron schedules.</summary>
[Trait("Level", "pure")]
public sealed class CronTests
{
    [Theory]
    [InlineData("0 20 * * 1-5")]
    [InlineData("*/15 0,12 1-31/2 JAN,jul sun")]
    [InlineData("59 23 31 12 6")]
    public void Cron_schedule_in_the_documented_form_is_valid(string text) => Assert.True(Cron.IsValid(text));

    [Theory]
    [InlineData("")]
    [InlineData("0 20 * *")]
    [InlineData("0 20 * * 1 5")]
    [InlineData("60 20 * * *")]
    [InlineData("0 24 * * *")]
    [InlineData("0 20 0 * *")]
    [InlineData("0 20 * 13 *")]
    [InlineData("0 20 * * 7")]
    [InlineData("0 20 * * 5-1")]
    [InlineData("0 20 * * 1-2-3")]
    [InlineData("*/0 * * * *")]
    [InlineData("*/5/5 * * * *")]
    [InlineData("0 20 * * mon-")]
    [InlineData("-1 * * * *")]
    [InlineData("@daily")]
    public void Cron_schedule_in_any_other_form_is_invalid(string text) => Assert.False(Cron.IsValid(text));

    [Fact]
    public void Cron_check_does_not_throw_for_any_text() =>
        Examples.Satisfy(
            Texts.Near("0123456789*,-/ "),
            text => !Cron.IsValid(text) || text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5
        );

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Cron_check_is_the_same_in_every_culture(string culture) =>
        Assert.True(Cultures.Under(culture, () => Cron.IsValid("0 7 * APR FRI")));
}
