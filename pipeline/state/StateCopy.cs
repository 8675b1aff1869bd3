using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>A state to which existing objects are added.</summary>
public interface IImportTarget
{
    /// <summary>The objects of the state.</summary>
    IReadOnlyList<StateObject> Objects { get; }

    /// <summary>
    /// Imports an existing object. Other objects of its address stay in the state as deposed, so that the next apply deletes
    /// them; those that were deleted already leave the state.
    /// </summary>
    /// <param name="item">The object.</param>
    /// <param name="importId">Its import id.</param>
    /// <param name="isDeleted">Says by its id whether an object of the same address was deleted.</param>
    /// <param name="cancellation">Stops the import.</param>
    /// <returns>False if the object does not exist.</returns>
    /// <exception cref="TerraformException">It exists and cannot be imported, or this could not be found out.</exception>
    Task<bool> ImportAsync(JournalObject item, string importId, Func<string, bool> isDeleted, CancellationToken cancellation);
}

/// <summary>
/// A copy of a stack's state in memory, into which Terraform imports objects. The live state does not change: a recovery writes
/// the result in one call. Terraform imports nothing at an address that has an object, not even a deposed one (measured,
/// 1.11.4), so this class removes such objects for the time of the import.
/// </summary>
public sealed class StateCopy : IImportTarget, IDisposable
{
    // Terraform's error if a provider finds no object with an id.
    private const string NotThere = "Cannot import non-existent remote object";

    private readonly PrivateDirectory _place;
    private readonly TerraformCli _terraform;

    /// <summary>Copies a state.</summary>
    /// <param name="place">A directory of <see cref="ErroredStates.Copy"/>; this object disposes it.</param>
    /// <param name="terraform">Terraform for the stack.</param>
    /// <param name="state">The state; null if there is none yet.</param>
    public StateCopy(PrivateDirectory place, TerraformCli terraform, byte[]? state)
    {
        (_place, _terraform) = (place, terraform);
        if (state is not null)
            Write(StateDraft.Parse(Encoding.UTF8.GetString(state)));
    }

    /// <inheritdoc/>
    public IReadOnlyList<StateObject> Objects => Read()?.Content.Objects ?? [];

    /// <inheritdoc/>
    public async Task<bool> ImportAsync(
        JournalObject item,
        string importId,
        Func<string, bool> isDeleted,
        CancellationToken cancellation
    )
    {
        var before = Read();
        var draft = Read();
        var aside = draft?.SetAside(item.Address, isDeleted) ?? [];
        if (draft is not null)
            Write(draft);
        try
        {
            await _terraform.ImportIntoCopyAsync(_place, item.Address, importId, cancellation);
        }
        catch (TerraformException exception)
        {
            if (before is not null)
                Write(before);
            if (exception.Error.Contains(NotThere, StringComparison.Ordinal))
                return false;
            throw;
        }
        var after = Read()!;
        after.PutBack(aside);
        // As Terraform leaves an object whose creation failed: then it does not count as a good one.
        if (ImportIds.TellsItsSecretOnce(item.Type) || HasFailed(after, item.Address))
            after.Taint(item.Address);
        Write(after);
        return true;
    }

    /// <summary>The state as JSON, as the next version of a state.</summary>
    /// <param name="before">The live state until now; null if there is none.</param>
    public string Next(byte[]? before)
    {
        var next = Read()!;
        if (before is not null)
            next.SetSerial(StateFile.Parse(before).Serial + 1);
        return next.Text;
    }

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    private static bool HasFailed(StateDraft state, string address) =>
        state.Content.Objects.Any(item =>
            item.Instance == address
            && item.Deposed is null
            && TaintedObjects.HasFailed((item.Attributes["status"] as JsonValue)?.ToString())
        );

    private string Path => System.IO.Path.Combine(_place.Path, ErroredStates.CopiedState);

    private StateDraft? Read() => File.Exists(Path) ? StateDraft.Parse(File.ReadAllText(Path)) : null;

    private void Write(StateDraft state) => File.WriteAllText(Path, state.Text);
}
