using InfraCdktf.Pipeline.Reachability;
using Xunit.Abstractions;

namespace InfraCdktf.Tests.Reachability;

/// <summary>
/// Every single thing that can be taken out of the shipped policies is missed: by the matrix, or, where another policy happens to isolate
/// the same pods, by the check that every namespace has a policy that denies all.
/// </summary>
[Trait("Level", "pure")]
public sealed class MutantTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_is_taken_out_of_a_policy_is_missed()
    {
        var shipped = ShippedPolicies.Cluster();
        Assert.Empty(WithoutDefaultDeny(shipped));
        var cluster = WithTeams(shipped);
        var landscape = Landscape.Of(cluster);
        var before = cluster.Namespaces.Keys.ToDictionary(space => space, space => Ends(cluster, landscape, space).ToList());

        var mutants = Mutants(cluster).ToList();
        var survivors = mutants
            .Where(mutant =>
                WithoutDefaultDeny(mutant.Cluster).Count == 0
                && Ends(mutant.Cluster, landscape, mutant.Namespace).SequenceEqual(before[mutant.Namespace])
            )
            .Select(mutant => mutant.Name)
            .ToList();

        output.WriteLine($"{mutants.Count} mutants, {survivors.Count} survive.");
        Assert.True(mutants.Count >= 100, "The platform has dozens of policies; so few mutants mean that they are not made.");
        Assert.True(survivors.Count == 0, string.Join('\n', survivors));
    }

    /// <summary>
    /// What each end of each pair allows: as long as the other end holds, nobody would notice one that does not.
    /// </summary>
    private static IEnumerable<string> Ends(Cluster cluster, Landscape landscape, string first) =>
        Matrix
            // The pods of the namespace first: a difference is most likely there, and found sooner.
            .Reaches(
                cluster,
                [.. landscape.Endpoints.OrderBy(one => one is Pod pod && pod.Namespace == first ? 0 : 1)],
                landscape.Ports
            )
            .Select(pair => $"{pair.From} {PortRange.Text(pair.Egress)}; {pair.To} {PortRange.Text(pair.Ingress)}");

    /// <summary>
    /// With a namespace of a team in every environment, whose pods belong to the inside like those of the first.
    /// </summary>
    private static Cluster WithTeams(Cluster cluster) =>
        cluster with
        {
            Namespaces = cluster
                .Namespaces.Concat(
                    cluster
                        .Namespaces.Where(space => space.Value.GetValueOrDefault("environment") == space.Key)
                        .Select(space =>
                            KeyValuePair.Create(
                                $"{space.Key}-team",
                                Cluster.LabelsOf(
                                    $"{space.Key}-team",
                                    new Dictionary<string, string> { ["environment"] = space.Key }
                                )
                            )
                        )
                )
                .ToDictionary(),
        };

    [Fact]
    public void Every_namespace_of_the_platform_has_a_policy_that_denies_all() =>
        Assert.Empty(WithoutDefaultDeny(ShippedPolicies.Cluster()));

    private static IReadOnlyList<string> WithoutDefaultDeny(Cluster cluster) =>
        [
            .. cluster
                .Namespaces.Where(space =>
                    space.Value.ContainsKey("environment") && !space.Key.EndsWith("-team", StringComparison.Ordinal)
                )
                .Select(space => space.Key)
                .Where(space =>
                    !cluster.Policies.Any(policy =>
                        policy.Namespace == space
                        && policy.Pods.Requirements.Count == 0
                        && policy.Isolates.Contains(Direction.Ingress)
                        && policy.Isolates.Contains(Direction.Egress)
                        && policy.Ingress.Count + policy.Egress.Count == 0
                    )
                ),
        ];

    private static IEnumerable<(string Name, string Namespace, Cluster Cluster)> Mutants(Cluster cluster)
    {
        for (var index = 0; index < cluster.Policies.Count; index++)
        {
            var policy = cluster.Policies[index];
            yield return (
                $"without {policy.Source}",
                policy.Namespace,
                cluster with
                {
                    Policies = Without(cluster.Policies, index),
                }
            );
            foreach (var (name, mutant) in Mutants(policy))
                yield return (
                    $"{policy.Source} {name}",
                    policy.Namespace,
                    cluster with
                    {
                        Policies = With(cluster.Policies, index, mutant),
                    }
                );
        }
    }

    private static IEnumerable<(string Name, NetworkPolicy Policy)> Mutants(NetworkPolicy policy)
    {
        foreach (var (name, pods) in Mutants(policy.Pods))
            yield return ($"podSelector {name}", policy with { Pods = pods });
        if (policy.Isolates.Count > 1)
        {
            foreach (var direction in policy.Isolates)
                yield return (
                    $"policyTypes without {direction}",
                    policy with
                    {
                        Isolates = [.. policy.Isolates.Where(other => other != direction)],
                    }
                );
        }
        foreach (var (name, rules) in Mutants(policy.Ingress))
            yield return ($"ingress {name}", policy with { Ingress = rules });
        foreach (var (name, rules) in Mutants(policy.Egress))
            yield return ($"egress {name}", policy with { Egress = rules });
    }

    private static IEnumerable<(string Name, IReadOnlyList<Rule> Rules)> Mutants(IReadOnlyList<Rule> rules)
    {
        for (var index = 0; index < rules.Count; index++)
        {
            var rule = rules[index];
            yield return ($"without rule {index}", Without(rules, index));
            for (var port = 0; port < rule.Ports.Count; port++)
                yield return ($"without {rule.Ports[port]}", With(rules, index, rule with { Ports = Without(rule.Ports, port) }));
            for (var peer = 0; peer < rule.Peers.Count; peer++)
            {
                yield return ($"without {rule.Peers[peer]}", With(rules, index, rule with { Peers = Without(rule.Peers, peer) }));
                foreach (var (name, mutant) in Mutants(rule.Peers[peer]))
                    yield return (name, With(rules, index, rule with { Peers = With(rule.Peers, peer, mutant) }));
            }
        }
    }

    private static IEnumerable<(string Name, Peer Peer)> Mutants(Peer peer)
    {
        if (peer is Peer.InCluster pods)
        {
            foreach (var (name, mutant) in Mutants(pods.Namespaces ?? Selector.Everything))
                yield return ($"namespaceSelector {name}", pods with { Namespaces = mutant });
            foreach (var (name, mutant) in Mutants(pods.Pods ?? Selector.Everything))
                yield return ($"podSelector of the peer {name}", pods with { Pods = mutant });
            if (pods.Namespaces is not null)
                yield return ("without namespaceSelector", pods with { Namespaces = null });
        }
        if (peer is Peer.Addresses { Block: var block })
        {
            for (var hole = 0; hole < block.Except.Count; hole++)
                yield return (
                    $"without except {block.Except[hole]}",
                    new Peer.Addresses(block with { Except = Without(block.Except, hole) })
                );
        }
    }

    private static IEnumerable<(string Name, Selector Selector)> Mutants(Selector selector)
    {
        for (var index = 0; index < selector.Requirements.Count; index++)
            yield return ($"without {selector.Requirements[index]}", new(Without(selector.Requirements, index)));
    }

    private static IReadOnlyList<T> Without<T>(IReadOnlyList<T> items, int index) => [.. items.Where((_, at) => at != index)];

    private static IReadOnlyList<T> With<T>(IReadOnlyList<T> items, int index, T item) =>
        [.. items.Select((one, at) => at == index ? item : one)];
}
