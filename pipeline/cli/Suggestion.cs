namespace InfraCdktf.Pipeline.Cli;

/// <summary>Finds the allowed word that a mistyped one probably means.</summary>
public static class Suggestion
{
    /// <summary>A sentence with a space before it, <c> Did you mean staging?</c>; empty if no allowed word is close.</summary>
    /// <param name="given">The word that was given.</param>
    /// <param name="allowed">The allowed words.</param>
    public static string Sentence(string given, IEnumerable<string> allowed) =>
        Closest(given, allowed) is { } word ? $" Did you mean {word}?" : "";

    /// <summary>The closest word with at most a third of its letters changed; null if there is none.</summary>
    private static string? Closest(string given, IEnumerable<string> allowed) =>
        allowed
            .Select(word => (word, distance: Distance(given.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(one => one.distance <= Math.Max(1, one.word.Length / 3))
            .OrderBy(one => one.distance)
            .Select(one => one.word)
            .FirstOrDefault();

    /// <summary>
    /// The number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
    /// </summary>
    private static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var row = 0; row <= from.Length; row++)
            cost[row, 0] = row;
        for (var column = 0; column <= to.Length; column++)
            cost[0, column] = column;
        for (var row = 1; row <= from.Length; row++)
        for (var column = 1; column <= to.Length; column++)
        {
            var replace = cost[row - 1, column - 1] + (from[row - 1] == to[column - 1] ? 0 : 1);
            var best = Math.Min(replace, Math.Min(cost[row - 1, column], cost[row, column - 1]) + 1);
            if (row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1])
                best = Math.Min(best, cost[row - 2, column - 2] + 1);
            cost[row, column] = best;
        }
        return cost[from.Length, to.Length];
    }
}
