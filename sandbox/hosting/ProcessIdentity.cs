using System.Globalization;
using System.Text.RegularExpressions;

namespace InfraCdktf.Sandbox.Hosting;

/// <summary>
/// Identifies one process for later: its number alone is given to another process again. The start time is the kernel's count
/// since the start of the machine, so it does not depend on a clock.
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="Start">When it started, in clock ticks after the start of the machine.</param>
/// <param name="Boot">The kernel's id of this start of the machine.</param>
/// <param name="Namespace">The process namespace: in another one the same number is another process.</param>
public sealed partial record ProcessIdentity(int Id, string Start, string Boot, string Namespace)
{
    /// <summary>This process; null without the <c>/proc</c> of Linux.</summary>
    public static ProcessIdentity? Own { get; } = Read(System.Environment.ProcessId, own: null);

    /// <summary>A running process of this machine; null if it has ended, and without the <c>/proc</c> of Linux.</summary>
    /// <param name="process">Its number.</param>
    public static ProcessIdentity? Of(int process) => Own is { } own ? Read(process, own) : null;

    /// <summary>Reads an identity from a text that contains one; null if it contains none.</summary>
    public static ProcessIdentity? In(string text) =>
        Written().Match(text) is { Success: true } match
            ? new(
                int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture),
                match.Groups["start"].Value,
                match.Groups["boot"].Value,
                match.Groups["space"].Value
            )
            : null;

    /// <summary>
    /// True if it is running, false if it has ended; null if this process cannot know: it is of another start of this machine, of
    /// another machine with the same name, or of another process namespace.
    /// </summary>
    public bool? IsRunning => Own is not { } own || own.Boot != Boot || own.Namespace != Namespace ? null : StartOf(Id) == Start;

    /// <summary>The text that <see cref="In"/> reads.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"process {Id} (start {Start}, boot {Boot}, namespace {Namespace})");

    /// <summary>
    /// True if a process has ended, also if its parent has not read its exit code yet. Without the <c>/proc</c> of Linux false.
    /// </summary>
    /// <param name="process">Its number.</param>
    public static bool HasEnded(int process) => Own is not null && StartOf(process) is null;

    private static ProcessIdentity? Read(int process, ProcessIdentity? own) =>
        StartOf(process) is { } start
            ? new(
                process,
                start,
                own?.Boot ?? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
                own?.Namespace ?? new FileInfo("/proc/self/ns/pid").LinkTarget ?? ""
            )
            : null;

    // proc(5): fields 3 and 22. The second field is the program's name in parentheses, and can contain spaces and parentheses.
    private static string? StartOf(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            // A zombie has ended: after a kill of its parent it stays until the first process of the machine reads its exit code.
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"\bprocess (?<id>\d{1,9}) \(start (?<start>\d+), boot (?<boot>[0-9a-f-]+), namespace (?<space>pid:\[\d+\])\)"
    )]
    private static partial Regex Written();
}
