using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// Reads the cluster from a synthesis: namespaces, NetworkPolicies (resources and objects of charts/manifests),
/// CiliumNetworkPolicies, and the subnets of the private network by their labels. It does not see policies that third-party
/// charts create in the cluster.
/// </summary>
public static class SynthesizedCluster
{
    /// <summary>
    /// Namespaces that every cluster has, without labels except their names and without policies. The two others, kube-public and
    /// kube-node-lease, have no pods. "default" stands for every namespace that this platform does not create.
    /// </summary>
    private static readonly string[] s_builtIn = ["default", "kube-system"];

    /// <summary>Reads <c>stacks/*/cdk.tf.json</c> below the folder of a synthesis.</summary>
    /// <exception cref="PipelineException">Something is not understood; the message lists every such place.</exception>
    public static Cluster Read(string folder) => Parse(SynthesizedObjects.Stacks(folder));

    /// <summary>Reads the JSON of stacks by name.</summary>
    /// <exception cref="PipelineException">Something is not understood; the message lists every such place.</exception>
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
            var resources = SynthesizedObjects.Resources(json).ToList();
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
                    $"{policy.Source}: given namespace \"{policy.Namespace}\"; "
                        + $"allowed: {string.Join(", ", _namespaces.Keys.Order(StringComparer.Ordinal))}. Name one of them."
                );
            }
            foreach (var twice in _policies.GroupBy(policy => $"{policy.Kind} {policy}").Where(group => group.Count() > 1))
            {
                _problems.Add(
                    $"{twice.Key}: given by {string.Join(" and ", twice.Select(policy => policy.Source))}; "
                        + "the later would replace the first. Rename one."
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

        private void Declaration(string stack, SynthesizedResource resource)
        {
            switch (resource.Type)
            {
                case "kubernetes_namespace_v1":
                    var place = $"{stack}: {resource.Address}";
                    var metadata = new JsonFields(
                        SynthesizedObjects.Single(resource.Body["metadata"]),
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

        private void Policies(string stack, JsonObject json, SynthesizedResource resource)
        {
            var place = $"{stack}: {resource.Address}";
            switch (resource.Type)
            {
                case "kubernetes_network_policy_v1":
                    var policy = TerraformObject.ToKubernetes(resource.Body, "networking.k8s.io/v1", "NetworkPolicy");
                    if (policy["metadata"] is JsonObject { } metadata && (string?)metadata["namespace"] is { } space)
                        metadata["namespace"] = SynthesizedObjects.Resolve(json, space, place);
                    _policies.Add(PolicyParser.Parse(policy, place));
                    break;
                case "kubernetes_network_policy" or "kubernetes_manifest":
                    throw JsonFields.Error(place, resource.Type, "kubernetes_network_policy_v1 and objects of charts/manifests");
                case "helm_release":
                    foreach (var manifest in SynthesizedObjects.Manifests(resource, place))
                        Attempt(() => Manifest(json, resource, manifest, place));
                    break;
            }
        }

        private void Manifest(JsonObject json, SynthesizedResource release, JsonObject manifest, string place)
        {
            var kind = (string?)manifest["kind"] ?? "";
            var name = (string?)manifest["metadata"]?["name"];
            if (kind == "Namespace" && name is not null)
            {
                var metadata = new JsonFields(manifest["metadata"], $"{place}: {name}", "name", "labels", "annotations");
                Namespace(name, metadata.Map("labels"));
            }
            // The parser refuses other kinds, such as GlobalNetworkPolicy and AdminNetworkPolicy.
            if (!kind.EndsWith("NetworkPolicy", StringComparison.Ordinal))
                return;
            var policy = manifest.DeepClone().AsObject();
            // Helm puts an object without a namespace into the namespace of its release.
            if (policy["metadata"] is JsonObject { } where && where["namespace"] is null)
                where["namespace"] = SynthesizedObjects.Resolve(json, (string?)release.Body["namespace"] ?? "default", place);
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
}
