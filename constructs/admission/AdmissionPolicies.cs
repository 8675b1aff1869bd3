using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Constructs;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Namespaces;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Environments.Values;
using YamlDotNet.RepresentationModel;
using static System.FormattableString;

namespace InfraCdktf.Constructs.Admission;

/// <summary>
/// Requests that the API server refuses, whatever the roles of the user allow: ValidatingAdmissionPolicies, one YAML file each in
/// this folder, and the bindings that select their namespaces. A policy is the same for all environments; whether it refuses,
/// warns or is off in one is data of the inventory (<see cref="EnvironmentSpec.AdmissionExceptions"/>).
/// </summary>
public sealed partial class AdmissionPolicies : Manifests
{
    /// <summary>The policy that reports the use of break-glass and refuses nothing.</summary>
    public const string BreakGlassUse = "break-glass-use";

    /// <summary>The policy that limits each pipeline to its own environment.</summary>
    public const string Boundary = "environment-boundary";

    /// <summary>The policies about access. A request that one of them refuses is an attempt to get more rights.</summary>
    public static IReadOnlyList<string> AccessPolicies { get; } =
    [
        Boundary,
        "platform-objects",
        "bounded-roles",
        "cluster-bindings",
        "environment-label",
        "token-requests",
        "own-addresses",
        "own-monitoring",
    ];

    /// <summary>Creates the policies and their bindings (<see cref="Objects"/>).</summary>
    public AdmissionPolicies(Construct scope, string id, ManifestSetProps props)
        : base(scope, id, props) { }

    private const string Prefix = "admission/";

    private static readonly string[] s_deny = ["Deny"];
    private static readonly string[] s_warn = ["Warn", "Audit"];

    /// <summary>The name of a rule's policy: <c>pinned-images</c>.</summary>
    public static string PolicyName(WorkloadRule rule) => Capital().Replace($"{rule}", "-$0").TrimStart('-').ToLowerInvariant();

    /// <summary>All policies, then all bindings.</summary>
    public static IReadOnlyList<JsonObject> Objects(PlatformSpec platform) =>
        [
            .. Enum.GetValues<WorkloadRule>().Select(rule => Policy(platform, PolicyName(rule))),
            .. AccessPolicies.Append(BreakGlassUse).Select(name => Policy(platform, name)),
            .. Enum.GetValues<WorkloadRule>().SelectMany(rule => BindingsOf(platform, rule)),
            // Without a namespace selector: these policies apply to namespaces of all environments, or to objects without a
            // namespace.
            .. new[] { Boundary, "cluster-bindings", "environment-label" }.Select(name => Binding(platform, name, s_deny, null)),
            .. new[] { "platform-objects", "token-requests" }.Select(name =>
                Binding(platform, name, s_deny, platform.Environments)
            ),
            // Not in the system environment: the charts of the shared services create roles and monitors there.
            .. new[] { "bounded-roles", "own-addresses", "own-monitoring" }.Select(name =>
                Binding(platform, name, s_deny, platform.Applications)
            ),
            Binding(platform, BreakGlassUse, s_warn, null),
        ];

    private static IEnumerable<JsonObject> BindingsOf(PlatformSpec platform, WorkloadRule rule)
    {
        var by = platform.Environments.ToLookup(environment =>
            environment.AdmissionExceptions.SingleOrDefault(exception => exception.Rule == rule)?.Mode
        );
        if (by[null].Any())
            yield return Binding(platform, PolicyName(rule), s_deny, by[null]);
        if (by[EnforcementMode.Warn].Any())
        {
            var warning = Binding(platform, PolicyName(rule), s_warn, by[EnforcementMode.Warn]);
            warning["metadata"]!["name"] = $"{PolicyName(rule)}-warn";
            warning["metadata"]!["annotations"] = new JsonObject([
                .. by[EnforcementMode.Warn]
                    .Select(environment =>
                        KeyValuePair.Create(
                            $"reason.{environment.Name}",
                            (JsonNode?)environment.AdmissionExceptions.Single(exception => exception.Rule == rule).Reason
                        )
                    ),
            ]);
            yield return warning;
        }
    }

    private static JsonObject Binding(
        PlatformSpec platform,
        string policy,
        string[] actions,
        IEnumerable<EnvironmentSpec>? environments
    )
    {
        var spec = new JsonObject { ["policyName"] = policy, ["validationActions"] = Strings(actions) };
        if (environments is not null)
        {
            spec["matchResources"] = new JsonObject
            {
                ["namespaceSelector"] = new JsonObject
                {
                    ["matchExpressions"] = new JsonArray(
                        new JsonObject
                        {
                            ["key"] = "environment",
                            ["operator"] = "In",
                            ["values"] = Strings(environments.Select(environment => environment.Name.Text)),
                        }
                    ),
                },
            };
        }
        return new()
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "ValidatingAdmissionPolicyBinding",
            ["metadata"] = KubernetesObject.ClusterMetadata(platform, platform.System, policy),
            ["spec"] = spec,
        };
    }

    private static JsonObject Policy(PlatformSpec platform, string name)
    {
        var values = Values(platform);
        var text = Placeholder().Replace(Text(name), match => values[match.Groups[1].Value]);
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var policy = ToJson(stream.Documents.Single().RootNode).AsObject();
        policy["metadata"]!["labels"] = KubernetesObject.Labels(platform, platform.System);
        return policy;
    }

    /// <summary>The values of the placeholders in the files (<c>{project}</c>), as CEL.</summary>
    private static Dictionary<string, string> Values(PlatformSpec platform) =>
        new()
        {
            ["accessNamespace"] = platform.System.AccessNamespace,
            ["addedLabels"] = Quoted(AddedLabels),
            ["apiServerByAddress"] = List(
                platform
                    .Applications.Where(environment =>
                        environment.ApiServerReason is not null && platform.Tier == ClusterTier.Standard
                    )
                    .Select(environment => environment.Name.Text)
            ),
            ["applicationNamespaces"] = List(
                platform.Applications.SelectMany(environment => environment.Namespaces.Append(environment.AccessNamespace))
            ),
            ["dashboardIds"] = Lists(
                platform.Environments.Select(environment =>
                    List([environment.Name.Text, ResourceNames.Of(platform).Dashboard(environment)])
                )
            ),
            ["dashboardLabel"] = DashboardLabel.Key,
            ["domains"] = Map(
                platform
                    .Applications.Where(environment => environment.Exposure is not null)
                    .Select(environment =>
                        (environment.Name.Text, Quoted($"{environment.Exposure!.Subdomain}.{platform.DnsZone}"))
                    )
            ),
            ["environments"] = List(platform.Environments.Select(environment => environment.Name.Text)),
            ["ipv4"] = Quoted(Ipv4),
            ["longestToken"] = (TokenLimits.LongestHours * 3600).ToString(CultureInfo.InvariantCulture),
            ["longestTokenHours"] = TokenLimits.LongestHours.ToString(CultureInfo.InvariantCulture),
            ["apiClient"] = SegmentLabels.ApiServer,
            ["namespaceLabel"] = Quoted(NamespaceLabel),
            ["ownNamespaces"] = Map(
                platform.Environments.Select(environment =>
                    (environment.Name.Text, List([.. environment.Namespaces, environment.AccessNamespace]))
                )
            ),
            ["notPublic"] = Lists(PeerSelector.Internet().Except.Select(range => Numbers(range))),
            ["notUnicast"] = Lists(s_notUnicast.Select(range => Numbers(range))),
            ["ownRanges"] = Map(
                platform
                    .Applications.Where(environment => environment.DataStore is not null)
                    .Select(environment => (environment.Name.Text, Lists([Numbers(environment.DataStore!.Subnet)])))
            ),
            ["ownTaints"] = Map(
                platform.Environments.Select(environment => (environment.Name.Text, OwnTaints(platform, environment)))
            ),
            ["platformPods"] = Map(
                PlatformPods(platform)
                    .GroupBy(pod => pod.Environment)
                    .Select(pods => (pods.Key, Lists(pods.Select(pod => Labelled(pod.Labels)))))
            ),
            // The role, and how the name of its account begins; the environment follows.
            ["pipelineRoles"] = Map([
                (PipelineConfigMaps.PlanRole, Quoted("plan-")),
                (PipelineConfigMaps.ApplyRole, Quoted("apply-")),
            ]),
            ["podLabel"] = Quoted(PodLabel),
            ["podSecurity"] = Map(
                platform.Applications.Select(environment =>
                    (environment.Name.Text, Quoted(EnvironmentNamespace.Level(environment.PodSecurity)))
                )
            ),
            ["platformImages"] = List(Images.All),
            ["profiles"] = List(AccessRules.Granted.Select(AccessRules.RoleName)),
            ["project"] = platform.Project,
            ["publicIpv6"] = Quoted(PublicIpv6),
            ["registries"] = Map(
                platform.Environments.Select(environment => (environment.Name.Text, List(environment.ImageRegistries)))
            ),
            ["releases"] = List(ReleaseNames.OfEnvironments),
            ["sizes"] = Lists(Enumerable.Range(0, 33).Select(length => Invariant($"{1L << (32 - length)}"))),
            ["storageClasses"] = List([StorageClasses.Encrypted, StorageClasses.EncryptedRetain]),
            ["taintKeys"] = List(platform.Pools.SelectMany(pool => pool.Taints).Select(taint => taint.Key).Distinct()),
            ["systemNamespace"] = platform.System.Name.Text,
            ["workloads"] = List(PlatformPods(platform).Select(pod => pod.Workload).Distinct()),
            ["zone"] = platform.DnsZone,
        };

    // Kubernetes sets these labels on a pod (kubernetes.io/docs/reference/labels-annotations-taints).
    private const string AddedLabels =
        "^(pod-template-hash|pod-template-generation|controller-revision-hash|controller-uid|job-name"
        + "|(batch|apps|statefulset|topology)[.]kubernetes[.]io/.*)$";

    // The key of a label of a pod in a Cilium selector: without a source, or with k8s or any (Cilium, pkg/labels).
    private const string PodLabel = "^((k8s|any):)?[^:]+$";

    // Cilium gives a pod its namespace and the namespace's labels under these keys (Cilium, pkg/k8s/apis/cilium.io).
    private const string NamespaceLabel = "io[.]kubernetes[.]pod[.]namespace|io[.]cilium[.]k8s[.]namespace[.]labels";

    // "This network", loopback, and multicast with everything above it (IANA's IPv4 Special-Purpose Address Registry, RFC 1112).
    // No pod connects to them outside its own node; a range that contains more than these may have them.
    private static readonly string[] s_notUnicast = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"];

    private const string Ipv4 = "^[0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}/[0-9]{1,2}$";

    // A range inside 2000::/3 without 2001::/32 and 2002::/16, which contain IPv4 addresses (ReservedRanges.Special).
    private const string PublicIpv6 =
        "^(200[03-9a-fA-F]|20[1-9a-fA-F][0-9a-fA-F]|2[1-9a-fA-F][0-9a-fA-F]{2}|3[0-9a-fA-F]{3}):.*"
        + "/(1[6-9]|[2-9][0-9]|1[0-2][0-9])$"
        + "|^2001:0*[1-9a-fA-F][0-9a-fA-F]*:.*/(3[2-9]|[4-9][0-9]|1[0-2][0-9])$";

    /// <summary>
    /// The workloads that the platform itself runs in the namespaces of its environments, with the labels of their pods.
    /// </summary>
    private static IEnumerable<(string Environment, string Workload, JsonObject Labels)> PlatformPods(PlatformSpec platform) =>
        from one in platform
            .Applications.SelectMany(environment => IsolationProbe.Objects(platform, environment))
            .Concat(IsolationProbe.Objects(platform, platform.System))
        let template = one["spec"]?["template"] ?? one["spec"]?["jobTemplate"]?["spec"]?["template"]
        where template is not null
        select (
            one["metadata"]!["namespace"]!.GetValue<string>(),
            one["metadata"]!["name"]!.GetValue<string>(),
            template["metadata"]!["labels"]!.AsObject()
        );

    private static string Text(string name)
    {
        using var stream = typeof(AdmissionPolicies).Assembly.GetManifestResourceStream($"{Prefix}{name}.yaml")!;
        return new StreamReader(stream).ReadToEnd();
    }

    // No value of a policy is a number or a boolean: expressions are text as well.
    private static JsonNode ToJson(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(entry =>
                    KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, (JsonNode?)ToJson(entry.Value))
                )
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
            _ => ((YamlScalarNode)node).Value!,
        };

    private static string OwnTaints(PlatformSpec platform, EnvironmentSpec environment) =>
        List(
            platform
                .Pools.Where(pool => pool.Name == environment.Pool)
                .SelectMany(pool => pool.Taints)
                .Select(taint => $"{taint.Key}={taint.Value}")
        );

    // The first and the last address as numbers.
    private static string Numbers(Cidr range)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(range.Network.BaseAddress.GetAddressBytes());
        return Invariant($"[{first}, {first + (1L << (32 - range.PrefixLength)) - 1}]");
    }

    private static string Labelled(JsonObject labels) =>
        Map(labels.Select(label => (label.Key, Quoted(label.Value!.GetValue<string>()))));

    private static string Quoted(string text) => $"'{text}'";

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";

    private static string Lists(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static string Map(IEnumerable<(string Key, string Value)> entries) =>
        $"{{{string.Join(", ", entries.Select(entry => $"{Quoted(entry.Key)}: {entry.Value}"))}}}";

    private static JsonArray Strings(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex("[{]([a-z][A-Za-z0-9]*)[}]")]
    private static partial Regex Placeholder();
}
