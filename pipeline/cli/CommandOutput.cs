using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// The output of a command: tables and lines for people (plain if piped), one JSON document for machines. With <c>--json</c> and
/// no file, standard output has only the JSON, and the text for people goes to standard error.
/// </summary>
public sealed class CommandOutput : IDisposable
{
    // A pipe has no width, and a wrapped table in a log is hard to read.
    private const int PipeWidth = 160;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly TextWriter? _machine;
    private readonly StreamWriter? _file;
    private bool _isWritten;

    /// <summary>Selects the streams.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="json">Whether <c>--json</c> was given.</param>
    /// <param name="file">The file that was named with it. It is opened now: a run can take minutes and must not fail at its end
    /// because the file cannot be written, and the result of an earlier run must not be mistaken for the result of this
    /// run.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    /// <param name="width">The columns of the output; null for those of the terminal.</param>
    public CommandOutput(TextWriter output, TextWriter error, bool json, string? file, int? width = null)
    {
        _file = file is null ? null : Open(file);
        _machine = json && file is null ? output : null;
        People = Console(_machine is null ? output : error);
        if (width is { } columns)
            People.Profile.Width = columns;
    }

    /// <summary>The output for people.</summary>
    public IAnsiConsole People { get; }

    /// <summary>
    /// Writes a line unchanged: no markup, no wrapping. A line that cannot be written (the terminal is closed, the disk is full)
    /// is left out: an apply must not end because of it.
    /// </summary>
    public void Line(string text)
    {
        var writer = People.Profile.Out.Writer;
        lock (writer)
        {
            try
            {
                writer.WriteLine(text);
            }
            catch (IOException)
            {
                // The exit code and the archive say what happened.
            }
        }
    }

    /// <summary>Writes rows: a table where it fits the terminal, else a block for each row.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The cells of each row, one for each column.</param>
    public void Rows(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        Cli.Rows.Write(People, columns, [.. rows]);

    /// <summary>A value in the JSON format of results, to be part of a result.</summary>
    public static JsonNode? ToJson(object value) => JsonSerializer.SerializeToNode(value, _json);

    /// <summary>
    /// The version of the JSON documents. A change that a reader must know about raises it; a new field does not.
    /// </summary>
    public const int SchemaVersion = 1;

    /// <summary>A JSON document of the program: an object whose first field is <c>schemaVersion</c>.</summary>
    public static string Document(object result)
    {
        var document = new JsonObject { ["schemaVersion"] = SchemaVersion };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(result, _json)!.AsObject())
            document[name] = value?.DeepClone();
        return document.ToJsonString(_json) + "\n";
    }

    /// <summary>
    /// What is done so far, for a command with several steps: the document of a failure has it as <c>partial</c>. Called at the
    /// failure.
    /// </summary>
    public Func<object>? Partial { get; set; }

    /// <summary>
    /// Writes a failure as JSON if <c>--json</c> was given: <c>error</c>, and <c>partial</c> if something is done.
    /// </summary>
    public void Fail(Failure failure)
    {
        if (_isWritten)
            return;
        try
        {
            Json(Partial is null ? (object)new { error = failure } : new { error = failure, partial = Partial() });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The exit code and the message say it.
        }
    }

    /// <summary>Writes the result as JSON if <c>--json</c> was given.</summary>
    public void Json(object result)
    {
        _isWritten = true;
        var text = Document(result);
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
                $"--json: given \"{file}\": {exception.Message} "
                    + "Name a file that can be written, or give --json without a file for standard output."
            );
        }
    }

    private static IAnsiConsole Console(TextWriter writer)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (settings.Out.IsTerminal)
            return AnsiConsole.Create(settings);
        // Spectre decides by TERM and the variables of CI services, not by whether the output is a terminal.
        settings.Ansi = AnsiSupport.No;
        settings.ColorSystem = ColorSystemSupport.NoColors;
        settings.Enrichment.UseDefaultEnrichers = false;
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = PipeWidth;
        return console;
    }
}
