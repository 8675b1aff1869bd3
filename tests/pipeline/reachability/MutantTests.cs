using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// No element of the shipped policies can be removed without breaking a named invariant. A seeded sample of all elements; all of
/// them with LONG_TESTS=1.
/// </summary>
[Trait("Level", "pure")]
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>A policy, the element that is removed (empty: the whole policy), and an invariant that breaks.</summary>
    public static TheoryData<string, string, string> Named =>
        new()
        {
            { "development/default-deny", "", PolicyInvariants.DeniesByDefault },
            { "system/default-deny", "", PolicyInvariants.DeniesByDefault },
            { "system-agents/default-deny", "", PolicyInvariants.DeniesByDefault },
            { "staging/default-deny", "policyTypes without Ingress", PolicyInvariants.DeniesByDefault },
            { "staging/default-deny", "policyTypes without Egress", PolicyInvariants.DeniesByDefault },
            { "production/allow-dns", "", "pods resolve names" },
            { "production/allow-dns", "egress without UDP 53", "pods resolve names" },
            { "production/allow-dns", "egress namespaceSelector without", "no other egress is allowed" },
            { "development/allow-inside-ingress", "", "pods of one environment receive from each other" },
            { "development/allow-inside-ingress", "ingress namespaceSelector without", "no other ingress is allowed" },
            { "development/allow-inside-egress", "", "pods of one environment send to each other" },
            { "development/allow-inside-egress", "egress namespaceSelector without", "no other egress is allowed" },
            { "staging/allow-exposed-from-gateway", "", "exposed pods receive from the gateway" },
            { "staging/allow-exposed-from-gateway", "podSelector without", "no other ingress is allowed" },
            { "staging/allow-exposed-from-gateway", "ingress podSelector of the peer without", "no other ingress is allowed" },
            { "staging/allow-exposed-from-gateway", "ingress namespaceSelector without", "no other ingress is allowed" },
            { "staging/allow-from-prometheus", "ingress without metrics", "Prometheus reaches the metrics port only" },
            { "staging/allow-from-prometheus", "ingress podSelector of the peer without", "no other ingress is allowed" },
            { "system/allow-gateway-to-production", "podSelector without", "no other egress is allowed" },
            { "system/allow-gateway-to-production", "egress podSelector of the peer without", "no other egress is allowed" },
            { "system/allow-prometheus-to-production", "egress without TCP 9464", "Prometheus reaches the metrics port only" },
            { "system/allow-api-clients-to-api-server", "podSelector without", "only API clients reach the API server" },
            { "system/allow-node-readers-to-nodes", "podSelector without", "no other egress is allowed" },
            { "system/allow-alertmanager-to-internet", "egress without except 10.0.0.0/8", "no other egress is allowed" },
            { "system/allow-webhooks-from-api-server", "podSelector without", "no other ingress is allowed" },
            { "system/allow-webhooks-from-api-server", "ingress without TCP 10250", "the API server calls webhooks" },
            { "system/allow-gateway-from-outside", "", "external clients reach the gateway" },
        };

    [Theory]
    [MemberData(nameof(Named))]
    public void Removed_policy_element_breaks_its_invariant(string policy, string element, string invariant)
    {
        var cluster = WithTeams(ShippedPolicies.Cluster());
        var mutants = Mutants(cluster)
            .Where(mutant => mutant.Policy == policy && mutant.Name.StartsWith(element, StringComparison.Ordinal))
            .Where(mutant => element.Length > 0 || mutant.Name.Length == 0)
            .ToList();
        Assert.NotEmpty(mutants);
        Assert.All(
            mutants,
            mutant =>
                Assert.Contains(
                    invariant,
                    PolicyInvariants
                        .Violations(mutant.Cluster, Landscape.Of(cluster), mutant.Namespace)
                        .Select(violation => violation.Invariant)
                )
        );
    }

    [Fact]
    public void Every_removed_policy_element_breaks_an_invariant()
    {
        var cluster = WithTeams(ShippedPolicies.Cluster());
        var landscape = Landscape.Of(cluster);
        Assert.Empty(PolicyInvariants.Violations(cluster, landscape));

        var mutants = Mutants(cluster).ToArray();
        Assert.True(mutants.Length >= 100, $"Mutants generated: {mutants.Length}; expected: at least 100.");
        if (System.Environment.GetEnvironmentVariable("LONG_TESTS") != "1")
        {
            TestRandom.Create().Shuffle(mutants);
            mutants = mutants[..(mutants.Length / 4)];
        }
        var killed = mutants
            .Select(mutant =>
                (
                    Mutant: $"{mutant.Policy} {mutant.Name}",
                    By: PolicyInvariants.Violations(mutant.Cluster, landscape, mutant.Namespace).FirstOrDefault().Invariant
                )
            )
            .ToList();

        foreach (var by in killed.GroupBy(one => one.By ?? "SURVIVED").OrderBy(group => group.Key, StringComparer.Ordinal))
            output.WriteLine($"{by.Count()} by \"{by.Key}\"");
        Assert.DoesNotContain(killed, one => one.By is null);
    }

    /// <summary>
    /// Adds a team namespace to every environment. Its pods belong to the environment like the pods of the main namespace. No
    /// policy selects them, so they are only peers.
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

    private static IEnumerable<(string Policy, string Name, string Namespace, Cluster Cluster)> Mutants(Cluster cluster)
    {
        for (var index = 0; index < cluster.Policies.Count; index++)
        {
            var policy = cluster.Policies[index];
            yield return ($"{policy}", "", policy.Namespace, cluster with { Policies = Without(cluster.Policies, index) });
            foreach (var (name, mutant) in Mutants(policy))
                yield return (
                    $"{policy}",
                    name,
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
                yield return (
                    $"without {Text(rule.Ports[port])}",
                    With(rules, index, rule with { Ports = Without(rule.Ports, port) })
                );
            for (var peer = 0; peer < rule.Peers.Count; peer++)
            {
                yield return ($"without {rule.Peers[peer]}", With(rules, index, rule with { Peers = Without(rule.Peers, peer) }));
                foreach (var (name, mutant) in Mutants(rule.Peers[peer]))
                    yield return (name, With(rules, index, rule with { Peers = With(rule.Peers, peer, mutant) }));
            }
        }
    }

    private static string Text(RulePort port) =>
        port switch
        {
            RulePort.Numbers numbers => $"{new PortRange(numbers.Protocol ?? Protocol.Tcp, numbers.First, numbers.Last)}",
            RulePort.Named named => named.Name,
            _ => $"{port}",
        };

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
            for (var excluded = 0; excluded < block.Except.Count; excluded++)
                yield return (
                    $"without except {block.Except[excluded]}",
                    new Peer.Addresses(block with { Except = Without(block.Except, excluded) })
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
