using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>
/// The outputs of the core stack for the stacks after it: <c>outputs/core.json</c>, a flat object of its non-sensitive outputs.
/// It is a file and not <c>terraform_remote_state</c>: core's state contains secrets (the kubeconfig), and later stacks must not
/// read it.
/// </summary>
/// <param name="Directory">The project's directory.</param>
public sealed record OutputsFile(string Directory)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>The file's path.</summary>
    public string FullPath => Path.Combine(Directory, "outputs", "core.json");

    /// <summary>True if core was applied from this directory, or if its outputs were copied here.</summary>
    public bool IsThere => File.Exists(FullPath);

    /// <summary>Reads the outputs; empty if core was never applied from this directory.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Read() =>
        IsThere
            ? JsonNode.Parse(File.ReadAllText(FullPath))!.AsObject().ToDictionary(StringComparer.Ordinal)
            : new Dictionary<string, JsonNode?>(StringComparer.Ordinal);

    /// <summary>
    /// Writes the outputs sorted, so equal outputs give equal bytes. A concurrent reader gets the old file or the new file.
    /// </summary>
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
