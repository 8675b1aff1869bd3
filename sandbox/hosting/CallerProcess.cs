using System.Diagnostics;
using System.Globalization;

namespace InfraCdktf.Sandbox.Hosting;

/// <summary>
/// The process at the other end of a connection: the Terraform that makes a call. It is found in <c>/proc</c>; on systems
/// without it there is none.
/// </summary>
internal static class CallerProcess
{
    /// <summary>
    /// The working directory of the process. Terraform starts a real provider in its own working directory, and relative chart
    /// paths depend on it. The sandbox runs in another directory. On systems without <c>/proc</c> it is the sandbox's own.
    /// </summary>
    /// <param name="theirPort">The port of the other end.</param>
    /// <param name="ourPort">The port of this end.</param>
    public static string DirectoryOf(int theirPort, int ourPort)
    {
        try
        {
            return Find(theirPort, ourPort) is { } process
                ? new FileInfo($"{process}/cwd").LinkTarget ?? Directory.GetCurrentDirectory()
                : Directory.GetCurrentDirectory();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Directory.GetCurrentDirectory();
        }
    }

    /// <summary>Kills the process (SIGKILL), as the kernel does when memory is short.</summary>
    /// <param name="theirPort">The port of the other end.</param>
    /// <param name="ourPort">The port of this end.</param>
    public static void Kill(int theirPort, int ourPort)
    {
        if (Find(theirPort, ourPort) is not { } place)
            return;
        try
        {
            using var process = Process.GetProcessById(int.Parse(Path.GetFileName(place), CultureInfo.InvariantCulture));
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
        }
    }

    private static string? Find(int theirPort, int ourPort) => Inode(theirPort, ourPort) is { } inode ? ProcessOf(inode) : null;

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
    private static string? ProcessOf(string inode) =>
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
