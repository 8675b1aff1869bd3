using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

[Trait("Level", "pure")]
public sealed class ManifestTests
{
    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var texts = Gen.Elements("", "plain", "with \"quotes\" and <tags>", "Grüße 🌍", "line\nbreak", "\\u0041");
        var manifests =
            from serial in Gen.Choose(0, int.MaxValue)
            from outcome in Gen.Elements(Enum.GetValues<ApplyOutcome>())
            from actor in texts
            from commit in texts
            from reason in texts.OrNull()
            from size in Gen.Choose(0, int.MaxValue)
            select Manifests.Of(serial, outcome) with
            {
                Actor = actor,
                Commit = commit,
                Reason = reason,
                Parts = new Dictionary<string, ArchivePart> { [ArchivePart.State] = new("00", size) },
                Findings = [JsonSerializer.SerializeToElement(new { code = "INF-001", text = actor })],
            };

        Examples.Satisfy(
            manifests,
            manifest =>
            {
                var read = Manifest.Read(manifest.ToBytes());
                return read.ToBytes().SequenceEqual(manifest.ToBytes())
                    && read.Outcome == manifest.Outcome
                    && read.Size == manifest.Size
                    && read.Started == manifest.Started;
            }
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"format\":2}")]
    public void What_is_none_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => Manifest.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_manifest_of_another_format_says_which_it_is()
    {
        var newer = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(Manifests.Of(1).ToBytes()).Replace("\"format\": 1", "\"format\": 2")
        );

        Assert.Contains("format 2", Assert.Throws<JsonException>(() => Manifest.Read(newer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_apply_a_destroy_what_was_written_over_and_what_cannot_be_read_are_nothing_to_go_back_to() =>
        Assert.Equal(
            [ApplyOutcome.Succeeded, ApplyOutcome.Restored, ApplyOutcome.RolledBack, ApplyOutcome.Backup],
            Enum.GetValues<ApplyOutcome>().Where(outcome => Manifests.Of(1, outcome).IsGood)
        );
}
