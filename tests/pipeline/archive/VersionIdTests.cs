using FsCheck.Fluent;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

[Trait("Level", "pure")]
public sealed class VersionIdTests
{
    private static readonly FsCheck.Gen<string> s_versions =
        from serial in Gen.Choose(0, int.MaxValue)
        from digest in Gen.Choose(0, int.MaxValue)
        select VersionId.Of(serial, $"{digest:x}", "");

    [Fact]
    public void It_follows_from_serial_and_content_alone()
    {
        var version = VersionId.Of(42, "a1", "b2");

        Assert.Matches("^42-[0-9a-f]{8}$", version);
        Assert.Equal(version, VersionId.Of(42, "a1", "b2"));
        Assert.NotEqual(version, VersionId.Of(42, "a1", "b3"));
        Assert.NotEqual(version, VersionId.Of(42, "a2", "b2"));
    }

    [Fact]
    public void What_becomes_a_part_of_a_key_comes_back() =>
        Examples.Satisfy(s_versions, version => VersionId.FromKey(VersionId.ToKey(version)) == version);

    [Fact]
    public void Keys_are_in_the_order_of_serials() =>
        Examples.Satisfy(
            Gen.Zip(s_versions, s_versions),
            pair =>
            {
                var (first, second) = (pair.Item1, pair.Item2);
                var serials = VersionId.SerialOf(first).CompareTo(VersionId.SerialOf(second));
                return serials == 0
                    || Math.Sign(string.CompareOrdinal(VersionId.ToKey(first), VersionId.ToKey(second))) == Math.Sign(serials);
            }
        );

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("42-0a1b2c3d")] // not padded
    [InlineData("0000000042-0A1B2C3D")]
    [InlineData("0000000042-0a1b2c3")]
    [InlineData("00000000-2-0a1b2c3d")]
    [InlineData("+000000042-0a1b2c3d")]
    [InlineData("")]
    public void What_is_none_is_seen(string key) => Assert.Null(VersionId.FromKey(key));

    [Theory]
    [InlineData("4", "4-aaaaaaaa")]
    [InlineData("42", "42-bbbbbbbb,42-bccccccc")]
    [InlineData("42-b", "42-bbbbbbbb,42-bccccccc")]
    [InlineData("42-bc", "42-bccccccc")]
    [InlineData("42-bccccccc", "42-bccccccc")]
    [InlineData("5", "")]
    [InlineData("", "")]
    [InlineData("-", "")]
    public void A_serial_is_whole_and_the_rest_may_be_cut(string meant, string expected)
    {
        string[] versions = ["4-aaaaaaaa", "42-bbbbbbbb", "42-bccccccc", "421-dddddddd"];

        Assert.Equal(expected, string.Join(',', VersionId.Matching(versions, meant)));
    }
}
