using System.Globalization;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>An object in a journal.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Type">Its resource type.</param>
/// <param name="Id">Its id; null when the journal ends before the object had one.</param>
/// <param name="Failed">True when its create ended with an error. In most cases nothing was created then.</param>
/// <param name="Replaces">
/// True when the plan replaces the object of this address. Then the state may still have the old one there.
/// </param>
/// <param name="Shared">
/// True when another operation ran at this address at the same time. Then the journal has only one of the two ends.
/// </param>
/// <param name="AnswerLost">
/// True when its create ended with an error and was not refused: the answer was lost, or the server failed. Then it may exist.
/// </param>
public sealed record JournalObject(
    string Address,
    string Type,
    string? Id,
    bool Failed = false,
    bool Replaces = false,
    bool Shared = false,
    bool AnswerLost = false
);

/// <summary>What an apply had done when its journal ended. Objects are told apart by address and id.</summary>
/// <param name="Created">Objects that were created and not deleted again. Each has an id.</param>
/// <param name="InFlight">
/// Objects whose create has no end in the journal, or ended with an error. Each may or may not exist; its id is not known.
/// </param>
/// <param name="Deleted">Objects that were deleted. Each has an id.</param>
/// <param name="Changing">
/// Objects whose update or delete has no end in the journal. The state has them; the next plan reads how far it came.
/// </param>
public sealed record JournalContent(
    IReadOnlyList<JournalObject> Created,
    IReadOnlyList<JournalObject> InFlight,
    IReadOnlyList<JournalObject> Deleted,
    IReadOnlyList<JournalObject> Changing
)
{
    /// <summary>True if this apply deleted the object.</summary>
    public bool HasDeleted(string address, string id) => Deleted.Any(item => item.Address == address && item.Id == id);
}

/// <summary>
/// The journal of one apply. Terraform writes it while it runs: the file is its standard output. Terraform saves the state every
/// 20 seconds at most, so a killed Terraform has created objects that are in no state; the journal has their ids. Terraform
/// continues to write it when this program is killed. It has no attributes.
/// </summary>
/// <param name="File">The file: one event of <c>terraform apply -json</c> on each line, readable only by its owner.</param>
/// <param name="Stack">The stack.</param>
/// <param name="Started">When the apply started.</param>
public sealed record ApplyJournal(string File, string Stack, DateTimeOffset Started)
{
    /// <summary>
    /// True while a Terraform process writes into the file. Only Linux can tell; on other systems only the state's lock shows it.
    /// </summary>
    public bool InUse => ProcessLinks.Any("fd/1", File);

    /// <summary>
    /// True when this apply took the lock: the lock was created between the start of the apply and its first event, by the clock
    /// of this machine. No other run can have taken the lock in that time. If no process writes the journal any more, the holder
    /// of the lock has ended.
    /// </summary>
    public bool Took(LockHolder holder) =>
        holder.Who == LockingRun.Who
        && holder.Created >= Started
        && System.IO.File.ReadLines(File).Select(ApplyEvent.TryParse).FirstOrDefault(item => item?.Address is not null)
            is { At: { } first }
        && holder.Created <= first;

    /// <summary>True if Terraform was interrupted, by this program or by a signal to Terraform alone.</summary>
    public bool WasInterrupted =>
        System.IO.File.ReadLines(File).Any(line => line.Contains(ChildProcess.InterruptSeen, StringComparison.Ordinal));

    /// <summary>The addresses of objects of which a recovery noted that they do not exist or are given up.</summary>
    public IEnumerable<string> Settled =>
        System
            .IO.File.ReadLines(File)
            .Select(ApplyEvent.TryParse)
            .Where(item => item is { Type: ApplyEvent.Settled, Address: not null })
            .Select(item => item!.Address!);

    /// <summary>When Terraform wrote the last event; when the apply started if there is none.</summary>
    public DateTimeOffset Ended =>
        System.IO.File.ReadLines(File).Select(ApplyEvent.TryParse).Max(item => item?.At) is { } last && last > Started
            ? last
            : Started;

    /// <summary>Reads the journal.</summary>
    public JournalContent Read()
    {
        var reader = new JournalReader();
        foreach (var line in System.IO.File.ReadLines(File))
        {
            if (ApplyEvent.TryParse(line) is { } item)
                reader.Add(item);
        }
        return reader.Content;
    }

    /// <summary>Records what the saved state answers, so that a later recovery does not ask for it.</summary>
    /// <param name="state">The objects of the state.</param>
    /// <param name="ending">How the apply ended.</param>
    /// <returns>True if the state has everything that the journal names: then the journal may be removed.</returns>
    public bool Close(IReadOnlyList<StateObject> state, ApplyEnding ending)
    {
        var content = Read();
        var open = Reconciler.Open(content, state, ending);
        foreach (var item in content.InFlight.Except(open.InFlight))
            Settle(item);
        return Reconciler.IsComplete(open, state);
    }

    /// <summary>Records that an object does not exist or was given up, so that recovery does not look at it again.</summary>
    public void Settle(JournalObject item) => Append(ApplyEvent.Settled, item, item.Id);

    /// <summary>Records the id of an object whose create has no end.</summary>
    public void Find(JournalObject item, string id) => Append(ApplyEvent.Found, item, id);

    /// <summary>Removes the journal. Call it when the state has everything that the journal names.</summary>
    public void Remove() => System.IO.File.Delete(File);

    private void Append(string type, JournalObject item, string? id) =>
        System.IO.File.AppendAllText(File, ApplyEvent.Line(type, item.Address, item.Type, id));
}

/// <summary>
/// The journals of applies that are running, were killed, or left something open, in one directory of the project.
/// </summary>
/// <param name="directory">The directory; created when the first apply needs it.</param>
public sealed class ApplyJournals(string directory)
{
    private const string Extension = ".jsonl";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>Creates an empty journal for an apply that starts now.</summary>
    public ApplyJournal Begin(string stack)
    {
        PrivateFiles.CreateDirectory(directory);
        var now = DateTimeOffset.UtcNow;
        var time = now.ToString(TimeFormat, CultureInfo.InvariantCulture);
        // A stack's name is a DNS label: it has no dot.
        var file = Path.GetFullPath(Path.Combine(directory, $"{stack}.{time}.{Guid.NewGuid():N}{Extension}"));
        PrivateFiles.Create(file).Dispose();
        return new(file, stack, now);
    }

    /// <summary>The journals of a stack, oldest first; the journals of all stacks if no stack is named.</summary>
    public IReadOnlyList<ApplyJournal> Of(string? stack = null) =>
        !Directory.Exists(directory)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(directory, $"*{Extension}")
                    .Select(Parse)
                    .OfType<ApplyJournal>()
                    .Where(journal => stack is null || journal.Stack == stack)
                    .OrderBy(journal => journal.Started),
            ];

    /// <summary>
    /// Requires that no apply of the stack was killed, interrupted during creates, or lost the answer to a create: a plan after
    /// that could create its objects twice.
    /// </summary>
    /// <exception cref="PipelineException">The stack has a journal, also of an apply that is still running.</exception>
    public void RequireNone(string stack)
    {
        if (Of(stack) is not [var journal, ..])
            return;
        throw new PipelineException(
            journal.InUse
                ? $"stack {stack}: the apply of {journal.Started:u} is still running here ({journal.File}). Wait until "
                    + "it has ended."
                : $"stack {stack}: the apply of {journal.Started:u} was killed or interrupted, or lost an answer. Objects that "
                    + "it created may be in no state, and the next apply would create them twice. Run "
                    + $"\"state recover {stack}\" first."
        );
    }

    private static ApplyJournal? Parse(string file) =>
        Path.GetFileName(file).Split('.') is [var stack, var time, _, _]
        && DateTimeOffset.TryParseExact(
            time,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var started
        )
            ? new(Path.GetFullPath(file), stack, started)
            : null;
}
