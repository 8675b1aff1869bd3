namespace InfraCdktf.Tests.Support;

/// <summary>A temporary directory for one test. Dispose deletes it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>The full path of the directory.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("infra-cdktf-").FullName;

    /// <summary>Writes a file to the directory and returns the full path of the file.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
