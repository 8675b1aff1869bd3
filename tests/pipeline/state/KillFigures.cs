using System.Globalization;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>The figures of a series of kills, as a table.</summary>
internal static class KillFigures
{
    /// <summary>Counts by kind of kill and operation, and the commands that a person typed.</summary>
    public static string Of(IReadOnlyList<KillResult> results, TimeSpan elapsed)
    {
        var lines = new List<string> { $"| kill | {string.Join(" | ", Enum.GetValues<KilledOperation>())} |" };
        foreach (var kill in Enum.GetValues<Kill>())
        {
            var counts = Enum.GetValues<KilledOperation>()
                .Select(operation => results.Count(result => result.Case.Kill == kill && result.Case.Operation == operation));
            lines.Add($"| {kill} | {string.Join(" | ", counts)} |");
        }
        var stacks = results.GroupBy(result => result.Case.Stack).OrderBy(stack => stack.Key, StringComparer.Ordinal);
        lines.Add(string.Join(", ", stacks.Select(stack => $"{stack.Key} {stack.Count()}")));
        var commands = results.Where(result => result.Wrong.Count == 0).Select(result => result.Commands.Count).Order().ToList();
        if (commands.Count > 0)
            lines.Add($"commands: min {commands[0]}, median {commands[commands.Count / 2]}, max {commands[^1]}");
        lines.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{results.Count} kills, {results.Sum(result => result.InFlight)} calls in flight, "
                    + $"{results.Count(result => result.Wrong.Count > 0)} wrong, "
                    + $"{results.Sum(result => result.SecretsLost)} secrets lost, "
                    + $"{results.Sum(result => result.NeverInstalled)} releases taken back, {elapsed.TotalMinutes:0.0} min"
            )
        );
        return string.Join('\n', lines);
    }
}
