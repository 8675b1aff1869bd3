using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>Facts about a pod that matter to a drain.</summary>
internal static class PodFacts
{
    /// <summary>The pod's phase; "Running" if it has none.</summary>
    public static string Phase(JsonObject pod) => (string?)pod["status"]?["phase"] ?? "Running";

    /// <summary>Whether the pod is being deleted.</summary>
    public static bool IsEnding(JsonObject pod) => pod["metadata"]!["deletionTimestamp"] is not null;

    /// <summary>Whether the condition Ready is True.</summary>
    public static bool IsReady(JsonObject pod) =>
        (pod["status"]?["conditions"] as JsonArray ?? []).Any(condition =>
            (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True"
        );

    /// <summary>The pod's labels.</summary>
    public static JsonObject Labels(JsonObject pod) => pod["metadata"]!["labels"] as JsonObject ?? [];

    /// <summary>The controller of the pod; null if it has none. The owner of a mirror pod is its node.</summary>
    public static (string Kind, string Uid)? Owner(JsonObject pod) =>
        (pod["metadata"]!["ownerReferences"] as JsonArray ?? [])
            .Where(owner => (bool?)owner!["controller"] == true)
            .Select(owner => ((string, string)?)((string)owner!["kind"]!, (string)owner["uid"]!))
            .FirstOrDefault();

    /// <summary>Whether a LabelSelector matches labels. An empty selector matches all labels; null matches none.</summary>
    public static bool Selects(JsonNode? selector, JsonObject labels) =>
        selector is not null
        && (selector["matchLabels"] as JsonObject ?? []).All(wanted => (string?)labels[wanted.Key] == (string?)wanted.Value)
        && (selector["matchExpressions"] as JsonArray ?? []).All(rule => Fits(rule!, labels));

    /// <summary>Whether labels fulfil one requirement: In, NotIn, Exists, DoesNotExist; for nodes also Gt and Lt.</summary>
    public static bool Fits(JsonNode rule, JsonObject labels)
    {
        var label = (string?)labels[(string)rule["key"]!];
        var values = (rule["values"] as JsonArray ?? []).Select(value => (string?)value).ToList();
        return (string?)rule["operator"] switch
        {
            "In" => label is not null && values.Contains(label),
            "NotIn" => label is null || !values.Contains(label),
            "Exists" => label is not null,
            "DoesNotExist" => label is null,
            "Gt" => long.TryParse(label, out var more) && long.TryParse(values.FirstOrDefault(), out var least) && more > least,
            "Lt" => long.TryParse(label, out var less) && long.TryParse(values.FirstOrDefault(), out var most) && less < most,
            var other => throw new PipelineException(
                $"A selector has the operator \"{other}\"; allowed: In, NotIn, Exists, DoesNotExist, and Gt and Lt for nodes."
            ),
        };
    }
}
