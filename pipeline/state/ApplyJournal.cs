using System.Globalization;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>An object that a journal speaks of.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Type">Its resource type.</param>
/// <param name="Id">Its id; null when the journal ends before the object had one.</param>
/// <param name="Failed">True when its create ended with an error: mostly nothing was made then.</param>
public sealed record JournalObject(string Address, string Type, string? Id, bool Failed = false);

/// <summary>What an apply had made when its journal ended.</summary>
/// <param name="Created">Made for certain, and not deleted again: each has an id.</param>
/// <param name="InFlight">Begun and not ended, or ended with an error: it may be there or not, and nobody knows its id.</param>
public sealed record JournalContent(IReadOnlyList<JournalObject> Created, IReadOnlyList<JournalObject> InFlight);

/// <summary>
/// What one apply did, written down by Terraform itself while it went: the file is its standard output. Terraform saves the state every 20
/// seconds at most, so one that is killed has made what no state knows; the journal has the ids. It goes on when this program is killed, and holds no attribute.
/// </summary>
/// <param name="File">The file: one event of <c>terraform apply -json</c> a line, readable by its owner alone.</param>
/// <param name="Stack">The stack.</param>
/// <param name="Started">When the apply began.</param>
public sealed record ApplyJournal(string File, string Stack, DateTimeOffset Started)
{
    /// <summary>True while a Terraform writes into it. Only Linux can be asked; elsewhere the state's lock is all there is.</summary>
    public bool InUse => ProcessLinks.Any("fd/1", File);

    /// <summary>
    /// True when a lock was taken by this very apply: between its beginning and the first thing that it did, by the clock of this machine. Nobody else can have
    /// taken it then, so when nobody writes the journal any more the lock is nobody's.
    /// </summary>
    public bool Took(LockHolder holder) =>
        holder.Who == LockingRun.Who
        && holder.Created >= Started
        && System.IO.File.ReadLines(File).Select(ApplyEvent.TryParse).FirstOrDefault(item => item?.Address is not null)
            is { At: { } first }
        && holder.Created <= first;

    /// <summary>What it says.</summary>
    public JournalContent Read()
    {
        var created = new Dictionary<string, JournalObject>(StringComparer.Ordinal);
        var open = new Dictionary<string, JournalObject>(StringComparer.Ordinal);
        foreach (var line in System.IO.File.ReadLines(File))
        {
            if (ApplyEvent.TryParse(line) is not { Address: { } address, ResourceType: { } type } item)
                continue;
            var known = new JournalObject(address, type, item.Id);
            switch (item.Type, item.Action)
            {
                case (ApplyEvent.Start, "create"):
                    open[address] = known;
                    break;
                case (ApplyEvent.Errored, "create"):
                    open[address] = known with { Failed = true };
                    break;
                case (ApplyEvent.Complete, "create"):
                    open.Remove(address);
                    created[address] = known;
                    break;
                case (ApplyEvent.Complete, "delete"):
                    created.Remove(address);
                    break;
                case (ApplyEvent.Settled, _):
                    created.Remove(address);
                    open.Remove(address);
                    break;
            }
        }
        return new([.. created.Values], [.. open.Values]);
    }

    /// <summary>Writes down that an object is not there, so that nobody need look for it again.</summary>
    public void Settle(JournalObject item) => System.IO.File.AppendAllText(File, ApplyEvent.SettledLine(item.Address, item.Type));

    /// <summary>Removes it: the state has all it says.</summary>
    public void Remove() => System.IO.File.Delete(File);
}

/// <summary>The journals of applies that are running or were killed, in one directory of the project.</summary>
/// <param name="directory">The directory; made when the first apply needs it.</param>
public sealed class ApplyJournals(string directory)
{
    private const string Extension = ".jsonl";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>Makes an empty journal for an apply that begins now.</summary>
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

    /// <summary>What lies there for a stack, oldest first; for all of them when none is named.</summary>
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

    /// <summary>Refuses to go on where an apply of the stack was killed: planning over it would make everything twice.</summary>
    /// <exception cref="PipelineException">A journal was left, or is being written.</exception>
    public void RequireNone(string stack)
    {
        if (Of(stack) is not [var journal, ..])
            return;
        throw new PipelineException(
            journal.InUse
                ? $"stack {stack}: an apply of {journal.Started:u} is still running here ({journal.File}). Wait for its end."
                : $"stack {stack}: an apply of {journal.Started:u} was killed before its state was saved: what it made may be in no state, and would be made twice. Run \"state recover {stack}\" first."
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
