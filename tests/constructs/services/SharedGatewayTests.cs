using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>What must fit together for a certificate to be issued behind a NodeBalancer that speaks the PROXY protocol.</summary>
[Trait("Level", "pure")]
public sealed class SharedGatewayTests
{
    private const string Annotation = "service.beta.kubernetes.io/linode-loadbalancer-";

    private static JsonObject Spec(string kind) =>
        SharedGateway.Objects(Inventory.Platform).Single(one => one["kind"]!.GetValue<string>() == kind)["spec"]!.AsObject();

    [Fact]
    public void The_pods_that_answer_an_acme_challenge_are_open_to_the_gateway()
    {
        var solver = Assert.Single(Spec("ClusterIssuer")["acme"]!["solvers"]!.AsArray())!["http01"]!["gatewayHTTPRoute"]!;
        var labels = solver["podTemplate"]!["metadata"]!["labels"]!.AsObject();
        Assert.All(
            Inventory.Platform.Applications,
            environment =>
            {
                AllowRule flow = EnvironmentAllowRules
                    .For(Inventory.Platform, environment, environment.Name.Text)
                    .Rules.Single(flow => flow.Name == "exposed-from-gateway");
                Assert.All(flow.Pods.Labels, label => Assert.Equal(label.Value, labels[label.Key]!.GetValue<string>()));
            }
        );
    }

    [Fact]
    public void Both_ends_speak_the_proxy_protocol_and_no_pod_takes_the_short_way_around_it()
    {
        Assert.False(Spec("ClientTrafficPolicy")["proxyProtocol"]!["optional"]!.GetValue<bool>());
        var annotations = Spec("EnvoyProxy")["provider"]!["kubernetes"]!["envoyService"]!["annotations"]!;
        Assert.Equal("v2", annotations[$"{Annotation}default-proxy-protocol"]!.GetValue<string>());
        Assert.Equal("true", annotations[$"{Annotation}hostname-only-ingress"]!.GetValue<string>());
    }
}
