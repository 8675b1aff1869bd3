using System.Globalization;

namespace InfraCdktf.Environments.Values;

/// <summary>
/// What a Kubernetes CronJob takes as a schedule: five fields (robfig/cron v3, ParseStandard). Macros such as "@daily" are left out on
/// purpose: the inventory says the hour.
/// </summary>
public static class Cron
{
    private static readonly Field[] Fields =
    [
        new(0, 59, []),
        new(0, 23, []),
        new(1, 31, []),
        new(1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        new(0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    /// <summary>True for five fields of lists of *, numbers, names (months, weekdays) and ranges, each with an optional step.</summary>
    public static bool IsValid(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == Fields.Length && parts.Zip(Fields).All(pair => pair.Second.Takes(pair.First));
    }

    private sealed record Field(int Min, int Max, string[] Names)
    {
        public bool Takes(string list) => list.Split(',').All(TakesItem);

        private bool TakesItem(string item)
        {
            var parts = item.Split('/');
            return parts.Length <= 2 && TakesRange(parts[0]) && (parts.Length == 1 || Number(parts[1]) is > 0);
        }

        private bool TakesRange(string range)
        {
            var ends = range.Split('-');
            return range == "*" || (ends.Length <= 2 && Value(ends[0]) is { } from && Value(ends[^1]) is { } to && from <= to);
        }

        private int? Value(string text)
        {
            var name = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            var value = name >= 0 ? name + Min : Number(text);
            return value >= Min && value <= Max ? value : null;
        }

        private static int? Number(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
