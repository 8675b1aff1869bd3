using System.Runtime.InteropServices;
using System.Text;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>Creates files and directories that only their owner can read, from their creation on.</summary>
public static class PrivateFiles
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>Creates a file (0600) and opens it for writing.</summary>
    /// <exception cref="IOException">The file exists already.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }

    /// <summary>True if no other user can read, write or open the file or directory. Always true on Windows.</summary>
    public static bool IsPrivate(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0;

    /// <summary>
    /// True if the directory is private, belongs to this user, and is no link. Only Linux tells the owner; on other systems the
    /// temporary directory belongs to one user.
    /// </summary>
    public static bool IsOwn(string directory)
    {
        try
        {
            return new DirectoryInfo(directory).LinkTarget is null
                && IsPrivate(directory)
                && (!OperatingSystem.IsLinux() || OwnerOf(directory) == geteuid());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // removed meanwhile
        }
    }

    // .NET has no call for the owner. The layout of statx's result is the same on every machine.
    private static uint OwnerOf(string path)
    {
        const int currentDirectory = -100;
        const int noFollow = 0x100;
        const uint owner = 0x8;
        const int offset = 20;
        var result = new byte[256];
        return statx(currentDirectory, Encoding.UTF8.GetBytes(path + '\0'), noFollow, owner, result) == 0
            ? BitConverter.ToUInt32(result, offset)
            : throw new IOException($"{path}: its owner cannot be read.");
    }

    [DllImport("libc")]
    private static extern int statx(int directory, byte[] path, int flags, uint mask, [Out] byte[] result);

    [DllImport("libc")]
    private static extern uint geteuid();

    /// <summary>Creates a directory (0700) and its missing parents. An existing directory is not changed.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
