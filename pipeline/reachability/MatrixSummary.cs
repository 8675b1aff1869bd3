using System.Text;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// A matrix as text with one row and one column for each namespace instead of each pod: first a table, then the ports and pods of
/// each allowed connection.
/// </summary>
public static class MatrixSummary
{
    /// <summary>
    /// A table ("#" every pod on every port, "+" some, "." none, " " no policy decides), then a line for each pair of namespaces
    /// with allowed connections: the ports and the pods ("*" for all). Machines and ranges with the same connections share a
    /// line.
    /// </summary>
    public static string Text(Matrix matrix)
    {
        var groups = matrix.Endpoints.GroupBy(Group).ToDictionary(group => group.Key, group => group.Select(Name).ToList());
        var pairs = matrix.Pairs.ToLookup(pair => (From: Group(pair.From), To: Group(pair.To)));
        var titles = groups.Keys.ToList();
        var namespaces = matrix.Endpoints.OfType<Pod>().Select(pod => pod.Namespace).ToHashSet(StringComparer.Ordinal);
        var text = new StringBuilder();
        var width = titles.Max(title => title.Length);
        for (var column = 0; column < titles.Count; column++)
            text.Append(' ', width + 2).Append("| ".Repeat(column)).Append(titles[column]).Append('\n');
        foreach (var from in titles)
        {
            text.Append(from.PadRight(width + 1));
            foreach (var to in titles)
                text.Append(' ').Append(Sign([.. pairs[(from, to)]]));
            text.Append('\n');
        }
        text.Append('\n');
        var lines =
            from source in titles
            from target in titles
            from same in pairs[(source, target)]
                .Where(pair => pair.Ports.Count > 0)
                .GroupBy(pair => pair.Text)
                .OrderBy(same => same.Key, StringComparer.Ordinal)
            select (Source: source, Line: $"-> {target}: {same.Key}{Who([.. same], groups[source], groups[target])}");
        // Machines and ranges mostly have the same connections, so they share a line.
        foreach (var same in lines.GroupBy(line => (line.Line, namespaces.Contains(line.Source) ? line.Source : "")))
            text.Append($"{Sources([.. same.Select(line => line.Source)], titles.Count - namespaces.Count)} {same.Key.Line}\n");
        return text.ToString();
    }

    private static string Sources(IReadOnlyList<string> sources, int outsiders) =>
        sources.Count > 1 && sources.Count == outsiders ? "all machines and ranges" : string.Join(", ", sources);

    /// <summary>The pods, if not all pods of both namespaces: " (infra -> from-gateway; prometheus -> *)".</summary>
    private static string Who(IReadOnlyList<Reach> flows, IReadOnlyList<string> froms, IReadOnlyList<string> tos)
    {
        var parts = flows
            .GroupBy(flow => Name(flow.From))
            .Select(flow => (From: flow.Key, To: Names(flow.Select(one => Name(one.To)), tos)))
            .GroupBy(part => part.To)
            .Select(part => $"{Names(part.Select(one => one.From), froms)} -> {part.Key}")
            .ToList();
        return parts is ["* -> *"] ? "" : $" ({string.Join("; ", parts)})";
    }

    private static string Names(IEnumerable<string> some, IReadOnlyList<string> all)
    {
        var names = some.ToList();
        return names.Count == all.Count ? "*"
            : names.Count * 2 > all.Count ? $"* but {string.Join(", ", all.Except(names))}"
            : string.Join(", ", names);
    }

    private static char Sign(IReadOnlyList<Reach> pairs) =>
        pairs.Count == 0 ? ' '
        : pairs.All(pair => pair.Text == "all") ? '#'
        : pairs.Any(pair => pair.Ports.Count > 0) ? '+'
        : '.';

    private static string Group(Endpoint endpoint) => endpoint is Pod pod ? pod.Namespace : endpoint.Title;

    private static string Name(Endpoint endpoint) => endpoint is Pod pod ? pod.Name : endpoint.Title;

    private static string Repeat(this string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
