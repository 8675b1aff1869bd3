using System.Net;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// Reachability on the shipped platform: exactly the intended flows are allowed, on every port and address.
/// </summary>
[Trait("Level", "pure")]
public sealed class ShippedMatrixTests(ITestOutputHelper output)
{
    private static readonly string[] s_environments =
    [
        .. Inventory.Platform.Environments.Select(environment => environment.Name.Text),
    ];

    [Fact]
    public void Shipped_policies_satisfy_every_invariant()
    {
        var cluster = ShippedPolicies.Cluster();
        output.WriteLine(Matrix.Of(cluster).ToText());
        var broken = PolicyInvariants.Violations(cluster).Select(one => $"{one.Invariant}: {one.Fact}").ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void Invariants_all_apply_to_at_least_one_pair()
    {
        var pairs = Matrix.Of(ShippedPolicies.Cluster()).Pairs;
        Assert.All(
            PolicyInvariants.Leaves,
            line => Assert.Contains(pairs, pair => PolicyInvariants.Fits(line, pair.From, pair.To))
        );
        Assert.All(
            PolicyInvariants.Enters,
            line => Assert.Contains(pairs, pair => PolicyInvariants.Fits(line, pair.To, pair.From))
        );
    }

    /// <summary>On Cilium an ipBlock never matches a pod. On Calico it matches a pod by its address.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Environments_exchange_only_requests_and_metrics(bool podsHaveAddresses)
    {
        var cluster = ShippedPolicies.Cluster();
        var landscape = Landscape.Of(cluster);
        var pods = landscape
            .Endpoints.OfType<Pod>()
            .Where(pod => s_environments.Contains(pod.Namespace))
            .Select(
                (pod, index) =>
                    (Endpoint)(podsHaveAddresses ? pod with { Address = new IPAddress([10, 2, 0, (byte)(index + 1)]) } : pod)
            )
            .ToList();
        var across = Matrix
            .Of(cluster, pods, landscape.Ports)
            .Pairs.Where(pair => ((Pod)pair.From).Namespace != ((Pod)pair.To).Namespace)
            .ToList();

        foreach (var from in s_environments)
        {
            foreach (var to in s_environments.Where(to => to != from))
                Assert.Contains(across, pair => ((Pod)pair.From).Namespace == from && ((Pod)pair.To).Namespace == to);
        }
        var allowed = across.Where(pair => pair.Ports.Count > 0).ToList();
        Assert.All(
            allowed,
            pair =>
                Assert.Contains(
                    $"{pair}",
                    s_environments[1..]
                        .SelectMany(environment =>
                            new[]
                            {
                                $"system/infra -> {environment}/from-gateway: all",
                                $"system/prometheus -> {pair.To}: TCP 9464",
                            }
                        )
                )
        );
        // To each environment: the gateway reaches the one exposed pod, and Prometheus reaches every pod but the one without
        // the metrics port. From an environment no pod reaches another one.
        var others = s_environments.Length - 1;
        var each = pods.Count(pod => ((Pod)pod).Namespace == s_environments[1]);
        Assert.Equal(others * (1 + (each - 1)), allowed.Count);
        // Between application environments both ends deny: if the policies of one end are removed, the other end still denies.
        var applications = across
            .Where(pair => ((Pod)pair.From).Namespace != "system" && ((Pod)pair.To).Namespace != "system")
            .ToList();
        Assert.Equal(others * (others - 1) * each * each, applications.Count);
        Assert.All(applications, pair => Assert.Empty(pair.Egress.Concat(pair.Ingress)));
    }

    [Fact]
    public void Port_classes_cover_every_port_of_a_protocol_once()
    {
        foreach (var ports in Landscape.Of(ShippedPolicies.Cluster()).Ports.GroupBy(range => range.Protocol))
        {
            var next = 1;
            foreach (var range in ports)
            {
                Assert.Equal(next, range.First);
                next = range.Last + 1;
            }
            Assert.Equal(PortRange.Highest + 1, next);
        }
    }

    [Fact]
    public void Ports_of_one_class_have_the_same_answer()
    {
        var cluster = ShippedPolicies.Cluster();
        var landscape = Landscape.Of(cluster);
        var evaluator = new Evaluator(cluster);
        var pods = landscape
            .Endpoints.OfType<Pod>()
            .Where(pod => pod.Name is "plain" or "datastore" or "prometheus" or "port-metrics");
        var pairs = (from one in pods from two in landscape.Endpoints where one != two select (one, two)).ToList();
        const int Stride = 2003;
        foreach (var range in landscape.Ports)
        {
            // The first and the last port of the range, and in a wide range every 2003rd port.
            Port[] members =
            [
                new(range.Last, range.Protocol),
                .. Enumerable
                    .Range(0, ((range.Last - range.First) / Stride) + 1)
                    .Select(step => new Port(range.First + (step * Stride), range.Protocol)),
            ];
            foreach (var (from, to) in pairs)
                Assert.Single(evaluator.EvaluateAll(from, to, members).Select(answer => answer.Allowed).Distinct());
        }
    }

    [Fact]
    public void Address_ranges_do_not_overlap_and_cover_all_of_IPv4()
    {
        var blocks = Landscape
            .Of(ShippedPolicies.Cluster())
            .Endpoints.OfType<Outside>()
            .Select(outside => outside.Block)
            .ToList();
        for (var one = 0; one < blocks.Count; one++)
        {
            for (var two = one + 1; two < blocks.Count; two++)
                Assert.False(blocks[one].Overlaps(blocks[two]), $"{blocks[one]} and {blocks[two]}");
        }
        foreach (
            var address in new[]
            {
                "0.0.0.0",
                "8.8.8.8",
                "10.64.16.5",
                "10.64.31.1",
                "100.64.0.1",
                "169.254.169.254",
                "192.168.255.9",
                "255.255.255.255",
                "::1",
            }
        )
            Assert.Single(blocks, block => block.Contains(IPAddress.Parse(address)));
    }

    [Fact]
    public void Explanation_names_the_isolating_policies_and_the_allow_rule()
    {
        var cluster = ShippedPolicies.Cluster();
        var pods = Landscape.Of(cluster).Endpoints.OfType<Pod>().ToDictionary(pod => pod.Title);
        var evaluator = new Evaluator(cluster);
        const string EgressPolicies = "allow-dns, allow-inside-egress, default-deny";
        const string SystemEgressPolicies = "allow-api-clients-to-api-server, allow-dns, allow-inside-egress, default-deny";
        const string Forward = "system: kubernetes_network_policy_v1.main_segment_allow-gateway-to-staging";
        const string Exposed = "staging: kubernetes_network_policy_v1.main_segment_allow-exposed-from-gateway";
        const string NodeNote =
            "Traffic between a pod and its own node is always allowed, whatever its policies are (kubernetes.io); "
            + "Cilium applies the policies to traffic to the node.";

        Assert.Equal(
            $"""
            development/plain -> staging/plain TCP 8080: denied
              egress of development/plain: denied, no rule of {EgressPolicies} allows it
              ingress of staging/plain: denied, no rule of allow-from-prometheus, allow-inside-ingress, default-deny allows it
            """,
            evaluator.Evaluate(pods["development/plain"], pods["staging/plain"], new(8080)).Explain()
        );
        Assert.Equal(
            $"""
            system/infra -> staging/from-gateway TCP 8080: allowed
              egress of system/infra: allowed by system/allow-gateway-to-staging spec.egress[0] ({Forward})
                reason: The gateway forwards requests to pods of staging that opt in.
              ingress of staging/from-gateway: allowed by staging/allow-exposed-from-gateway spec.ingress[0] ({Exposed})
                reason: Requests from outside arrive through the shared gateway, at pods that opt in.
            """,
            evaluator.Evaluate(pods["system/infra"], pods["staging/from-gateway"], new(8080)).Explain()
        );
        Assert.Equal(
            $"""
            system/plain -> host TCP 10250: denied
              egress of system/plain: denied, no rule of {SystemEgressPolicies} allows it
              ingress of host: allowed, no policy applies to it
              note: {NodeNote}
            """,
            evaluator.Evaluate(pods["system/plain"], new Machine(Entity.Host), new(10250)).Explain()
        );
    }
}
