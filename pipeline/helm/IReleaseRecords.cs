namespace InfraCdktf.Pipeline.Helm;

/// <summary>The records of Helm in the cluster, and the objects that they name.</summary>
public interface IReleaseRecords
{
    /// <summary>The records in a namespace that match a label selector.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="selector">A label selector, in addition to <c>owner=helm</c>.</param>
    /// <param name="cancellation">Cancels the call.</param>
    Task<IReadOnlyList<ReleaseRecord>> ListAsync(string space, string selector, CancellationToken cancellation);

    /// <summary>Deletes the objects of a record, without those that do not exist, and then the record.</summary>
    Task DeleteAsync(ReleaseRecord record, CancellationToken cancellation);

    /// <summary>Marks a record as that of a failed operation.</summary>
    Task FailAsync(ReleaseRecord record, string description, CancellationToken cancellation);
}
