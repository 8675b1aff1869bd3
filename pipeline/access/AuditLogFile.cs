using System.Text;
using System.Text.Json;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// A file of the API server's audit log: one event or list of events per line, or documents over several lines. A damaged
/// document does not hide those after it.
/// </summary>
public static class AuditLogFile
{
    /// <summary>Reads the denials of a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The denials, and the places that are not understood, each with the reason: <c>FILE:LINE: reason</c>.</returns>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static (IReadOnlyList<Denial> Denials, IReadOnlyList<string> Unread) Read(string file)
    {
        try
        {
            var (denials, unread) = Parse(File.ReadLines(file));
            return (denials, [.. unread.Select(place => $"{file}:{place}")]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--log: given {file}: {exception.Message} Name a file that can be read.");
        }
    }

    /// <summary>Reads the denials of the lines of a log.</summary>
    /// <returns>The denials, and the places that are not understood: <c>LINE: reason</c>.</returns>
    public static (IReadOnlyList<Denial> Denials, IReadOnlyList<string> Unread) Parse(IEnumerable<string> lines)
    {
        var (denials, unread) = (new List<Denial>(), new List<string>());
        // The lines of a document that is not complete yet, and how far they are read.
        var (open, reading) = (new List<(int Number, string Text)>(), new Reading());
        // The lines after a damaged one are read again: they may be documents of their own.
        var again = new Stack<(int Number, string Text)>();
        using var rest = lines.Select((text, index) => (Number: index + 1, Text: text)).GetEnumerator();
        while (true)
        {
            if (!again.TryPop(out var line))
            {
                if (!rest.MoveNext())
                {
                    if (open.Count == 0)
                        return (denials, unread);
                    EndDamaged();
                    continue;
                }
                line = rest.Current;
            }
            if (open.Count == 0 && string.IsNullOrWhiteSpace(line.Text))
                continue;
            open.Add(line);
            var end = reading.Continue(line.Text);
            if (end == DocumentEnd.Damaged)
                EndDamaged();
            if (end != DocumentEnd.Complete)
                continue;
            Add(open[0].Number, string.Join('\n', open.Select(one => one.Text)));
            (open, reading) = ([], new());
        }

        void EndDamaged()
        {
            Add(open[0].Number, open[0].Text);
            for (var i = open.Count - 1; i > 0; i--)
                again.Push(open[i]);
            (open, reading) = ([], new());
        }

        void Add(int number, string document)
        {
            var (found, reasons) = Denial.Read(document);
            denials.AddRange(found);
            unread.AddRange(reasons.Select(reason => $"{number}: {reason}"));
        }
    }

    private enum DocumentEnd
    {
        Open,
        Complete,
        Damaged,
    }

    /// <summary>How far a document over several lines is read.</summary>
    private sealed class Reading
    {
        private JsonReaderState _state;
        private byte[] _rest = [];

        /// <summary>Reads the next line, which also ends a text that is not closed: JSON has no line's end in a text.</summary>
        public DocumentEnd Continue(string line)
        {
            try
            {
                byte[] bytes = [.. _rest, .. Encoding.UTF8.GetBytes(line), (byte)'\n'];
                var reader = new Utf8JsonReader(bytes, isFinalBlock: false, _state);
                while (reader.Read()) { }
                _state = reader.CurrentState;
                // A comma is read with what follows it.
                _rest = bytes[(int)reader.BytesConsumed..];
                // The depth at the first token of an object or a list is the depth outside.
                return
                    reader.CurrentDepth == 0
                    && reader.TokenType is not (JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray)
                    ? DocumentEnd.Complete
                    : DocumentEnd.Open;
            }
            catch (JsonException)
            {
                return DocumentEnd.Damaged;
            }
        }
    }
}
