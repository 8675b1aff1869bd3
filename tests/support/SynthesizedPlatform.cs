using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Stacks;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// All tests that synthesize in this process. jsii is not thread-safe and starts once per process, so they run in sequence.
/// </summary>
[CollectionDefinition("synth")]
public sealed class SynthCollection : ICollectionFixture<SynthesizedPlatform>;

/// <summary>The output of <c>app.Synth()</c> for the shipped inventory, synthesized once for all tests.</summary>
public sealed class SynthesizedPlatform : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("infra-synth-");
    private readonly Lazy<SynthesizedOutput> _shipped;
    private readonly Lazy<SynthesizedOutput> _standard;

    /// <summary>Prepares the fixture. Each output is synthesized at its first use.</summary>
    public SynthesizedPlatform()
    {
        _shipped = new(() => Synthesize(Inventory.Platform));
        _standard = new(() => Synthesize(Platforms.StandardTier));
    }

    /// <summary>The output for the shipped inventory.</summary>
    public SynthesizedOutput Shipped => _shipped.Value;

    /// <summary>The output for the shipped inventory on LKE's standard tier.</summary>
    public SynthesizedOutput Standard => _standard.Value;

    /// <summary>Synthesizes another inventory into a new folder.</summary>
    public SynthesizedOutput Synthesize(PlatformSpec platform)
    {
        var folder = Path.Combine(_folder.FullName, Path.GetRandomFileName());
        PlatformApp.Synth(platform, folder);
        return new(folder);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>One synthesized output folder.</summary>
/// <param name="folder">The folder given to <c>PlatformApp.Synth</c>.</param>
public sealed class SynthesizedOutput(string folder)
{
    /// <summary>The output folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>All stacks by name.</summary>
    public IReadOnlyDictionary<string, SynthesizedStack> Stacks { get; } =
        Directory
            .GetDirectories(Path.Combine(folder, "stacks"))
            .OrderBy(path => path, StringComparer.Ordinal)
            .Select(path => new SynthesizedStack(Path.GetFileName(path), File.ReadAllText(Path.Combine(path, "cdk.tf.json"))))
            .ToDictionary(stack => stack.Name);

    /// <summary>All resources of all stacks.</summary>
    public IEnumerable<SynthesizedResource> Resources => Stacks.Values.SelectMany(stack => stack.Resources);
}

/// <summary>One stack's <c>cdk.tf.json</c>.</summary>
/// <param name="name">The stack's name.</param>
/// <param name="text">The file's text.</param>
public sealed class SynthesizedStack(string name, string text)
{
    /// <summary>The stack's name.</summary>
    public string Name { get; } = name;

    /// <summary>The text of the file, unchanged.</summary>
    public string Text { get; } = text;

    /// <summary>The file's JSON.</summary>
    public JsonObject Json { get; } = JsonNode.Parse(text)!.AsObject();

    /// <summary>The resources with their addresses.</summary>
    public IReadOnlyList<SynthesizedResource> Resources =>
        [
            .. (Json["resource"]?.AsObject() ?? []).SelectMany(type =>
                type.Value!.AsObject().Select(one => new SynthesizedResource(Name, type.Key, one.Key, one.Value!.AsObject()))
            ),
        ];

    /// <summary>Resources of one type.</summary>
    public IEnumerable<SynthesizedResource> Of(string type) => Resources.Where(resource => resource.Type == type);

    /// <summary>The complete Kubernetes objects that the chart charts/manifests delivers.</summary>
    public IEnumerable<JsonObject> Manifests =>
        Of("helm_release")
            .SelectMany(release => release.HelmValues["manifests"]?.AsArray() ?? [])
            .Select(manifest => manifest!.AsObject());
}

/// <summary>One resource of a stack.</summary>
/// <param name="Stack">The stack's name.</param>
/// <param name="Type">"kubernetes_namespace_v1".</param>
/// <param name="Name">The logical id.</param>
/// <param name="Body">The arguments of the resource.</param>
public sealed record SynthesizedResource(string Stack, string Type, string Name, JsonObject Body)
{
    /// <summary>The address in the Terraform state ("kubernetes_resource_quota_v1.main_quota").</summary>
    public string Address => $"{Type}.{Name}";

    /// <summary>The metadata block of a Kubernetes object; null on other resources.</summary>
    public JsonObject? Metadata => Body["metadata"] as JsonObject;

    /// <summary>The labels of a Kubernetes object; empty on other resources.</summary>
    public IReadOnlyDictionary<string, string> Labels =>
        (Metadata?["labels"] as JsonObject)?.ToDictionary(label => label.Key, label => label.Value!.GetValue<string>()) ?? [];

    /// <summary>The namespace: a name or a Terraform reference, as written in the resource; null on other resources.</summary>
    public string? Namespace => (Metadata?["namespace"] ?? Body["namespace"])?.GetValue<string>();

    /// <summary>The parsed values of a Helm release; empty if it has none.</summary>
    public JsonObject HelmValues =>
        (Body["values"] as JsonArray) is [{ } values] ? JsonNode.Parse(values.GetValue<string>())!.AsObject() : [];

    /// <inheritdoc/>
    public override string ToString() => $"{Stack}: {Address}";
}
