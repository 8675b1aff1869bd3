using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>
/// What <c>rollback --to last-good</c> means. After an apply that failed: the newest good version. After one that succeeded and was bad all the same: the newest
/// good version before it with another configuration. A rollback is no version of its own here: what it left behind is not good any more, and the next
/// one goes further back. What is deployed and in no archive (applied by other means) counts as bad.
/// </summary>
public static class LastGood
{
    /// <summary>Chooses; null when there is no such version.</summary>
    /// <param name="newestFirst">The stack's entries.</param>
    /// <param name="live">The state as it lies there now; null when there is none or it cannot be read.</param>
    public static ArchiveEntry? Of(IReadOnlyList<ArchiveEntry> newestFirst, StateFile? live)
    {
        if (newestFirst is not [var newest, ..])
            return null;
        var isDeployed = live is not null && live.Serial == newest.Manifest.Serial && live.Lineage == newest.Manifest.Lineage;
        if (!isDeployed)
            return newestFirst.FirstOrDefault(entry => entry.Manifest.IsGood);
        if (!newest.Manifest.IsGood)
        {
            // A rollback that failed is tried again: what it left is as bad as before.
            return Target(newestFirst, newest) ?? newestFirst.FirstOrDefault(entry => entry.Manifest.IsGood);
        }
        var position = 0;
        while (position < newestFirst.Count)
        {
            var entry = newestFirst[position];
            if (entry.Manifest.IsGood && Configuration(entry) != Configuration(newest) && position > 0)
                return entry;
            // Between a rollback and the version that it went back to lies what it took away.
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

    private static string? Configuration(ArchiveEntry entry) =>
        entry.Manifest.Parts.GetValueOrDefault(ArchivePart.Configuration)?.Sha256;
}
