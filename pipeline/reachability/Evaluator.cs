using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// Decides which connections are allowed, by the rules of Kubernetes (kubernetes.io, Network Policies, and the reference of
/// NetworkPolicy v1): a pod is isolated in a direction if at least one policy selects it for that direction; then only
/// connections that at least one of these policies allows are allowed; a connection must be allowed at both ends. Pure: it does
/// not contact a cluster, and does not know policies outside the synthesis.
/// </summary>
public sealed class Evaluator
{
    private const string Itself = "A pod cannot block access to itself.";
    private const string Node =
        "Traffic between a pod and its own node is always allowed, whatever its policies are (kubernetes.io); "
        + "Cilium applies the policies to traffic to the node.";
    private const string HostNetwork =
        "The effect of policies on a pod on its node's network is undefined (kubernetes.io); "
        + "here its traffic is the node's traffic, as in most network plugins.";

    private readonly Cluster _cluster;
    private readonly ILookup<string, NetworkPolicy> _policies;

    /// <summary>Creates an evaluator for a cluster.</summary>
    public Evaluator(Cluster cluster)
    {
        _cluster = cluster;
        _policies = cluster.Policies.ToLookup(policy => policy.Namespace);
    }

    /// <summary>Decides whether <paramref name="from"/> can connect to a port of <paramref name="to"/>, and why.</summary>
    /// <exception cref="PipelineException">The namespace of a pod does not exist in the cluster.</exception>
    public Answer Evaluate(Endpoint from, Endpoint to, Port port) => EvaluateAll(from, to, [port])[0];

    /// <summary>The same for several ports, with one answer for each port.</summary>
    /// <exception cref="PipelineException">The namespace of a pod does not exist in the cluster.</exception>
    public IReadOnlyList<Answer> EvaluateAll(Endpoint from, Endpoint to, IEnumerable<Port> ports)
    {
        if (from is Pod one && to is Pod other && one.Namespace == other.Namespace && one.Name == other.Name)
            return
            [
                .. ports.Select(port => new Answer(
                    from,
                    to,
                    port,
                    Unreached(Direction.Egress),
                    Unreached(Direction.Ingress),
                    [Itself]
                )),
            ];
        var egress = Prepare(Direction.Egress, from, to);
        var ingress = Prepare(Direction.Ingress, to, from);
        var notes = Notes(from, to);
        return [.. ports.Select(port => new Answer(from, to, port, Decide(egress, to, port), Decide(ingress, to, port), notes))];
    }

    /// <summary>
    /// The facts about one end that are the same for every port: the policies that isolate it, and their rules that match the
    /// other end.
    /// </summary>
    private Side Prepare(Direction direction, Endpoint subject, Endpoint other)
    {
        if (subject is not Pod { HostNetwork: false } pod)
            return new(direction, null, []);
        _ = LabelsOfNamespace(pod);
        var isolating = _policies[pod.Namespace]
            .Where(policy => policy.Isolates.Contains(direction) && policy.Pods.Matches(pod.Labels))
            .ToList();
        return new(
            direction,
            isolating,
            [
                .. from policy in isolating
                from rule in policy.Rules(direction).Select((rule, index) => (rule.Peers, rule.Ports, Index: index))
                where rule.Peers.Count == 0 || rule.Peers.Any(peer => Is(policy, peer, other))
                select (new RulePlace(policy, direction, rule.Index), rule.Ports),
            ]
        );
    }

    private static End Decide(Side side, Endpoint receiver, Port port)
    {
        if (side.Isolating is null)
            return Unreached(side.Direction);
        if (side.Isolating.Count == 0)
            return new(side.Direction, Verdict.NotIsolated, [], []);
        var rules = side
            .Rules.Where(rule => rule.Ports.Count == 0 || rule.Ports.Any(allowed => allowed.Matches(port, receiver)))
            .Select(rule => rule.Place)
            .ToList();
        return new(side.Direction, rules.Count > 0 ? Verdict.Allowed : Verdict.Denied, side.Isolating, rules);
    }

    private bool Is(NetworkPolicy policy, Peer peer, Endpoint other) =>
        (peer, other) switch
        {
            (Peer.InCluster pods, Pod { HostNetwork: false } pod) => (
                pods.Namespaces is null ? pod.Namespace == policy.Namespace : pods.Namespaces.Matches(LabelsOfNamespace(pod))
            ) && (pods.Pods is null || pods.Pods.Matches(pod.Labels)),
            (Peer.Addresses addresses, Outside outside) => addresses.Block.Overlaps(outside.Block),
            (Peer.Addresses addresses, Pod { Address: { } address }) => addresses.Block.Contains(address),
            (Peer.Addresses addresses, Machine { Address: { } address }) => addresses.Block.Contains(address),
            (Peer.Machines machines, Machine machine) => machines.Entity == machine.Entity,
            // For Cilium, a pod on its node's network is that node.
            (Peer.Machines machines, Pod { HostNetwork: true }) => machines.Entity is Entity.Host or Entity.RemoteNode,
            _ => false,
        };

    private IReadOnlyDictionary<string, string> LabelsOfNamespace(Pod pod) =>
        _cluster.Namespaces.TryGetValue(pod.Namespace, out var labels)
            ? labels
            : throw new PipelineException(
                $"{pod}: given namespace \"{pod.Namespace}\"; "
                    + $"allowed: {string.Join(", ", _cluster.Namespaces.Keys.Order(StringComparer.Ordinal))}. Name one of them."
            );

    private static End Unreached(Direction direction) => new(direction, Verdict.OutOfReach, [], []);

    private static IReadOnlyList<string> Notes(Endpoint from, Endpoint to)
    {
        List<string> notes = [];
        if (from is Pod { HostNetwork: true } || to is Pod { HostNetwork: true })
            notes.Add(HostNetwork);
        if (from is Machine { Entity: not Entity.KubeApiServer } || to is Machine { Entity: not Entity.KubeApiServer })
            notes.Add(Node);
        return notes;
    }

    /// <param name="Direction">Egress for the source, ingress for the destination.</param>
    /// <param name="Isolating">The policies that isolate it; null if no policy can apply to it.</param>
    /// <param name="Rules">Their rules whose peers include the other end, with their ports.</param>
    private sealed record Side(
        Direction Direction,
        IReadOnlyList<NetworkPolicy>? Isolating,
        IReadOnlyList<(RulePlace Place, IReadOnlyList<RulePort> Ports)> Rules
    );
}
