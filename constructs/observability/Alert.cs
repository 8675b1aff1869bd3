using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Observability;

/// <summary>An alert: nothing of it is optional, because at 3 a.m. nothing of it is.</summary>
public sealed record Alert
{
    /// <summary>Its name, and its heading in the runbook.</summary>
    public required string Name { get; init; }

    /// <summary>The PromQL that must hold.</summary>
    public required string Expression { get; init; }

    /// <summary>How long it must hold before somebody is told, in minutes.</summary>
    public required int ForMinutes { get; init; }

    /// <summary>The label <c>severity</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>The environment that it is about; its routes and its owner are told.</summary>
    public required EnvironmentSpec Environment { get; init; }

    /// <summary>One line, as it appears in a chat. May use Prometheus' template language.</summary>
    public required string Summary { get; init; }

    /// <summary>What is wrong, with the numbers.</summary>
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
