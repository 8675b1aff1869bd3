using System.Globalization;

namespace InfraCdktf.Pipeline.Processes;

/// <summary>
/// Finds processes that have a file open or work in a directory. Needs the <c>/proc</c> of Linux; elsewhere it finds none.
/// </summary>
public static class ProcessLinks
{
    /// <summary>True if a process of this user has this link to the path.</summary>
    /// <param name="link">A link below <c>/proc/{pid}</c>: <c>cwd</c>, <c>fd/1</c>.</param>
    /// <param name="path">The full path that the link must have as its target.</param>
    public static bool Any(string link, string path) =>
        Directory.Exists("/proc/self")
        && Directory
            .EnumerateDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Any(process => Target(Path.Combine(process, link)) == path);

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // the process has ended, or belongs to another user
        }
    }
}
