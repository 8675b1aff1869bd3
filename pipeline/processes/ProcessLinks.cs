using System.Globalization;

namespace InfraCdktf.Pipeline.Processes;

/// <summary>Asks Linux which processes hold a file or work in a directory. Elsewhere nobody can be asked.</summary>
public static class ProcessLinks
{
    /// <summary>True when some process of this user has the path open as this link.</summary>
    /// <param name="link">A link below <c>/proc/{pid}</c>: <c>cwd</c>, <c>fd/1</c>.</param>
    /// <param name="path">The full path it leads to.</param>
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
            return null; // gone meanwhile, or another user's
        }
    }
}
