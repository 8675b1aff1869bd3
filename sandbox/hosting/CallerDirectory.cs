using System.Globalization;

namespace InfraCdktf.Sandbox.Hosting;

/// <summary>
/// The working directory of the process at the other end of a connection. Terraform starts a real provider in its own working
/// directory, and relative chart paths depend on it. The sandbox runs in another directory. On Linux the directory is read from
/// /proc; on other systems the result is the sandbox's own directory.
/// </summary>
internal static class CallerDirectory
{
    public static string Of(int theirPort, int ourPort)
    {
        try
        {
            return Inode(theirPort, ourPort) is { } inode && Process(inode) is { } process
                ? new FileInfo($"{process}/cwd").LinkTarget ?? Directory.GetCurrentDirectory()
                : Directory.GetCurrentDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.GetCurrentDirectory();
        }
    }

    /// <summary>
    /// The socket of the other process. /proc/net/tcp lists local and remote addresses as hexadecimal "IP:PORT".
    /// </summary>
    private static string? Inode(int theirPort, int ourPort)
    {
        if (!File.Exists("/proc/net/tcp"))
            return null;
        var (theirs, ours) = (Hex(theirPort), Hex(ourPort));
        return File.ReadLines("/proc/net/tcp")
            .Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(f => f[1].EndsWith(theirs, StringComparison.Ordinal) && f[2].EndsWith(ours, StringComparison.Ordinal))
            ?[9];
    }

    // The newest process first: it is probably the Terraform that has just started.
    private static string? Process(string inode) =>
        Directory
            .EnumerateDirectories("/proc")
            .Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0]))
            .OrderByDescending(p => int.Parse(Path.GetFileName(p), CultureInfo.InvariantCulture))
            .FirstOrDefault(p => Sockets(p).Contains($"socket:[{inode}]"));

    private static IEnumerable<string?> Sockets(string process)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"{process}/fd").Select(fd => new FileInfo(fd).LinkTarget)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // the process belongs to another user, or it has just ended
        }
    }

    private static string Hex(int port) => string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
}
