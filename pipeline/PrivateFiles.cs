namespace InfraCdktf.Pipeline;

/// <summary>Files and directories that only their owner can read, from the moment they are there.</summary>
public static class PrivateFiles
{
    /// <summary>Makes an empty file (0600).</summary>
    /// <exception cref="IOException">It is there already.</exception>
    public static void Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    /// <summary>Makes a directory (0700) where there is none.</summary>
    public static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
