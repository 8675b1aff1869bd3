using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace InfraCdktf.Pipeline;

/// <summary>
/// Where a command writes: for people tables and lines (plain when piped), for machines one JSON document. With <c>--json</c> and no file
/// standard output carries the JSON alone, and people read standard error.
/// </summary>
public sealed class CommandOutput
{
    // A pipe has no width; a table that wraps in a log is read by nobody.
    private const int PipeWidth = 160;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly TextWriter? _machine;
    private readonly string? _file;

    /// <summary>Chooses the streams.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="json">Whether <c>--json</c> was given.</param>
    /// <param name="file">The file that was named with it.</param>
    public CommandOutput(TextWriter output, TextWriter error, bool json, string? file)
    {
        _file = file;
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

    /// <summary>Writes the result for machines where it was asked for.</summary>
    public void Json(object result)
    {
        var text = JsonSerializer.Serialize(result, _json) + "\n";
        _machine?.Write(text);
        if (_file is null)
            return;
        if (Path.GetDirectoryName(Path.GetFullPath(_file)) is { } directory)
            Directory.CreateDirectory(directory);
        File.WriteAllText(_file, text);
    }

    private static IAnsiConsole Console(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = PipeWidth;
        return console;
    }
}
