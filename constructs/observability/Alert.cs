using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>An alert. Every field is required.</summary>
public sealed record Alert
{
    /// <summary>Its name, and its heading in the runbook.</summary>
    public required string Name { get; init; }

    /// <summary>The PromQL expression.</summary>
    public required string Expression { get; init; }

    /// <summary>How long the expression must be true before the alert fires, in minutes.</summary>
    public required int ForMinutes { get; init; }

    /// <summary>The label <c>severity</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>Its environment: the alert has its owner as a label and goes to its routes.</summary>
    public required EnvironmentSpec Environment { get; init; }

    /// <summary>One line, as it appears in a chat. May use Prometheus' template language.</summary>
    public required string Summary { get; init; }

    /// <summary>The problem, with numbers.</summary>
    public required string Description { get; init; }

    /// <summary>The runbook's file in <c>docs/runbooks</c>, without its suffix.</summary>
    public required string Runbook { get; init; }

    /// <summary>The rule as Prometheus reads it.</summary>
    public JsonObject Rule(PlatformSpec platform) =>
        new()
        {
            ["alert"] = Name,
            ["expr"] = Expression,
            ["for"] = $"{ForMinutes}m",
            ["labels"] = new JsonObject
            {
                ["environment"] = Environment.Name.Text,
                ["owner"] = Environment.Owner,
                ["severity"] = Severity,
            },
            ["annotations"] = new JsonObject
            {
                ["description"] = Description,
                ["runbook_url"] = $"{platform.Repository}/blob/main/docs/runbooks/{Runbook}.md#{Name.ToLowerInvariant()}",
                ["summary"] = Summary,
            },
        };
}
