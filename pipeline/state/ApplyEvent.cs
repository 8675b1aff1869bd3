using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// One line of <c>terraform apply -json</c> (Terraform's documented machine-readable UI): what it says to people, and where it is about one object,
/// which. It has addresses and ids, never attributes.
/// </summary>
public sealed record ApplyEvent
{
    /// <summary>An object is being made, changed or deleted.</summary>
    public const string Start = "apply_start";

    /// <summary>It is done.</summary>
    public const string Complete = "apply_complete";

    /// <summary>It failed; what the provider had made by then is in Terraform's memory alone.</summary>
    public const string Errored = "apply_errored";

    /// <summary>Ours, not Terraform's: somebody looked, and it is not there.</summary>
    public const string Settled = "settled";

    private const string Diagnostic = "diagnostic";

    // What people did not read before this program asked for JSON: they have seen the plan, and outputs may be long.
    private static readonly string[] _forMachines = ["version", "planned_change", "resource_drift", "outputs"];

    /// <summary>What kind of event it is.</summary>
    public required string Type { get; init; }

    /// <summary>When Terraform said it; null where it says no time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Terraform's own words, as it writes them without <c>-json</c>; null where people need not read it.</summary>
    public string? Text { get; init; }

    /// <summary>The object's address; null when the event is about none.</summary>
    public string? Address { get; init; }

    /// <summary>The object's resource type.</summary>
    public string? ResourceType { get; init; }

    /// <summary>create, update, delete, read...</summary>
    public string? Action { get; init; }

    /// <summary>The object's id, once it has one.</summary>
    public string? Id { get; init; }

    /// <summary>True for an error (a warning is none).</summary>
    public bool IsError { get; init; }

    /// <summary>Reads a line; null when it is none of Terraform's, or was cut off in the middle.</summary>
    public static ApplyEvent? TryParse(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject json && json["type"] is { } type
                ? Read(type.GetValue<string>(), json)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The line that <see cref="Settled"/> is read from; it begins with a line break, because a killed Terraform may have left half a line.</summary>
    public static string SettledLine(string address, string type) =>
        "\n"
        + new JsonObject
        {
            ["type"] = Settled,
            ["hook"] = new JsonObject
            {
                ["resource"] = new JsonObject { ["addr"] = address, ["resource_type"] = type },
            },
        }.ToJsonString()
        + "\n";

    private static ApplyEvent Read(string type, JsonObject json)
    {
        var hook = json["hook"];
        var message = json["@message"]?.GetValue<string>();
        return new()
        {
            Type = type,
            At = DateTimeOffset.TryParse(
                json["@timestamp"]?.GetValue<string>(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var at
            )
                ? at
                : null,
            Text =
                _forMachines.Contains(type) ? null
                : type == Diagnostic ? Words(json[Diagnostic]!)
                : message,
            Address = hook?["resource"]?["addr"]?.GetValue<string>(),
            ResourceType = hook?["resource"]?["resource_type"]?.GetValue<string>(),
            Action = hook?["action"]?.GetValue<string>(),
            Id = hook?["id_value"]?.GetValue<string>(),
            IsError = type == Diagnostic && json[Diagnostic]!["severity"]?.GetValue<string>() == "error",
        };
    }

    // As Terraform writes a diagnostic without colours: what it says, with which object, where in the configuration. Not the values in the
    // expression, which it shows as well.
    private static string Words(JsonNode diagnostic)
    {
        var severity = diagnostic["severity"]?.GetValue<string>() == "error" ? "Error" : "Warning";
        var text = $"{severity}: {diagnostic["summary"]?.GetValue<string>()}\n";
        if (diagnostic["address"]?.GetValue<string>() is { } address)
            text += $"\n  with {address},";
        if (diagnostic["range"] is { } range)
        {
            var context = diagnostic["snippet"]?["context"]?.GetValue<string>() is { } given ? $", in {given}" : "";
            text += $"\n  on {range["filename"]?.GetValue<string>()} line {range["start"]?["line"]}{context}:";
            if (diagnostic["snippet"] is { } snippet)
                text += $"\n  {snippet["start_line"], 2}: {snippet["code"]?.GetValue<string>()}";
            text += "\n";
        }
        return diagnostic["detail"]?.GetValue<string>() is { Length: > 0 } detail ? $"{text}\n{detail}\n" : text;
    }
}
