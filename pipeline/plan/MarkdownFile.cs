using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>The file of <c>--markdown</c>. It is opened before the plan, which takes minutes, and emptied.</summary>
internal sealed class MarkdownFile : IDisposable
{
    private readonly StreamWriter _file;

    private MarkdownFile(StreamWriter file) => _file = file;

    /// <summary>Opens it.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static MarkdownFile Open(string file)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory)
                Directory.CreateDirectory(directory);
            return new(new StreamWriter(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--markdown: given \"{file}\": {exception.Message} Name a file that can be written.");
        }
    }

    /// <summary>Writes the text.</summary>
    public void Write(string text) => _file.Write(text);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
