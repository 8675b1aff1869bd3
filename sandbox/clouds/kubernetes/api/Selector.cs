using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>Label selectors, in objects and in queries; field selectors.</summary>
internal static class Selector
{
    /// <summary>True if labels match a <c>LabelSelector</c>. An empty selector matches all labels; null matches none.</summary>
    public static bool Matches(JsonNode? selector, JsonNode? labels) =>
        selector is not null
        && selector.Entries("matchLabels").All(wanted => (string?)labels?[wanted.Key] == wanted.Value!.ToString())
        && selector
            .Items("matchExpressions")
            .All(rule =>
                Matches((string?)labels?[rule.Text("key")!], rule.Text("operator")!.ToLowerInvariant(), [.. rule.Texts("values")])
            );

    /// <summary>True if an object matches <c>labelSelector</c> and <c>fieldSelector</c> of a query.</summary>
    public static bool Matches(string labels, string fields, JsonObject item) =>
        Terms(labels).All(term => MatchesTerm(term, item.At("metadata.labels")))
        && Terms(fields)
            .All(term =>
                term.Split('=', 2) is [var field, var wanted]
                && (
                    field.EndsWith('!')
                        ? (item.Text(field[..^1]) ?? "") != wanted
                        : (item.Text(field) ?? "") == wanted.TrimStart('=')
                )
            );

    // "a=b", "a!=b", "a", "!a", "a in (b,c)", "a notin (b,c)". A comma inside parentheses does not end a term.
    private static IEnumerable<string> Terms(string text) =>
        System
            .Text.RegularExpressions.Regex.Split(text, @",(?![^(]*\))")
            .Select(term => term.Trim())
            .Where(term => term.Length > 0);

    private static bool MatchesTerm(string term, JsonNode? labels)
    {
        if (term.Split(" in ") is [var inside, var some])
            return Matches((string?)labels?[inside.Trim()], "in", Values(some));
        if (term.Split(" notin ") is [var outside, var none])
            return Matches((string?)labels?[outside.Trim()], "notin", Values(none));
        if (term.Split("!=") is [var not, var other])
            return (string?)labels?[not] != other;
        if (term.Split('=', StringSplitOptions.RemoveEmptyEntries) is [var key, var value])
            return (string?)labels?[key] == value;
        return term.StartsWith('!') ? labels?[term[1..]] is null : labels?[term] is not null;
    }

    private static string[] Values(string list) => [.. list.Trim().Trim('(', ')').Split(',').Select(value => value.Trim())];

    private static bool Matches(string? label, string rule, string[] values) =>
        rule switch
        {
            "in" => label is not null && values.Contains(label),
            "notin" => label is null || !values.Contains(label),
            "exists" => label is not null,
            "doesnotexist" => label is null,
            _ => throw ApiException.BadRequest($"\"{rule}\" is not a valid label selector operator"),
        };
}
