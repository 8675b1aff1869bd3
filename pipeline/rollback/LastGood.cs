using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>
/// Selects the version for <c>rollback --to last-good</c>. After a failed apply it is the newest good version. After a successful
/// apply with a bad configuration it is the newest good version before it with another configuration. The configurations that a
/// rollback went back from do not count as good any more, so the next rollback goes further back. A deployed state that is not in
/// the archive (applied by other means) counts as bad.
/// </summary>
public static class LastGood
{
    /// <summary>Selects the version; null if there is none.</summary>
    /// <param name="newestFirst">The stack's entries, with the digests of their configurations (<see
    /// cref="StateArchive.WithDigestsAsync"/>).</param>
    /// <param name="live">The live state; null if there is none or it cannot be read.</param>
    /// <exception cref="PipelineException">The newest entry cannot be read.</exception>
    public static ArchiveEntry? Of(IReadOnlyList<ArchiveEntry> newestFirst, StateFile? live)
    {
        if (newestFirst is not [var newest, ..])
            return null;
        StateArchive.RequireReadable(newestFirst);
        var isDeployed = live is not null && live.Serial == newest.Manifest.Serial && live.Lineage == newest.Manifest.Lineage;
        if (!isDeployed)
            return newestFirst.FirstOrDefault(entry => entry.Manifest.IsGood);
        if (!newest.Manifest.IsGood)
        {
            // A failed rollback is tried again: the configuration is still the bad one.
            return Target(newestFirst, newest) ?? newestFirst.FirstOrDefault(entry => entry.Manifest.IsGood);
        }
        var position = 0;
        while (position < newestFirst.Count)
        {
            var entry = newestFirst[position];
            if (entry.Manifest.IsGood && Configuration(entry) != Configuration(newest) && position > 0)
                return entry;
            // The versions between a rollback and its target were rolled back, so they are skipped.
            position = Target(newestFirst, entry) is { } target
                ? Math.Max(position + 1, Position(newestFirst, target))
                : position + 1;
        }
        return null;
    }

    private static ArchiveEntry? Target(IReadOnlyList<ArchiveEntry> entries, ArchiveEntry of) =>
        of.Manifest.WentBackTo is { } version ? entries.FirstOrDefault(entry => entry.Version == version) : null;

    private static int Position(IReadOnlyList<ArchiveEntry> entries, ArchiveEntry entry) =>
        entries.Index().First(item => item.Item == entry).Index;

    // The digest of the content: the same files may be packed into different bytes.
    private static string? Configuration(ArchiveEntry entry) => entry.Manifest.ConfigurationDigest;
}
