using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Rollback;

namespace InfraCdktf.Tests.Pipeline.Rollback;

/// <summary>
/// The version that <c>rollback --to last-good</c> selects. A history is written oldest first; a letter is a configuration.
/// </summary>
[Trait("Level", "pure")]
public sealed class LastGoodTests
{
    [Theory]
    // After a successful apply with a bad configuration: the version before it.
    [InlineData("A B", 1)]
    // After a failed apply: the newest good version.
    [InlineData("A B!", 1)]
    [InlineData("A B C!", 2)]
    [InlineData("A B! C!", 1)]
    // The same configuration applied again (values changed, drift was repaired) is not selected.
    [InlineData("A B B", 1)]
    [InlineData("A", 0)]
    [InlineData("A A", 0)]
    // A configuration that was rolled back does not count as good: the next rollback goes further back, never forward.
    [InlineData("A B A<1", 0)]
    [InlineData("A B C B<2", 1)]
    [InlineData("A B C B<2 A<1", 0)]
    // A change after a rollback is rolled back to the rollback's version.
    [InlineData("A B A<1 C", 3)]
    // A failed rollback is tried again.
    [InlineData("A B A<1!", 1)]
    [InlineData("A B C A<1!", 1)]
    [InlineData("", 0)]
    [InlineData("A!", 0)]
    public void Last_good_selects_the_expected_version(string history, int expected)
    {
        var entries = Entries(history);

        var found = LastGood.Of(entries, entries is [var newest, ..] ? Live(newest) : null);

        Assert.Equal(expected, found?.Manifest.Serial ?? 0);
    }

    [Fact]
    public void Last_good_treats_an_unarchived_state_as_bad()
    {
        var entries = Entries("A B");

        Assert.Equal(2, LastGood.Of(entries, Live(entries[0]) with { Serial = 3 })?.Manifest.Serial);
        Assert.Equal(2, LastGood.Of(entries, Live(entries[0]) with { Lineage = "another" })?.Manifest.Serial);
        Assert.Equal(2, LastGood.Of(entries, live: null)?.Manifest.Serial);
    }

    [Fact]
    public void Last_good_is_refused_if_the_newest_version_is_unreadable()
    {
        var entries = Entries("A B C");
        var newest = entries[0].Manifest with { Outcome = ApplyOutcome.Unreadable, Reason = "The manifest cannot be read: no." };

        var error = Assert.Throws<PipelineException>(() => LastGood.Of([new(newest), .. entries.Skip(1)], Live(entries[0])));

        Assert.Equal(
            "stack core: last-good is not known, because the newest version, 3-00000000, cannot be read. The manifest cannot be "
                + "read: no. Name a version; good ones before it: 2-00000000, 1-00000000.",
            error.Message
        );
    }

    private static StateFile Live(ArchiveEntry entry) =>
        new()
        {
            Serial = entry.Manifest.Serial,
            Lineage = entry.Manifest.Lineage,
            TerraformVersion = "1.11.4",
            Objects = [],
        };

    /// <summary>
    /// "A B! A&lt;1": A succeeded, B failed, then a rollback to the first. The result is newest first, as the archive lists
    /// entries.
    /// </summary>
    private static IReadOnlyList<ArchiveEntry> Entries(string history) =>
        [.. history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((item, index) => Entry(item, index + 1)).Reverse()];

    private static ArchiveEntry Entry(string item, int serial)
    {
        var back = item.Contains('<') ? $"{item[(item.IndexOf('<') + 1)..].TrimEnd('!')}-00000000" : null;
        return Manifests.Entry(serial) with
        {
            Manifest = Manifests.Entry(serial).Manifest with
            {
                Outcome =
                    item.EndsWith('!') ? ApplyOutcome.Failed
                    : back is null ? ApplyOutcome.Succeeded
                    : ApplyOutcome.RolledBack,
                WentBackTo = back,
                ConfigurationDigest = item[..1],
                // The compression of another machine: the same files in other bytes.
                Parts = new Dictionary<string, ArchivePart> { [ArchivePart.Configuration] = new($"{serial}", 1) },
            },
        };
    }
}

/// <summary>Entries for tests without an archive.</summary>
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
