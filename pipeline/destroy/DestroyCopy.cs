using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Destroy;

/// <summary>
/// A temporary copy of a stack with <c>prevent_destroy</c> switched off. Terraform refuses to destroy a resource that has it. The
/// copy's <c>zz_override.tf.json</c>, which Terraform merges last, sets it to false (measured); the synthesized JSON never
/// changes.
/// </summary>
public sealed class DestroyCopy : IDisposable
{
    private readonly string _directory;

    private DestroyCopy(string directory, StackDirectory stack) => (_directory, Stack) = (directory, stack);

    /// <summary>The copy.</summary>
    public StackDirectory Stack { get; }

    /// <summary>Copies the stack and adds the override.</summary>
    public static DestroyCopy Of(StackDirectory stack)
    {
        var copy = Directory.CreateTempSubdirectory($"infra-cdktf-destroy-{stack.Name}-").FullName;
        var copied = stack.CopyTo(copy);
        if (Override(stack.Configuration) is { } content)
            File.WriteAllText(Path.Combine(copy, "zz_override.tf.json"), content.ToJsonString());
        return new(copy, copied);
    }

    /// <summary>The override for a configuration; null if no resource is protected.</summary>
    public static JsonObject? Override(JsonObject configuration)
    {
        var resources = new JsonObject();
        foreach (var (type, named) in configuration["resource"]?.AsObject() ?? [])
        foreach (var (name, resource) in named!.AsObject())
        {
            if (!IsProtected(resource))
                continue;
            if (resources[type] is not JsonObject ofType)
                resources[type] = ofType = [];
            ofType[name] = new JsonObject { ["lifecycle"] = new JsonObject { ["prevent_destroy"] = false } };
        }
        return resources.Count == 0 ? null : new JsonObject { ["resource"] = resources };
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static bool IsProtected(JsonNode? resource) =>
        resource?["lifecycle"] switch
        {
            JsonObject lifecycle => lifecycle["prevent_destroy"]?.GetValue<bool>() == true,
            JsonArray blocks => blocks.Any(block => block?["prevent_destroy"]?.GetValue<bool>() == true),
            _ => false,
        };
}
