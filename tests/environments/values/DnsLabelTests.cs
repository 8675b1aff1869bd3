using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>DNS labels. The name of an environment is a DNS label.</summary>
[Trait("Level", "pure")]
public sealed class DnsLabelTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("production")]
    [InlineData("a--b")]
    [InlineData("qa-2")]
    public void Dns_label_in_lower_case_is_valid(string text)
    {
        Assert.True(DnsLabel.IsValid(text));
        Assert.True(new EnvironmentName(text).IsValid);
        Assert.Equal(text, new EnvironmentName(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("Production")]
    [InlineData("pro duction")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a\n")]
    [InlineData("ı")]
    [InlineData("é")]
    public void Dns_label_in_any_other_form_is_invalid(string text)
    {
        Assert.False(DnsLabel.IsValid(text));
        Assert.False(new EnvironmentName(text).IsValid);
    }

    [Fact]
    public void Dns_label_has_at_most_63_characters()
    {
        Assert.True(DnsLabel.IsValid(new string('a', 63)));
        Assert.False(DnsLabel.IsValid(new string('a', 64)));
    }

    [Fact]
    public void Dns_label_check_agrees_with_RFC_1123() =>
        Examples.Satisfy(
            Texts.Near("az09-AZ.").Select(text => text.Length > 70 ? text[..70] : text),
            text => DnsLabel.IsValid(text) == IsLabelByTheRule(text),
            tests: 1000
        );

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public void Dns_label_check_is_the_same_in_every_culture(string culture) =>
        Assert.True(
            Cultures.Under(
                culture,
                () => DnsLabel.IsValid("title-i") && !DnsLabel.IsValid("TITLE-I") && !DnsLabel.IsValid("tıtle")
            )
        );

    /// <summary>The rule of RFC 1123, checked character by character.</summary>
    private static bool IsLabelByTheRule(string text) =>
        text.Length is >= 1 and <= 63
        && text.All(character => Alphabet.Contains(character) || character == '-')
        && text[0] != '-'
        && text[^1] != '-';
}
