namespace InfraCdktf.Pipeline.Archive;

/// <summary>Which entries of a stack are too many.</summary>
public static class Retention
{
    /// <summary>All but the newest, by count; the newest known-good one stays however old it is.</summary>
    /// <param name="newestFirst">The stack's entries.</param>
    /// <param name="keep">How many stay, at least one.</param>
    public static IReadOnlyList<ArchiveEntry> Surplus(IReadOnlyList<ArchiveEntry> newestFirst, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        var good = newestFirst.FirstOrDefault(entry => entry.Manifest.IsGood);
        return [.. newestFirst.Skip(keep).Where(entry => entry != good)];
    }
}

/// <summary>What pruning did.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Kept">How many entries there are now.</param>
/// <param name="Removed">Versions that are gone.</param>
/// <param name="Locked">Versions that are too many and stay because something of them is locked, with what says so.</param>
/// <param name="Halves">How many half entries, left by a write that was killed, are gone.</param>
public sealed record PruneReport(
    string Stack,
    int Kept,
    IReadOnlyList<string> Removed,
    IReadOnlyList<LockedEntry> Locked,
    int Halves
);

/// <summary>An entry that cannot be removed yet.</summary>
/// <param name="Version">Which.</param>
/// <param name="Lock">Which object is locked, and how long.</param>
public sealed record LockedEntry(string Version, string Lock);
