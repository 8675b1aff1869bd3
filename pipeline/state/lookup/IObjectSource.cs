using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Pipeline.State.Lookup;

/// <summary>An API that can be asked for objects by their names.</summary>
public interface IObjectSource
{
    /// <summary>True if objects of this type are looked for here.</summary>
    bool Has(string type);

    /// <summary>
    /// True if an object is told apart by its id, so that two addresses can have the same object. Otherwise its id follows from
    /// its address.
    /// </summary>
    bool IsComparedById { get; }

    /// <summary>Looks for an object.</summary>
    /// <param name="item">The object; it has no id.</param>
    /// <param name="ids">What follows from the configuration.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>The place, and everything that exists under the object's name.</returns>
    /// <exception cref="Cli.PipelineException">The API did not answer, or its name is not known.</exception>
    Task<ObjectSightings> FindAsync(JournalObject item, ImportIds ids, CancellationToken cancellation);

    /// <summary>
    /// Says why nothing shows that this is the account of the stack, as half a sentence. Null if it has one of the objects, or if
    /// that does not matter. In another account an empty answer says nothing.
    /// </summary>
    /// <param name="known">Objects that the account of the stack has, or had.</param>
    /// <param name="cancellation">Ends the calls.</param>
    Task<string?> DoubtAsync(IReadOnlyList<StateObject> known, CancellationToken cancellation);
}

/// <summary>Everything that exists under an object's name.</summary>
/// <param name="Place">Where it was looked for.</param>
/// <param name="Found">What exists there.</param>
public sealed record ObjectSightings(string Place, IReadOnlyList<Sighting> Found)
{
    /// <summary>See <see cref="Search.NeedsNoWait"/>.</summary>
    public bool NeedsNoWait { get; init; }

    /// <summary>See <see cref="Search.NeedsNoTime"/>.</summary>
    public bool NeedsNoTime { get; init; }

    /// <summary>See <see cref="Search.MayBeOfOthers"/>.</summary>
    public bool MayBeOfOthers { get; init; }
}
