using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// A state that a recovery changes before it is written in one call. Terraform has no command that makes an object deposed, so
/// this class does it, as Terraform itself does before it creates the new object of a replacement.
/// </summary>
public sealed class StateDraft
{
    // Indented, as Terraform writes it.
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    private readonly JsonObject _state;

    private StateDraft(JsonObject state) => _state = state;

    /// <summary>Reads a state.</summary>
    /// <param name="text">The state as JSON; it may contain sensitive values.</param>
    /// <exception cref="Cli.PipelineException">The text is not a state.</exception>
    public static StateDraft Parse(string text)
    {
        _ = StateFile.FromPull(text); // says what is wrong with it
        return new(JsonNode.Parse(text)!.AsObject());
    }

    /// <summary>The objects.</summary>
    public StateFile Content => StateFile.Parse(Encoding.UTF8.GetBytes(Text));

    /// <summary>The state as JSON; it may contain sensitive values.</summary>
    public string Text => _state.ToJsonString(_indented);

    /// <summary>
    /// Removes all objects of an address, so that another object can be imported there, and returns those that still exist, as
    /// deposed objects: the next apply deletes them.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="isDeleted">Says by its id whether an object was deleted.</param>
    public IReadOnlyList<JsonNode> SetAside(string address, Func<string, bool> isDeleted)
    {
        var aside = new List<JsonNode>();
        foreach (var (resource, instance) in Instances(address).ToList())
        {
            resource["instances"]!.AsArray().Remove(instance);
            if (isDeleted(instance["attributes"]?["id"]?.ToString() ?? ""))
                continue;
            instance["deposed"] ??= Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
            var kept = resource.DeepClone();
            kept["instances"] = new JsonArray(instance);
            aside.Add(kept);
        }
        foreach (var empty in Resources.Where(resource => resource!["instances"]!.AsArray().Count == 0).ToList())
            Resources.Remove(empty);
        return aside;
    }

    /// <summary>Adds objects that were set aside.</summary>
    public void PutBack(IReadOnlyList<JsonNode> aside)
    {
        foreach (var kept in aside)
        {
            var instance = kept["instances"]![0]!.DeepClone();
            if (Resources.FirstOrDefault(resource => IsSame(resource!, kept)) is { } resource)
                resource["instances"]!.AsArray().Add(instance);
            else
                Resources.Add(kept.DeepClone());
        }
    }

    /// <summary>Marks the current object of an address for replacement by the next apply.</summary>
    public void Taint(string address)
    {
        foreach (var (_, instance) in Instances(address).Where(found => found.Instance["deposed"] is null))
            instance["status"] = "tainted";
    }

    /// <summary>Sets the serial, which must be higher than that of every state before.</summary>
    public void SetSerial(long serial) => _state["serial"] = serial;

    private JsonArray Resources => _state["resources"]!.AsArray();

    private IEnumerable<(JsonNode Resource, JsonNode Instance)> Instances(string address) =>
        from resource in Resources
        where resource["mode"]!.GetValue<string>() == "managed"
        from instance in resource["instances"]!.AsArray()
        where StateFile.AddressOf(resource, instance!) == address
        select (resource, instance);

    private static bool IsSame(JsonNode one, JsonNode other) =>
        new[] { "module", "mode", "type", "name" }.All(field => JsonNode.DeepEquals(one[field], other[field]));
}
