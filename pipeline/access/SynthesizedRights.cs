using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// Reads roles, bindings and accounts from a synthesis: from resources and from objects of charts/manifests. It does not see the
/// objects that third-party charts create in the cluster or that Kubernetes has by default.
/// </summary>
public static class SynthesizedRights
{
    private const string Api = "rbac.authorization.k8s.io";
    private const string ServiceAccount = "ServiceAccount";

    /// <summary>The resource types of the provider for the kinds that are read.</summary>
    private static readonly Dictionary<string, string> s_kinds = new()
    {
        ["kubernetes_cluster_role_v1"] = "ClusterRole",
        ["kubernetes_cluster_role_binding_v1"] = "ClusterRoleBinding",
        ["kubernetes_role_v1"] = "Role",
        ["kubernetes_role_binding_v1"] = "RoleBinding",
        ["kubernetes_service_account_v1"] = ServiceAccount,
    };

    /// <summary>Reads <c>stacks/*/cdk.tf.json</c> below the folder of a synthesis.</summary>
    /// <exception cref="PipelineException">Something is not understood; the message lists every such place.</exception>
    public static AccessRights Read(string folder) => Parse(SynthesizedObjects.Stacks(folder));

    /// <summary>Reads the JSON of stacks by name.</summary>
    /// <exception cref="PipelineException">Something is not understood; the message lists every such place.</exception>
    public static AccessRights Parse(IReadOnlyDictionary<string, JsonObject> stacks)
    {
        var reading = new Reading();
        foreach (var (stack, json) in stacks.OrderBy(stack => stack.Key, StringComparer.Ordinal))
            reading.Stack(stack, json);
        return reading.Result(SynthesizedCluster.Parse(stacks).Namespaces);
    }

    private sealed record Binding(string Name, string? Namespace, string RoleKind, string Role, string Source)
    {
        public required IReadOnlyList<string> Subjects { get; init; }
    }

    private sealed class Reading
    {
        private readonly List<Role> _roles = [];
        private readonly List<Binding> _bindings = [];
        private readonly List<string> _accounts = [];
        private readonly List<string> _problems = [];

        public void Stack(string stack, JsonObject json)
        {
            foreach (var resource in SynthesizedObjects.Resources(json))
            {
                var place = $"{stack}: {resource.Address}";
                Attempt(() =>
                {
                    if (s_kinds.TryGetValue(resource.Type, out var kind))
                        Object(json, TerraformObject.ToKubernetes(resource.Body, "", kind), null, place);
                    else if (s_kinds.ContainsKey($"{resource.Type}_v1"))
                        throw JsonFields.Error(place, resource.Type, $"{resource.Type}_v1");
                    else if (resource.Type == "helm_release")
                        foreach (var manifest in SynthesizedObjects.Manifests(resource, place))
                            Attempt(() => Object(json, manifest, (string?)resource.Body["namespace"] ?? "default", place));
                });
            }
        }

        public AccessRights Result(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> namespaces)
        {
            Twice("role", _roles.Select(role => (role.Name, role.Namespace, role.Source)));
            Twice("binding", _bindings.Select(binding => (binding.Name, binding.Namespace, binding.Source)));
            var grants = new List<Grant>();
            foreach (var binding in _bindings)
            {
                var role = _roles.FirstOrDefault(role =>
                    role.Name == binding.Role && role.Namespace == (binding.RoleKind == "Role" ? binding.Namespace : null)
                );
                if (role is null)
                    _problems.Add(
                        $"{binding.Source}: given {binding.RoleKind} \"{binding.Role}\"; "
                            + "allowed: a role of the synthesized stacks, because only its rules can be read. "
                            + "Define it in the system stack."
                    );
                else
                    grants.AddRange(
                        binding.Subjects.Select(subject => new Grant(subject, binding.Namespace, role, binding.Source))
                    );
            }
            if (_problems.Count > 0)
                throw new PipelineException(string.Join('\n', _problems));
            return new()
            {
                Roles = _roles,
                Grants = grants,
                Accounts = _accounts,
                Namespaces = namespaces,
            };
        }

        private void Twice(string what, IEnumerable<(string Name, string? Namespace, string Source)> objects) =>
            _problems.AddRange(
                objects
                    .GroupBy(one => (one.Name, one.Namespace))
                    .Where(group => group.Count() > 1)
                    .Select(group =>
                        $"The {what} {group.Key.Name} in {group.Key.Namespace ?? "the cluster"}: given by "
                        + $"{string.Join(" and ", group.Select(one => one.Source))}; "
                        + "the later would replace the first. Rename one."
                    )
            );

        // Helm puts an object without a namespace into the namespace of its release.
        private void Object(JsonObject stack, JsonObject manifest, string? release, string place)
        {
            var kind = (string?)manifest["kind"] ?? "";
            if (!s_kinds.ContainsValue(kind))
                return;
            var source = release is null ? place : $"{place}: {kind} {(string?)manifest["metadata"]?["name"]}";
            var isClusterWide = kind.StartsWith("Cluster", StringComparison.Ordinal);
            var metadata = new JsonFields(
                manifest["metadata"],
                $"{source}: metadata",
                "name",
                "namespace",
                "labels",
                "annotations"
            );
            var name = metadata.Required("name");
            // Only this text may contain a Terraform reference.
            var given = (string?)metadata["namespace"] ?? release;
            if (given is null && !isClusterWide)
                throw JsonFields.Error($"{source}: metadata.namespace", "nothing", "a namespace");
            var space = isClusterWide ? null : SynthesizedObjects.Resolve(stack, given!, source);
            switch (kind)
            {
                case ServiceAccount:
                    _accounts.Add($"{AccessRights.ServiceAccount}{space}:{name}");
                    break;
                case "Role" or "ClusterRole":
                    _roles.Add(new(name, space, Rules(manifest, source), source));
                    break;
                default:
                    _bindings.Add(Bind(stack, manifest, name, space, source));
                    break;
            }
        }

        private static IReadOnlyList<RoleRule> Rules(JsonObject manifest, string source)
        {
            // An aggregationRule includes roles that are not known here. It is an unknown field, so it is refused.
            var role = new JsonFields(manifest, source, "apiVersion", "kind", "metadata", "rules");
            return
            [
                .. role.List("rules")
                    .Select(one =>
                    {
                        var rule = new JsonFields(one.Item, one.Place, "apiGroups", "resources", "resourceNames", "verbs");
                        return new RoleRule(
                            rule.Texts("apiGroups"),
                            rule.Texts("resources"),
                            rule.Texts("resourceNames"),
                            rule.Texts("verbs")
                        );
                    }),
            ];
        }

        private static Binding Bind(JsonObject stack, JsonObject manifest, string name, string? space, string source)
        {
            var binding = new JsonFields(manifest, source, "apiVersion", "kind", "metadata", "roleRef", "subjects");
            var role = new JsonFields(binding["roleRef"], $"{source}: roleRef", "apiGroup", "kind", "name");
            if (role.Required("apiGroup") != Api)
                throw JsonFields.Error($"{source}: roleRef.apiGroup", role.Required("apiGroup"), Api);
            return new(name, space, role.Required("kind"), role.Required("name"), source)
            {
                Subjects = [.. binding.List("subjects").Select(one => Subject(stack, one.Item, one.Place))],
            };
        }

        private static string Subject(JsonObject stack, JsonNode? item, string place)
        {
            var subject = new JsonFields(item, place, "kind", "name", "namespace", "apiGroup");
            return subject.Required("kind") switch
            {
                ServiceAccount when (string?)subject["namespace"] is { } space =>
                    $"{AccessRights.ServiceAccount}{SynthesizedObjects.Resolve(stack, space, place)}:{subject.Required("name")}",
                ServiceAccount => throw JsonFields.Error($"{place}.namespace", "nothing", "the account's namespace"),
                "User" => subject.Required("name"),
                "Group" => $"{AccessRights.Group}{subject.Required("name")}",
                var other => throw JsonFields.Error($"{place}.kind", other, "ServiceAccount, User, Group"),
            };
        }

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
