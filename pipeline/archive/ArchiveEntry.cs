namespace InfraCdktf.Pipeline.Archive;

/// <summary>An entry of the archive: one stack as it was after one apply.</summary>
/// <param name="Manifest">What it says about itself.</param>
public sealed record ArchiveEntry(Manifest Manifest)
{
    /// <summary>The stack.</summary>
    public string Stack => Manifest.Stack;

    /// <summary>Which entry of the stack it is.</summary>
    public string Version => Manifest.Version;

    /// <summary>Newest first. Within a lineage Terraform's serials say what is newer, not the clocks of the machines that applied.</summary>
    public static IReadOnlyList<ArchiveEntry> NewestFirst(IEnumerable<ArchiveEntry> entries)
    {
        var all = entries.ToList();
        var begun = all.GroupBy(entry => entry.Manifest.Lineage, StringComparer.Ordinal)
            .ToDictionary(
                lineage => lineage.Key,
                lineage => lineage.Max(entry => entry.Manifest.Started),
                StringComparer.Ordinal
            );
        return
        [
            .. all.OrderByDescending(entry => begun[entry.Manifest.Lineage])
                .ThenByDescending(entry => entry.Manifest.Serial)
                .ThenByDescending(entry => entry.Manifest.Started)
                .ThenBy(entry => entry.Version, StringComparer.Ordinal),
        ];
    }
}
