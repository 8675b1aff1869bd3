using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>One managed object in a state.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Type">Its resource type.</param>
/// <param name="Id">Its id.</param>
/// <param name="Label">Its label, where the type has one.</param>
public sealed record StateObject(string Address, string Type, string Id, string? Label)
{
    /// <summary>What identifies it in an account.</summary>
    public string Key => $"{Type}/{Id}";
}

/// <summary>Reads a state as <c>terraform state pull</c> gives it (format version 4).</summary>
public static class StateContent
{
    /// <summary>The managed objects; none for an empty text, which is what a pull of no state gives.</summary>
    public static IReadOnlyList<StateObject> Objects(string state) =>
        string.IsNullOrWhiteSpace(state)
            ? []
            :
            [
                .. JsonNode.Parse(state)!["resources"]!
                    .AsArray()
                    .Where(resource => resource!["mode"]!.GetValue<string>() == "managed")
                    .SelectMany(resource => resource!["instances"]!.AsArray().Select(instance => Read(resource!, instance!))),
            ];

    private static StateObject Read(JsonNode resource, JsonNode instance)
    {
        var type = resource["type"]!.GetValue<string>();
        var index = instance["index_key"]?.ToJsonString();
        var address = $"{type}.{resource["name"]!.GetValue<string>()}{(index is null ? "" : $"[{index}]")}";
        return new(
            resource["module"] is { } module ? $"{module.GetValue<string>()}.{address}" : address,
            type,
            instance["attributes"]?["id"]?.ToString() ?? "",
            instance["attributes"]?["label"]?.ToString()
        );
    }
}
