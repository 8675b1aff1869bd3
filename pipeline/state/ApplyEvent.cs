using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// One line of <c>terraform apply -json</c> (Terraform's documented machine-readable UI): its text for people and, if it is about
/// one object, that object. It has addresses and ids, never attributes.
/// </summary>
public sealed record ApplyEvent
{
    /// <summary>The create, update or delete of an object has started.</summary>
    public const string Start = "apply_start";

    /// <summary>The operation on an object has succeeded.</summary>
    public const string Complete = "apply_complete";

    /// <summary>The operation failed. What the provider had created until then is only in Terraform's memory.</summary>
    public const string Errored = "apply_errored";

    /// <summary>The plan that is applied: written for each change before the first operation starts.</summary>
    public const string Planned = "planned_change";

    /// <summary>
    /// Written by this program, not by Terraform: recovery need not look at the object again, because it does not exist or was
    /// given up.
    /// </summary>
    public const string Settled = "settled";

    /// <summary>Written by this program, not by Terraform: the object exists and has this id.</summary>
    public const string Found = "found";

    private const string Diagnostic = "diagnostic";

    // Event types without text for people: the plan was shown before, and outputs may be long.
    private static readonly string[] _forMachines = ["version", Planned, "resource_drift", "outputs"];

    /// <summary>The type of the event.</summary>
    public required string Type { get; init; }

    /// <summary>When Terraform wrote the event; null if the event has no time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Terraform's text as it appears without <c>-json</c>; null if people need not read it.</summary>
    public string? Text { get; init; }

    /// <summary>The object's address; null if the event is about no object.</summary>
    public string? Address { get; init; }

    /// <summary>The object's resource type.</summary>
    public string? ResourceType { get; init; }

    /// <summary>
    /// The action: create, update, delete, read, in a plan also replace. While a deposed object is deleted, Terraform may write
    /// the action of the address's other operation (measured, 1.11.4): trust <see cref="Id"/>.
    /// </summary>
    public string? Action { get; init; }

    /// <summary>The object's id; null while it has none, and at the end of a delete.</summary>
    public string? Id { get; init; }

    /// <summary>True for an error, false for a warning.</summary>
    public bool IsError { get; init; }

    /// <summary>The address of the object that an error or warning is about; null if it is about none.</summary>
    public string? About { get; init; }

    /// <summary>Summary and detail of an error or warning, as its provider wrote them; otherwise null.</summary>
    public string? Reason { get; init; }

    /// <summary>Reads a line; null if it is not an event of Terraform, or is cut off.</summary>
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

    /// <summary>
    /// The line of an event of this program (<see cref="Settled"/>, <see cref="Found"/>). It starts with a line break, because a
    /// killed Terraform may have left an incomplete line.
    /// </summary>
    public static string Line(string type, string address, string resourceType, string? id) =>
        "\n"
        + new JsonObject
        {
            ["type"] = type,
            ["hook"] = new JsonObject
            {
                ["resource"] = new JsonObject { ["addr"] = address, ["resource_type"] = resourceType },
                ["id_value"] = id,
            },
        }.ToJsonString()
        + "\n";

    private static ApplyEvent Read(string type, JsonObject json)
    {
        var hook = json[type == Planned ? "change" : "hook"];
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
                : type == Diagnostic ? DiagnosticText(json[Diagnostic]!)
                : message,
            Address = hook?["resource"]?["addr"]?.GetValue<string>(),
            ResourceType = hook?["resource"]?["resource_type"]?.GetValue<string>(),
            Action = hook?["action"]?.GetValue<string>(),
            Id = hook?["id_value"]?.GetValue<string>(),
            IsError = type == Diagnostic && json[Diagnostic]!["severity"]?.GetValue<string>() == "error",
            About = type == Diagnostic ? json[Diagnostic]!["address"]?.GetValue<string>() : null,
            Reason =
                type == Diagnostic
                    ? $"{json[Diagnostic]!["summary"]?.GetValue<string>()}\n{json[Diagnostic]!["detail"]?.GetValue<string>()}"
                    : null,
        };
    }

    // As Terraform writes a diagnostic without colours: summary, object, position in the configuration, detail. It leaves out the
    // values of the expression, which Terraform shows as well.
    private static string DiagnosticText(JsonNode diagnostic)
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
