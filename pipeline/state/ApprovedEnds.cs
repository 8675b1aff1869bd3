namespace InfraCdktf.Pipeline.State;

/// <summary>
/// What the plans of killed applies replace and destroy. These plans were approved, so a plan after the recovery that still does
/// it only continues.
/// </summary>
/// <param name="Replaced">Addresses.</param>
/// <param name="Destroyed">Addresses.</param>
public sealed record ApprovedEnds(IReadOnlySet<string> Replaced, IReadOnlySet<string> Destroyed)
{
    /// <summary>No plan was approved.</summary>
    public static ApprovedEnds None { get; } = new(new HashSet<string>(), new HashSet<string>());

    /// <summary>Reads journals; each begins with its plan.</summary>
    public static ApprovedEnds Of(IEnumerable<ApplyJournal> journals)
    {
        var planned = journals
            .SelectMany(journal => File.ReadLines(journal.File))
            .Select(ApplyEvent.TryParse)
            .OfType<ApplyEvent>()
            .Where(item => item is { Type: ApplyEvent.Planned, Address: not null })
            .ToLookup(item => item.Action, item => item.Address!);
        return new(
            planned["replace"].ToHashSet(StringComparer.Ordinal),
            // The older object of an address is deposed, and its delete is planned under the same address.
            planned["delete"].Except(planned["replace"]).ToHashSet(StringComparer.Ordinal)
        );
    }
}
