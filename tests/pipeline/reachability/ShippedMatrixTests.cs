using System.Net;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline.Reachability;
using Xunit.Abstractions;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// Who can reach whom on the shipped platform: exactly what the flows intend, and nothing else, on every port and address.
/// </summary>
[Trait("Level", "pure")]
public sealed class ShippedMatrixTests(ITestOutputHelper output)
{
    private static readonly string[] s_environments =
    [
        .. Inventory.Platform.Environments.Select(environment => environment.Name.Text),
    ];

    [Fact]
    public void Every_invariant_of_the_segments_holds()
    {
        var cluster = ShippedPolicies.Cluster();
        output.WriteLine(Matrix.Of(cluster).ToText());
        var broken = SegmentInvariants.Violations(cluster).Select(one => $"{one.Invariant}: {one.Fact}").ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void Every_invariant_has_pods_that_it_is_about()
    {
        var pairs = Matrix.Of(ShippedPolicies.Cluster()).Pairs;
        Assert.All(
            SegmentInvariants.Leaves,
            line => Assert.Contains(pairs, pair => SegmentInvariants.Fits(line, pair.From, pair.To))
        );
        Assert.All(
            SegmentInvariants.Enters,
            line => Assert.Contains(pairs, pair => SegmentInvariants.Fits(line, pair.To, pair.From))
        );
    }

    /// <summary>On Cilium an ipBlock never means a pod; on Calico it does, by the pod's address.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Between_environments_only_requests_metrics_traces_and_logs_pass(bool podsHaveAddresses)
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
                                $"{environment}/{((Pod)pair.From).Name} -> system/collector: TCP 4317-4318",
                            }
                        )
                )
        );
        // To each environment: the gateway to the one pod that asks for it, Prometheus to all but the pod without that port; from each: all
        // pods to the collector.
        var others = s_environments.Length - 1;
        var each = pods.Count(pod => ((Pod)pod).Namespace == s_environments[1]);
        Assert.Equal(others * (1 + (each - 1) + each), allowed.Count);
        // Between environments of applications there are two walls: were one end's policies gone, the other's would still hold.
        var applications = across
            .Where(pair => ((Pod)pair.From).Namespace != "system" && ((Pod)pair.To).Namespace != "system")
            .ToList();
        Assert.Equal(others * (others - 1) * each * each, applications.Count);
        Assert.All(applications, pair => Assert.Empty(pair.Egress.Concat(pair.Ingress)));
    }

    [Fact]
    public void The_classes_of_ports_are_all_ports_of_every_protocol_without_gap_or_overlap()
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
    public void Of_one_class_every_port_has_the_same_answer()
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
            // Its ends, and within the wide ones some ports between.
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
    public void The_ranges_are_apart_and_leave_no_IPv4_address_out()
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
    public void Explaining_names_the_policy_that_isolates_each_end_and_the_rule_that_allows()
    {
        var cluster = ShippedPolicies.Cluster();
        var pods = Landscape.Of(cluster).Endpoints.OfType<Pod>().ToDictionary(pod => pod.Title);
        var evaluator = new Evaluator(cluster);

        Assert.Equal(
            """
            development/plain -> staging/plain TCP 8080: denied
              egress of development/plain: denied, no rule of allow-dns, allow-inside-egress, allow-to-collector, default-deny allows it
              ingress of staging/plain: denied, no rule of allow-from-prometheus, allow-inside-ingress, default-deny allows it
            """,
            evaluator.Evaluate(pods["development/plain"], pods["staging/plain"], new(8080)).Explain()
        );
        Assert.Equal(
            """
            system/infra -> staging/from-gateway TCP 8080: allowed
              egress of system/infra: allowed by system/allow-gateway-to-staging spec.egress[0] (system: kubernetes_network_policy_v1.main_segment_allow-gateway-to-staging)
                reason: The gateway forwards requests to pods of staging that ask for them.
              ingress of staging/from-gateway: allowed by staging/allow-exposed-from-gateway spec.ingress[0] (staging: kubernetes_network_policy_v1.main_segment_allow-exposed-from-gateway)
                reason: Requests from outside arrive through the shared gateway, at pods that ask for them.
            """,
            evaluator.Evaluate(pods["system/infra"], pods["staging/from-gateway"], new(8080)).Explain()
        );
        Assert.Equal(
            """
            system/plain -> host TCP 10250: denied
              egress of system/plain: denied, no rule of allow-api-clients-to-api-server, allow-dns, allow-inside-egress, default-deny allows it
              ingress of host: out of reach of policies
              note: Traffic between a pod and the node it runs on is always allowed, whatever its policies say (kubernetes.io); Cilium asks the policies on the way to the node.
            """,
            evaluator.Evaluate(pods["system/plain"], new Machine(Entity.Host), new(10250)).Explain()
        );
    }
}
