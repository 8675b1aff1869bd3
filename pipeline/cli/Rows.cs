using Spectre.Console;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>A column of <see cref="CommandOutput.Rows"/>.</summary>
/// <param name="Title">Its heading.</param>
public sealed record Column(string Title)
{
    /// <summary>True for sentences: the cells may be wrapped between two words. All other cells stay in one line.</summary>
    public bool IsProse { get; init; }

    /// <summary>True for numbers.</summary>
    public bool IsRight { get; init; }
}

/// <summary>
/// Rows with the same columns: a table where it fits, else one block for each row with a line <c>Heading: value</c> for each
/// column. Nothing is cut, and no id, path or command is wrapped by this program, so that it can be copied from any terminal.
/// </summary>
internal static class Rows
{
    // A column of sentences that is narrower is hard to read.
    private const int NarrowestProse = 24;

    // The border and the space at both sides of a cell.
    private const int Frame = 3;

    /// <summary>Writes the rows.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var needed = 1 + columns.Select((column, index) => Frame + WidthOf(column, rows.Select(row => row[index]))).Sum();
        if (needed <= console.Profile.Width)
            console.Write(Table(columns, rows));
        else
            foreach (var row in rows)
                console.Profile.Out.Writer.WriteLine(Block(columns, row));
    }

    private static int WidthOf(Column column, IEnumerable<string> cells)
    {
        var widest = cells.SelectMany(cell => cell.Split('\n')).Append(column.Title).Max(line => line.Length);
        return column.IsProse ? Math.Min(widest, NarrowestProse) : widest;
    }

    private static Table Table(IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table();
        foreach (var column in columns)
            table.AddColumn(
                new TableColumn(new Text(column.Title))
                {
                    NoWrap = !column.IsProse,
                    Alignment = column.IsRight ? Justify.Right : Justify.Left,
                }
            );
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        return table;
    }

    private static string Block(IReadOnlyList<Column> columns, IReadOnlyList<string> row) =>
        string.Concat(
            columns
                .Select((column, index) => (column.Title, Text: row[index]))
                .Where(cell => cell.Text.Length > 0)
                .Select(cell => $"{cell.Title}: {cell.Text}\n")
        );
}
