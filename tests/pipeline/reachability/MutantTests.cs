using InfraCdktf.Pipeline.Reachability;
using Xunit.Abstractions;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// Every single thing that can be taken out of the shipped policies breaks an invariant that has a name.
/// </summary>
[Trait("Level", "pure")]
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>What is taken out, of which policy, and the invariant that breaks first.</summary>
    public static TheoryData<string, string, string> Named =>
        new()
        {
            { "development/default-deny", "", SegmentInvariants.DeniesByDefault },
            { "system/default-deny", "", SegmentInvariants.DeniesByDefault },
            { "system-agents/default-deny", "", SegmentInvariants.DeniesByDefault },
            { "staging/default-deny", "policyTypes without Ingress", SegmentInvariants.DeniesByDefault },
            { "staging/default-deny", "policyTypes without Egress", SegmentInvariants.DeniesByDefault },
            { "production/allow-dns", "", "names are resolved" },
            { "production/allow-dns", "egress without UDP 53", "names are resolved" },
            { "production/allow-dns", "egress namespaceSelector without", "nothing else leaves" },
            { "development/allow-inside-ingress", "", "an environment answers itself" },
            { "development/allow-inside-ingress", "ingress namespaceSelector without", "nothing else enters" },
            { "development/allow-inside-egress", "", "an environment talks to itself" },
            { "development/allow-inside-egress", "egress namespaceSelector without", "nothing else leaves" },
            { "staging/allow-exposed-from-gateway", "", "exposed pods answer the gateway" },
            { "staging/allow-exposed-from-gateway", "podSelector without", "nothing else enters" },
            { "staging/allow-exposed-from-gateway", "ingress podSelector of the peer without", "nothing else enters" },
            { "staging/allow-exposed-from-gateway", "ingress namespaceSelector without", "nothing else enters" },
            { "staging/allow-from-prometheus", "ingress without metrics", "Prometheus scrapes the metrics port alone" },
            { "staging/allow-from-prometheus", "ingress podSelector of the peer without", "nothing else enters" },
            { "staging/allow-pooler-to-datastore", "", "the pooler alone reaches the database, its own" },
            { "staging/allow-pooler-to-datastore", "podSelector without", "the pooler alone reaches the database, its own" },
            {
                "staging/allow-pooler-to-datastore",
                "egress without TCP 1024-65535",
                "the pooler alone reaches the database, its own"
            },
            { "development/allow-to-collector", "", "traces and logs are sent" },
            { "development/allow-to-collector", "egress podSelector of the peer without", "nothing else leaves" },
            { "system/allow-collector-from-production", "", "traces and logs are taken" },
            { "system/allow-collector-from-production", "podSelector without", "nothing else enters" },
            { "system/allow-gateway-to-production", "podSelector without", "nothing else leaves" },
            { "system/allow-gateway-to-production", "egress podSelector of the peer without", "nothing else leaves" },
            { "system/allow-prometheus-to-production", "egress without TCP 9464", "Prometheus scrapes the metrics port alone" },
            {
                "system/allow-api-clients-to-api-server",
                "podSelector without",
                "the API server is for those that ask it something"
            },
            { "system/allow-node-readers-to-nodes", "podSelector without", "nothing else leaves" },
            { "system/allow-alertmanager-to-internet", "egress without except 10.0.0.0/8", "nothing else leaves" },
            { "system/allow-webhooks-from-api-server", "podSelector without", "nothing else enters" },
            { "system/allow-webhooks-from-api-server", "ingress without TCP 10250", "the API server calls webhooks" },
            { "system/allow-gateway-from-outside", "", "the outside reaches the gateway" },
        };

    [Theory]
    [MemberData(nameof(Named))]
    public void Taking_it_out_breaks_the_invariant(string policy, string what, string invariant)
    {
        var cluster = WithTeams(ShippedPolicies.Cluster());
        var mutants = Mutants(cluster)
            .Where(mutant => mutant.Policy == policy && mutant.Name.StartsWith(what, StringComparison.Ordinal))
            .Where(mutant => what.Length > 0 || mutant.Name.Length == 0)
            .ToList();
        Assert.NotEmpty(mutants);
        Assert.All(
            mutants,
            mutant =>
                Assert.Contains(
                    invariant,
                    SegmentInvariants
                        .Violations(mutant.Cluster, Landscape.Of(cluster), mutant.Namespace)
                        .Select(violation => violation.Invariant)
                )
        );
    }

    [Fact]
    public void Whatever_is_taken_out_of_a_policy_breaks_an_invariant()
    {
        var cluster = WithTeams(ShippedPolicies.Cluster());
        var landscape = Landscape.Of(cluster);
        Assert.Empty(SegmentInvariants.Violations(cluster, landscape));

        var mutants = Mutants(cluster).ToList();
        var killed = mutants
            .Select(mutant =>
                (
                    Mutant: $"{mutant.Policy} {mutant.Name}",
                    By: SegmentInvariants.Violations(mutant.Cluster, landscape, mutant.Namespace).FirstOrDefault().Invariant
                )
            )
            .ToList();

        foreach (var by in killed.GroupBy(one => one.By ?? "SURVIVED").OrderBy(group => group.Key, StringComparer.Ordinal))
            output.WriteLine($"{by.Count()} by \"{by.Key}\"");
        Assert.True(mutants.Count >= 100, "The platform has dozens of policies; so few mutants mean that they are not made.");
        Assert.DoesNotContain(killed, one => one.By is null);
    }

    /// <summary>
    /// With a namespace of a team in every environment, whose pods belong to the inside like those of the first; no policy binds them, so
    /// that they are only ever the other end.
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
