using System.Text.Json.Serialization;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>The retention rule: which entries of a stack exceed the retention count.</summary>
public static class Retention
{
    /// <summary>The entries to remove: all except the newest ones, by count. The newest good entry is always kept.</summary>
    /// <param name="newestFirst">The stack's entries.</param>
    /// <param name="keep">The number of entries to keep, at least one.</param>
    public static IReadOnlyList<ArchiveEntry> Surplus(IReadOnlyList<ArchiveEntry> newestFirst, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        var good = newestFirst.FirstOrDefault(entry => entry.Manifest.IsGood);
        return [.. newestFirst.Skip(keep).Where(entry => entry != good)];
    }
}

/// <summary>The result of pruning.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Kept">The number of entries after pruning.</param>
/// <param name="Removed">The versions that were removed.</param>
/// <param name="Locked">Versions that exceed the retention count but are locked, with their lock.</param>
/// <param name="IncompleteEntries">The number of incomplete entries of killed writes that were removed.</param>
public sealed record PruneReport(
    string Stack,
    int Kept,
    IReadOnlyList<string> Removed,
    IReadOnlyList<LockedEntry> Locked,
    [property: JsonPropertyName("halves")] int IncompleteEntries
);

/// <summary>An entry that cannot be removed yet.</summary>
/// <param name="Version">The version.</param>
/// <param name="Lock">The locked object, and until when it is locked.</param>
public sealed record LockedEntry(string Version, string Lock);
