using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>Settings that must agree so that certificates are issued behind a NodeBalancer with the PROXY protocol.</summary>
[Trait("Level", "pure")]
public sealed class EnvoyGatewayTests
{
    private const string Annotation = "service.beta.kubernetes.io/linode-loadbalancer-";

    private static JsonObject Spec(string kind) =>
        EnvoyGateway.For(Inventory.Platform).Objects.Single().Objects.Single(one => one["kind"]!.GetValue<string>() == kind)[
            "spec"
        ]!.AsObject();

    /// <summary>The quotas of the environments allow none (<c>EnvironmentNamespaceTests</c>).</summary>
    [Fact]
    public void Acme_solver_needs_no_node_port()
    {
        var solver = Assert.Single(Spec("ClusterIssuer")["acme"]!["solvers"]!.AsArray())!["http01"]!["gatewayHTTPRoute"]!;
        Assert.Equal("ClusterIP", solver["serviceType"]!.GetValue<string>());
    }

    [Fact]
    public void Acme_solver_pods_are_reachable_from_the_gateway()
    {
        var solver = Assert.Single(Spec("ClusterIssuer")["acme"]!["solvers"]!.AsArray())!["http01"]!["gatewayHTTPRoute"]!;
        var labels = solver["podTemplate"]!["metadata"]!["labels"]!.AsObject();
        Assert.All(
            Inventory.Platform.Applications,
            environment =>
            {
                var rule = EnvironmentAllowRules
                    .For(
                        Inventory.Platform,
                        environment,
                        environment.Name.Text,
                        SystemAllowRules.InEnvironments(Inventory.Platform, SharedServices.Traffic(Inventory.Platform))
                    )
                    .Rules.Single(rule => rule.Name == "exposed-from-gateway");
                Assert.All(rule.Pods.Labels, label => Assert.Equal(label.Value, labels[label.Key]!.GetValue<string>()));
            }
        );
    }

    [Fact]
    public void Gateway_and_NodeBalancer_both_use_the_PROXY_protocol()
    {
        Assert.False(Spec("ClientTrafficPolicy")["proxyProtocol"]!["optional"]!.GetValue<bool>());
        var annotations = Spec("EnvoyProxy")["provider"]!["kubernetes"]!["envoyService"]!["annotations"]!;
        Assert.Equal("v2", annotations[$"{Annotation}default-proxy-protocol"]!.GetValue<string>());
        // The Service status then has only a host name, so pods also connect through the NodeBalancer and not directly.
        Assert.Equal("true", annotations[$"{Annotation}hostname-only-ingress"]!.GetValue<string>());
    }
}
