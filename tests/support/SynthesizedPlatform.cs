using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

[assembly: AssemblyFixture(typeof(SynthesizedPlatform))]

namespace InfraCdktf.Tests.Support;

/// <summary>
/// The output of <c>app.Synth()</c> for all tests of this process. Each inventory is synthesized once; tests only read the
/// output. jsii is not thread-safe and starts once per process, so one test at a time constructs or synthesizes.
/// </summary>
public sealed class SynthesizedPlatform
{
    private static readonly Lock s_jsii = new();

    private readonly ConcurrentDictionary<PlatformSpec, Lazy<SynthesizedOutput>> _outputs = new(
        ReferenceEqualityComparer.Instance
    );

    /// <summary>The output for the shipped inventory.</summary>
    public SynthesizedOutput Shipped => Of(Inventory.Platform);

    /// <summary>The output for the shipped inventory on LKE's standard tier.</summary>
    public SynthesizedOutput Standard => Of(Platforms.StandardTier);

    /// <summary>The output for an inventory. Tests that give the same object share the output.</summary>
    public SynthesizedOutput Of(PlatformSpec platform) => _outputs.GetOrAdd(platform, one => new(() => Synthesize(one))).Value;

    /// <summary>Synthesizes an inventory into a new folder, also if it was synthesized before.</summary>
    public SynthesizedOutput Synthesize(PlatformSpec platform) =>
        Construct(() =>
        {
            var folder = TestRun.NewSharedFolder();
            PlatformApp.Synth(platform, folder);
            return new SynthesizedOutput(folder);
        });

    /// <summary>Writes the output for an inventory into a folder, as a synthesis does. Terraform may write there.</summary>
    public void CopyTo(PlatformSpec platform, string folder)
    {
        var output = Of(platform).Folder;
        foreach (var file in Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(output, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    /// <summary>Runs code that uses constructs. No other test uses constructs at the same time.</summary>
    public static T Construct<T>(Func<T> construct)
    {
        lock (s_jsii)
            return construct();
    }
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

    /// <summary>The file's JSON. Several tests read it at the same time.</summary>
    public JsonObject Json { get; } = Complete(JsonNode.Parse(text)!.AsObject());

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

    // A parsed object makes its members at their first use, which is not safe for several threads: use each once.
    private static T Complete<T>(T node)
        where T : JsonNode
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var value in members.Select(member => member.Value).OfType<JsonNode>())
                    Complete(value);
                break;
            case JsonArray items:
                foreach (var value in items.OfType<JsonNode>())
                    Complete(value);
                break;
        }
        return node;
    }
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
