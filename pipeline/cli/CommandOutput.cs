using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// Where a command writes: for people tables and lines (plain when piped), for machines one JSON document. With <c>--json</c> and no file
/// standard output carries the JSON alone, and people read standard error.
/// </summary>
public sealed class CommandOutput : IDisposable
{
    // A pipe has no width; a table that wraps in a log is read by nobody.
    private const int PipeWidth = 160;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly TextWriter? _machine;
    private readonly StreamWriter? _file;

    /// <summary>Chooses the streams.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="json">Whether <c>--json</c> was given.</param>
    /// <param name="file">The file that was named with it. It is opened now: a run of minutes must not end without a place for its result,
    /// and what lies there from an earlier run must not pass for this one's.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public CommandOutput(TextWriter output, TextWriter error, bool json, string? file)
    {
        _file = file is null ? null : Open(file);
        _machine = json && file is null ? output : null;
        People = Console(_machine is null ? output : error);
    }

    /// <summary>What people read.</summary>
    public IAnsiConsole People { get; }

    /// <summary>Writes a line as it is: no markup, no wrapping.</summary>
    public void Line(string text)
    {
        var writer = People.Profile.Out.Writer;
        lock (writer)
            writer.WriteLine(text);
    }

    /// <summary>A value as results for machines write it, to be put into one.</summary>
    public static JsonNode? ToJson(object value) => JsonSerializer.SerializeToNode(value, _json);

    /// <summary>Writes the result for machines where it was asked for.</summary>
    public void Json(object result)
    {
        var text = JsonSerializer.Serialize(result, _json) + "\n";
        _machine?.Write(text);
        _file?.Write(text);
        _file?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static StreamWriter Open(string file)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory)
                Directory.CreateDirectory(directory);
            return new(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(
                $"--json \"{file}\": {exception.Message} Name a file that can be written, or give --json without one for standard output."
            );
        }
    }

    private static IAnsiConsole Console(TextWriter writer)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (settings.Out.IsTerminal)
            return AnsiConsole.Create(settings);
        // Spectre asks TERM and the names of CI services, not whether anybody sees the colours.
        settings.Ansi = AnsiSupport.No;
        settings.ColorSystem = ColorSystemSupport.NoColors;
        settings.Enrichment.UseDefaultEnrichers = false;
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = PipeWidth;
        return console;
    }
}
