using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>
/// What the core stack tells the stacks after it: <c>outputs/core.json</c>, a flat object of its non-sensitive outputs. A file rather than
/// <c>terraform_remote_state</c>, because core's state is secret by nature (it holds the kubeconfig) and later stacks must not read it.
/// </summary>
/// <param name="Directory">The project's directory.</param>
public sealed record OutputsFile(string Directory)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>The file's path.</summary>
    public string FullPath => Path.Combine(Directory, "outputs", "core.json");

    /// <summary>True when core was applied from here, or its outputs were brought here.</summary>
    public bool IsThere => File.Exists(FullPath);

    /// <summary>Reads it; nothing when core was never applied from here.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Read() =>
        IsThere
            ? JsonNode.Parse(File.ReadAllText(FullPath))!.AsObject().ToDictionary(StringComparer.Ordinal)
            : new Dictionary<string, JsonNode?>(StringComparer.Ordinal);

    /// <summary>Writes it, sorted, so that the same outputs give the same bytes; a reader sees the old file or the new one.</summary>
    public void Write(IReadOnlyDictionary<string, JsonNode?> outputs)
    {
        var sorted = outputs.OrderBy(output => output.Key, StringComparer.Ordinal);
        var content = new JsonObject(sorted.Select(output => KeyValuePair.Create(output.Key, output.Value?.DeepClone())));
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(FullPath)!);
        var draft = $"{FullPath}.{Guid.NewGuid():N}";
        File.WriteAllText(draft, content.ToJsonString(_indented) + "\n");
        File.Move(draft, FullPath, overwrite: true);
    }
}
