namespace InfraCdktf.Pipeline.State.Lookup;

/// <summary>An object that exists under the name of an object whose create has no end.</summary>
/// <param name="Id">Its id, as in a state.</param>
/// <param name="Created">When it was created; null if its API does not say so.</param>
/// <param name="Status">The status that its API shows; null if objects of its type have none.</param>
public sealed record Sighting(string Id, DateTimeOffset? Created, string? Status)
{
    /// <summary>True if its creation failed: it exists, and does not work.</summary>
    public bool HasFailed => TaintedObjects.HasFailed(Status);

    /// <summary>For people: <c>id 123, created 2026-11-30 12:00:00Z, status active</c>.</summary>
    public override string ToString() =>
        $"id {Id}, "
        + (Created is { } created ? FormattableString.Invariant($"created {created:u}") : "time of its creation not shown")
        + (Status is null ? "" : $", status {Status}");
}
