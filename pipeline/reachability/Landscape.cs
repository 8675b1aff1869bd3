using static System.FormattableString;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// A set of endpoints and ports that is complete for the policies of a cluster; it is derived from these policies. Ports and
/// addresses: one of each class that no rule distinguishes, so a result for it is valid for all 65,535 ports of the three
/// protocols and for every address. Pods: one without labels in each namespace, and one for each label that a policy there or any
/// peer selects. Rules only add permissions,
/// so a pod with several of these labels has at most the permissions of all of them together.
/// </summary>
public sealed record Landscape
{
    /// <summary>The endpoints: pods by namespace, then machines, then addresses outside the cluster.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>The classes of ports, TCP, UDP and SCTP, each in order.</summary>
    public required IReadOnlyList<PortRange> Ports { get; init; }

    /// <summary>The number of the first named port; each further name gets the next number.</summary>
    private const int FirstNamedPort = 9464;

    /// <summary>A label value for selectors that accept any value.</summary>
    private const string AnyValue = "any";

    /// <summary>Derives endpoints and ports from a cluster.</summary>
    public static Landscape Of(Cluster cluster)
    {
        var rules = cluster.Policies.SelectMany(policy => policy.Ingress.Concat(policy.Egress)).ToList();
        var named = rules
            .SelectMany(rule => rule.Ports)
            .OfType<RulePort.Named>()
            .Select(port => (port.Name, Protocol: port.Protocol ?? Protocol.Tcp))
            .Distinct()
            .Order()
            .Select((port, index) => new ContainerPort(FirstNamedPort + index, port.Name, port.Protocol))
            .ToList();
        return new()
        {
            Endpoints =
            [
                .. cluster.Namespaces.Keys.Order(StringComparer.Ordinal).SelectMany(space => Pods(cluster, space, named)),
                .. Enum.GetValues<Entity>().Select(entity => new Machine(entity)),
                .. Addresses(cluster, rules),
            ],
            Ports = [.. Enum.GetValues<Protocol>().SelectMany(protocol => Classes(protocol, rules, named))],
        };
    }

    private static IEnumerable<Pod> Pods(Cluster cluster, string space, IReadOnlyList<ContainerPort> named)
    {
        yield return new() { Namespace = space, Name = "plain" };
        var roles = Selectors(cluster, space)
            .SelectMany(Roles)
            .Where(role => role.Count > 0)
            .DistinctBy(Text)
            .OrderBy(Text, StringComparer.Ordinal)
            .ToList();
        var names = roles.ToLookup(Name);
        foreach (var role in roles)
        {
            var name = Name(role);
            yield return new()
            {
                Namespace = space,
                Name = names[name].Count() > 1 || name == "plain" ? Text(role) : name,
                Labels = role,
                Ports = named,
            };
        }
        foreach (var port in named)
            yield return new()
            {
                Namespace = space,
                Name = Invariant($"port-{port.Name}"),
                Ports = [port],
            };
    }

    /// <summary>
    /// The selectors that can distinguish pods of the namespace: the selectors of its own policies and of all peers in every
    /// namespace, because a pod may have, for example, the labels of the Prometheus of another namespace.
    /// </summary>
    private static IEnumerable<Selector> Selectors(Cluster cluster, string space) =>
        [
            .. cluster.Policies.Where(policy => policy.Namespace == space).Select(policy => policy.Pods),
            .. cluster
                .Policies.SelectMany(policy => policy.Ingress.Concat(policy.Egress))
                .SelectMany(rule => rule.Peers)
                .OfType<Peer.InCluster>()
                .Select(peer => peer.Pods ?? Selector.Everything),
        ];

    /// <summary>Labels that satisfy the selector, and each of its labels alone.</summary>
    private static IEnumerable<IReadOnlyDictionary<string, string>> Roles(Selector selector)
    {
        var whole = new Dictionary<string, string>();
        foreach (var requirement in selector.Requirements)
        {
            IReadOnlyList<string> values = requirement.Values.Count > 0 ? requirement.Values : [AnyValue];
            foreach (var value in values)
                yield return new Dictionary<string, string> { [requirement.Key] = value };
            if (requirement.Operator is SelectorOperator.In or SelectorOperator.Exists)
                whole.TryAdd(requirement.Key, values[0]);
        }
        yield return whole;
    }

    private static string Text(IReadOnlyDictionary<string, string> labels) =>
        string.Join(
            ',',
            labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")
        );

    /// <summary>
    /// The name of a pod from its labels: "prometheus" for app.kubernetes.io/name=prometheus, "from-gateway" for
    /// network.platform/from-gateway=true.
    /// </summary>
    private static string Name(IReadOnlyDictionary<string, string> labels) =>
        string.Join(
            '+',
            labels
                .OrderBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => label.Value is "true" or AnyValue ? label.Key[(label.Key.LastIndexOf('/') + 1)..] : label.Value)
        );

    /// <summary>
    /// Every range in the policies and the cluster, without the ranges inside it, so each rule matches all of it or nothing.
    /// </summary>
    private static IEnumerable<Outside> Addresses(Cluster cluster, IReadOnlyList<Rule> rules)
    {
        var names = new Dictionary<string, string> { ["0.0.0.0/0"] = "outside", ["::/0"] = "outside-ipv6" };
        foreach (var (name, block) in cluster.Ranges)
            names[block.Range.ToString()] = name;
        var ranges = rules
            .SelectMany(rule => rule.Peers)
            .OfType<Peer.Addresses>()
            .SelectMany(peer => peer.Block.Except.Append(peer.Block.Range))
            .Concat(cluster.Ranges.Values.Select(block => block.Range))
            .Concat([AddressBlock.Of("0.0.0.0/0").Range, AddressBlock.Of("::/0").Range])
            .Distinct()
            .ToList();
        return ranges
            .Select(range => new Outside(
                names.GetValueOrDefault(range.ToString(), range.ToString()),
                new(range, [.. ranges.Where(other => other != range && AddressBlock.Within(range, other))])
            ))
            .Where(outside => !outside.Block.IsEmpty)
            .OrderBy(outside => outside.Name, StringComparer.Ordinal);
    }

    /// <summary>A class starts at 1, at the start of a rule's range, after its end, and at and after each named port.</summary>
    private static IEnumerable<PortRange> Classes(
        Protocol protocol,
        IReadOnlyList<Rule> rules,
        IReadOnlyList<ContainerPort> named
    )
    {
        var starts = rules
            .SelectMany(rule => rule.Ports)
            .OfType<RulePort.Numbers>()
            .Where(port => port.Protocol is null || port.Protocol == protocol)
            .SelectMany(port => new[] { port.First, port.Last + 1 })
            .Concat(named.Where(port => port.Protocol == protocol).SelectMany(port => new[] { port.Number, port.Number + 1 }))
            .Append(1)
            .Where(start => start <= PortRange.Highest)
            .Distinct()
            .Order()
            .ToList();
        return starts.Select(
            (start, index) => new PortRange(protocol, start, index + 1 < starts.Count ? starts[index + 1] - 1 : PortRange.Highest)
        );
    }
}
