using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Rollback;

namespace InfraCdktf.Tests.Pipeline.Rollback;

/// <summary>Which version <c>rollback --to last-good</c> means, case by case. A story is told oldest first; a letter is a configuration.</summary>
[Trait("Level", "pure")]
public sealed class LastGoodTests
{
    [Theory]
    // After an apply that succeeded and was bad all the same: the one before it.
    [InlineData("A B", 1)]
    // After one that failed: the newest good one.
    [InlineData("A B!", 1)]
    [InlineData("A B C!", 2)]
    [InlineData("A B! C!", 1)]
    // The same configuration applied again (values changed, drift was mended) is nothing to go back to.
    [InlineData("A B B", 1)]
    [InlineData("A", 0)]
    [InlineData("A A", 0)]
    // What a rollback took away is not good any more: the next one goes further back, never forth.
    [InlineData("A B A<1", 0)]
    [InlineData("A B C B<2", 1)]
    [InlineData("A B C B<2 A<1", 0)]
    // A change after a rollback is taken back to what the rollback had brought.
    [InlineData("A B A<1 C", 3)]
    // A rollback that failed is tried again.
    [InlineData("A B A<1!", 1)]
    [InlineData("A B C A<1!", 1)]
    [InlineData("", 0)]
    [InlineData("A!", 0)]
    public void The_rule(string story, int expected)
    {
        var entries = Told(story);

        var found = LastGood.Of(entries, entries is [var newest, ..] ? Live(newest) : null);

        Assert.Equal(expected, found?.Manifest.Serial ?? 0);
    }

    [Fact]
    public void What_is_deployed_and_in_no_archive_counts_as_bad()
    {
        var entries = Told("A B");

        Assert.Equal(2, LastGood.Of(entries, Live(entries[0]) with { Serial = 3 })?.Manifest.Serial);
        Assert.Equal(2, LastGood.Of(entries, Live(entries[0]) with { Lineage = "another" })?.Manifest.Serial);
        Assert.Equal(2, LastGood.Of(entries, live: null)?.Manifest.Serial);
    }

    private static StateFile Live(ArchiveEntry entry) =>
        new()
        {
            Serial = entry.Manifest.Serial,
            Lineage = entry.Manifest.Lineage,
            TerraformVersion = "1.11.4",
            Objects = [],
        };

    /// <summary>"A B! A&lt;1": A succeeded, B failed, then a rollback to the first. Newest first, as the archive lists them.</summary>
    private static IReadOnlyList<ArchiveEntry> Told(string story) =>
        [.. story.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, index) => Entry(word, index + 1)).Reverse()];

    private static ArchiveEntry Entry(string word, int serial)
    {
        var back = word.Contains('<') ? $"{word[(word.IndexOf('<') + 1)..].TrimEnd('!')}-00000000" : null;
        return Manifests.Entry(serial) with
        {
            Manifest = Manifests.Entry(serial).Manifest with
            {
                Outcome =
                    word.EndsWith('!') ? ApplyOutcome.Failed
                    : back is null ? ApplyOutcome.Succeeded
                    : ApplyOutcome.RolledBack,
                WentBackTo = back,
                Parts = new Dictionary<string, ArchivePart> { [ArchivePart.Configuration] = new(word[..1], 1) },
            },
        };
    }
}

/// <summary>Entries for tests that need no archive.</summary>
internal static class Manifests
{
    public static ArchiveEntry Entry(int serial) =>
        new(
            new()
            {
                Stack = "core",
                Version = $"{serial}-00000000",
                Serial = serial,
                Lineage = "one",
                TerraformVersion = "1.11.4",
                Providers = new Dictionary<string, string>(),
                ToolVersion = "1",
                Actor = "test",
                Started = DateTimeOffset.UnixEpoch.AddHours(serial),
                DurationSeconds = 1,
                Outcome = ApplyOutcome.Succeeded,
                Resources = 1,
                Parts = new Dictionary<string, ArchivePart>(),
                KeyFingerprint = "",
            }
        );
}
