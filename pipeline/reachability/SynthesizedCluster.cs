using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// Reads the cluster out of what was synthesized: namespaces, NetworkPolicies (as resources, and as objects of charts/manifests),
/// CiliumNetworkPolicies, and the subnets of the private network by their labels. Policies that other people's charts make inside
/// the cluster are not in there, so they are not seen.
/// </summary>
public static partial class SynthesizedCluster
{
    /// <summary>
    /// Namespaces that every cluster has from the start, with no labels but their names and no policies. (The two others, kube-public
    /// and kube-node-lease, hold no pods; "default" speaks for every namespace that nobody made here.)
    /// </summary>
    private static readonly string[] s_builtIn = ["default", "kube-system"];

    /// <summary>Reads <c>stacks/*/cdk.tf.json</c> below the folder of a synthesis.</summary>
    /// <exception cref="PipelineException">Something is not understood; every such place is named.</exception>
    public static Cluster Read(string folder) =>
        Parse(
            Directory
                .GetDirectories(Path.Combine(folder, "stacks"))
                .Select(stack => (Name: Path.GetFileName(stack), File: Path.Combine(stack, "cdk.tf.json")))
                .Where(stack => File.Exists(stack.File))
                .ToDictionary(stack => stack.Name, stack => JsonNode.Parse(File.ReadAllText(stack.File))!.AsObject())
        );

    /// <summary>Reads the JSON of stacks by name.</summary>
    /// <exception cref="PipelineException">Something is not understood; every such place is named.</exception>
    public static Cluster Parse(IReadOnlyDictionary<string, JsonObject> stacks)
    {
        var reading = new Reading();
        foreach (var (stack, json) in stacks.OrderBy(stack => stack.Key, StringComparer.Ordinal))
            reading.Stack(stack, json);
        return reading.Result();
    }

    private sealed class Reading
    {
        private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _namespaces = s_builtIn.ToDictionary(
            name => name,
            name => Cluster.LabelsOf(name)
        );
        private readonly Dictionary<string, AddressBlock> _ranges = [];
        private readonly List<NetworkPolicy> _policies = [];
        private readonly List<string> _problems = [];

        public void Stack(string stack, JsonObject json)
        {
            var resources = Resources(json).ToList();
            foreach (var resource in resources)
                Attempt(() => Declaration(stack, resource));
            foreach (var resource in resources)
                Attempt(() => Policies(stack, json, resource));
        }

        public Cluster Result()
        {
            foreach (var policy in _policies.Where(policy => !_namespaces.ContainsKey(policy.Namespace)))
            {
                _problems.Add(
                    $"{policy.Source}: given namespace \"{policy.Namespace}\"; there are: {string.Join(", ", _namespaces.Keys.Order(StringComparer.Ordinal))}. Name one of them."
                );
            }
            foreach (var twice in _policies.GroupBy(policy => $"{policy.Kind} {policy}").Where(group => group.Count() > 1))
            {
                _problems.Add(
                    $"{twice.Key}: given by {string.Join(" and ", twice.Select(policy => policy.Source))}; the later would replace the first. Rename one."
                );
            }
            if (_problems.Count > 0)
                throw new PipelineException(string.Join('\n', _problems));
            return new()
            {
                Namespaces = _namespaces,
                Policies = _policies,
                Ranges = _ranges,
            };
        }

        private void Declaration(string stack, Resource resource)
        {
            switch (resource.Type)
            {
                case "kubernetes_namespace_v1":
                    var place = $"{stack}: {resource.Address}";
                    var metadata = new JsonFields(
                        Single(resource.Body["metadata"]),
                        $"{place}: metadata",
                        "name",
                        "labels",
                        "annotations"
                    );
                    Namespace(metadata.Required("name"), metadata.Map("labels"));
                    break;
                case "linode_vpc_subnet" when (string?)resource.Body["ipv4"] is { } range:
                    _ranges[(string?)resource.Body["label"] ?? resource.Name] = AddressBlock.Of(range);
                    break;
            }
        }

        private void Policies(string stack, JsonObject json, Resource resource)
        {
            var place = $"{stack}: {resource.Address}";
            switch (resource.Type)
            {
                case "kubernetes_network_policy_v1":
                    var policy = TerraformPolicy.ToKubernetes(resource.Body);
                    if (policy["metadata"] is JsonObject { } metadata && (string?)metadata["namespace"] is { } space)
                        metadata["namespace"] = Resolve(json, space, place);
                    _policies.Add(PolicyParser.Parse(policy, place));
                    break;
                case "kubernetes_network_policy" or "kubernetes_manifest":
                    throw JsonFields.Error(place, resource.Type, "kubernetes_network_policy_v1 and objects of charts/manifests");
                case "helm_release":
                    foreach (var values in (resource.Body["values"] as JsonArray)?.Select(one => one!.GetValue<string>()) ?? [])
                    {
                        foreach (var manifest in Manifests(values, place))
                            Attempt(() => Manifest(json, resource, manifest, place));
                    }
                    break;
            }
        }

        private void Manifest(JsonObject json, Resource release, JsonObject manifest, string place)
        {
            var kind = (string?)manifest["kind"] ?? "";
            var name = (string?)manifest["metadata"]?["name"];
            if (kind == "Namespace" && name is not null)
            {
                var metadata = new JsonFields(manifest["metadata"], $"{place}: {name}", "name", "labels", "annotations");
                Namespace(name, metadata.Map("labels"));
            }
            // GlobalNetworkPolicy, AdminNetworkPolicy, ...: the parser says that it does not know them.
            if (!kind.EndsWith("NetworkPolicy", StringComparison.Ordinal))
                return;
            var policy = manifest.DeepClone().AsObject();
            // Helm puts an object without a namespace into that of its release.
            if (policy["metadata"] is JsonObject { } where && where["namespace"] is null)
                where["namespace"] = Resolve(json, (string?)release.Body["namespace"] ?? "default", place);
            _policies.Add(PolicyParser.Parse(policy, $"{place}: {kind} {name}"));
        }

        private void Namespace(string name, IReadOnlyDictionary<string, string> labels) =>
            _namespaces[name] = Cluster.LabelsOf(name, labels);

        private void Attempt(Action read)
        {
            try
            {
                read();
            }
            catch (PipelineException problem)
            {
                _problems.Add(problem.Message);
            }
        }
    }

    private static IEnumerable<JsonObject> Manifests(string values, string place)
    {
        try
        {
            // Values are literal JSON in a Terraform string, which doubles the sign before a brace to say that it is no reference.
            var json = JsonNode.Parse(
                values.Replace("$${", "${", StringComparison.Ordinal).Replace("%%{", "%{", StringComparison.Ordinal)
            );
            return (json?["manifests"] as JsonArray ?? []).OfType<JsonObject>();
        }
        catch (JsonException)
        {
            // YAML, or a reference that Terraform fills in: no values of charts/manifests, whose objects are always literal.
            return values.Contains("manifests", StringComparison.Ordinal)
                ? throw JsonFields.Error($"{place}: values", "\"manifests\" in something else", "literal JSON")
                : [];
        }
    }

    /// <summary>
    /// What the name of a namespace will be: the literal, or that of the stack's namespace that is referred to.
    /// </summary>
    private static string Resolve(JsonObject stack, string text, string place)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        return
            Reference().Match(text) is { Success: true } match
            && Single(stack["resource"]?["kubernetes_namespace_v1"]?[match.Groups[1].Value]?["metadata"])?["name"] is { } name
            ? name.GetValue<string>()
            : throw JsonFields.Error(
                $"{place}: namespace",
                $"\"{text}\"",
                "a literal, or ${kubernetes_namespace_v1.NAME.metadata[0].name} of the same stack"
            );
    }

    private static IEnumerable<Resource> Resources(JsonObject stack) =>
        (stack["resource"] as JsonObject ?? []).SelectMany(type =>
            type.Value!.AsObject().Select(one => new Resource(type.Key, one.Key, one.Value!.AsObject()))
        );

    private static JsonNode? Single(JsonNode? block) => block is JsonArray { Count: 1 } list ? list[0] : block;

    [GeneratedRegex(@"^\$\{kubernetes_namespace_v1\.([\w-]+)\.metadata(?:\[0\]|\.0)\.name\}$")]
    private static partial Regex Reference();

    private sealed record Resource(string Type, string Name, JsonObject Body)
    {
        public string Address => $"{Type}.{Name}";
    }
}
