namespace InfraCdktf.Pipeline.Storage;

/// <summary>Creates files and directories that only their owner can read, from their creation on.</summary>
public static class PrivateFiles
{
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

    /// <summary>Creates a directory (0700) and its missing parents. An existing directory is not changed.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
