using System.Globalization;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Tests.Support;

/// <summary>The running processes that a directory started.</summary>
internal static class ProcessesBelow
{
    /// <summary>The command lines that name a path below the directory.</summary>
    public static IReadOnlyList<string> Of(string directory) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0 && !ProcessIdentity.HasEnded(id))
                .Select(CommandLine)
                .Where(command => command.Contains($"{directory}/", StringComparison.Ordinal)),
        ];

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }
}
