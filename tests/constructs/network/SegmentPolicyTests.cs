using System.Text.Json.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Network;

/// <summary>The network policies of every namespace: a default deny, and allow rules with a reason.</summary>
[Trait("Level", "synthesized")]
public sealed class SegmentPolicyTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedResource> Namespaces =>
        platform.Shipped.Resources.Where(resource => resource.Type == "kubernetes_namespace_v1");

    [Theory]
    [InlineData("Ingress")]
    [InlineData("Egress")]
    public void Namespaces_deny_all_traffic_by_default(string direction)
    {
        foreach (var space in Namespaces)
        {
            var spec = Assert
                .Single(
                    In(space, "kubernetes_network_policy_v1"),
                    policy => policy.Metadata!["name"]!.GetValue<string>() == "default-deny"
                )
                .Body["spec"]!;
            Assert.Contains(direction, spec["policy_types"]!.AsArray().Select(type => type!.GetValue<string>()));
            Assert.Empty(spec["pod_selector"]!.AsObject());
            Assert.Null(spec[direction.ToLowerInvariant()]);
        }
    }

    [Fact]
    public void Allow_policies_have_a_reason_and_name_their_egress_peers()
    {
        var allowed = platform.Shipped.Resources.Where(resource =>
            resource.Type == "kubernetes_network_policy_v1" && resource.Metadata!["name"]!.GetValue<string>() != "default-deny"
        );
        Assert.All(
            allowed,
            policy =>
            {
                Assert.NotEmpty(policy.Metadata!["annotations"]!["reason"]!.GetValue<string>());
                var spec = policy.Body["spec"]!;
                var egress = (spec["egress"] as JsonArray)?.SelectMany(rule => rule!["to"]!.AsArray()).ToList();
                // An ingress rule may allow every source. An egress rule must name its destinations.
                if (egress is not null)
                    Assert.NotEmpty(egress);
            }
        );
    }

    private IEnumerable<SynthesizedResource> In(SynthesizedResource space, string type) =>
        platform
            .Shipped.Stacks[space.Stack]
            .Of(type)
            .Where(resource => resource.Namespace == $"${{{space.Address}.metadata[0].name}}");
}
