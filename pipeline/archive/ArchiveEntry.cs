namespace InfraCdktf.Pipeline.Archive;

/// <summary>An entry of the archive: one stack after one apply.</summary>
/// <param name="Manifest">The manifest of the entry.</param>
public sealed record ArchiveEntry(Manifest Manifest)
{
    /// <summary>The stack.</summary>
    public string Stack => Manifest.Stack;

    /// <summary>The version of the entry.</summary>
    public string Version => Manifest.Version;

    /// <summary>
    /// Sorts entries, newest first. Within a lineage Terraform's serials give the order, not the clocks of the machines that
    /// applied.
    /// </summary>
    public static IReadOnlyList<ArchiveEntry> NewestFirst(IEnumerable<ArchiveEntry> entries)
    {
        var all = entries.ToList();
        var started = all.GroupBy(entry => entry.Manifest.Lineage, StringComparer.Ordinal)
            .ToDictionary(
                lineage => lineage.Key,
                lineage => lineage.Max(entry => entry.Manifest.Started),
                StringComparer.Ordinal
            );
        return
        [
            .. all.OrderByDescending(entry => started[entry.Manifest.Lineage])
                .ThenByDescending(entry => entry.Manifest.Serial)
                .ThenByDescending(entry => entry.Manifest.Started)
                .ThenBy(entry => entry.Version, StringComparer.Ordinal),
        ];
    }
}
