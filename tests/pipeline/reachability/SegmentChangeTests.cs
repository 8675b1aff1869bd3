using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>The audit record of a change to network policies, the node firewall or the control-plane allow-list.</summary>
[Trait("Level", "pure")]
public sealed class SegmentChangeTests
{
    [Fact]
    public void Change_record_of_identical_outputs_is_empty() =>
        Assert.True(SegmentChange.Between(ShippedPolicies.Stacks(), ShippedPolicies.Stacks()).IsEmpty);

    [Fact]
    public void Override_adds_two_annotated_policies_and_one_flow()
    {
        var change = SegmentChange.Between(ShippedPolicies.Stacks(), WithOverride());

        Assert.Equal(
            [
                "NetworkPolicy development/allow-override-report-import-egress",
                "NetworkPolicy staging/allow-override-report-import-ingress",
            ],
            change.Policies.Select(policy => policy.Name)
        );
        Assert.All(change.Policies, policy => Assert.Null(policy.Before));
        Assert.All(
            change.Policies,
            policy =>
                Assert.Equal(
                    "grace, linus",
                    policy.After!["metadata"]!["annotations"]!["override/approved-by"]!.GetValue<string>()
                )
        );
        Assert.Equal([new("development/reports", "staging/api", "none", "TCP 8080")], change.Flows);
        Assert.Empty(change.Edges);
    }

    [Fact]
    public void Override_end_removes_its_two_policies_and_its_flow()
    {
        var change = SegmentChange.Between(WithOverride(), ShippedPolicies.Stacks());

        Assert.All(change.Policies, policy => Assert.Null(policy.After));
        Assert.Equal([new("development/reports", "staging/api", "TCP 8080", "none")], change.Flows);
    }

    [Fact]
    public void First_apply_records_new_policies_and_flows()
    {
        var before = ShippedPolicies.Stacks().Where(stack => stack.Key != "staging").ToDictionary();

        var change = SegmentChange.Between(before, ShippedPolicies.Stacks());

        Assert.Contains(change.Policies, policy => policy is { Name: "NetworkPolicy staging/default-deny", Before: null });
        Assert.Contains(new("staging/plain", "staging/plain", "none", "all"), change.Flows);
        Assert.All(change.Flows, flow => Assert.Contains("staging/", $"{flow.From} {flow.To}", StringComparison.Ordinal));
    }

    [Fact]
    public void Firewall_and_allow_list_are_recorded_before_and_after()
    {
        var after = ShippedPolicies.Stacks();
        var resources = after["core"]["resource"]!.AsObject();
        resources["linode_firewall"]!.AsObject().Single().Value!["inbound"]!.AsArray().RemoveAt(0);
        resources["linode_lke_cluster"]!.AsObject().Single().Value!["control_plane"]!["acl"]!["addresses"]![0]!["ipv4"]!
            .AsArray()
            .Add("203.0.113.64/32");

        var change = SegmentChange.Between(ShippedPolicies.Stacks(), after);

        Assert.Equal(
            ["core: linode_firewall.network_nodes_firewall", "core: linode_lke_cluster.cluster_lke"],
            change.Edges.Select(edge => edge.Name)
        );
        Assert.DoesNotContain("203.0.113.64/32", change.Edges[1].Before!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("203.0.113.64/32", change.Edges[1].After!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(change.Policies);
        Assert.Empty(change.Flows);
    }

    private static IReadOnlyDictionary<string, JsonObject> WithOverride()
    {
        var stacks = ShippedPolicies.Stacks();
        Add(stacks["development"], "development", "egress", "to", "reports", "staging", "api");
        Add(stacks["staging"], "staging", "ingress", "from", "api", "development", "reports");
        return stacks;
    }

    private static void Add(
        JsonObject stack,
        string space,
        string direction,
        string peer,
        string app,
        string other,
        string otherApp
    ) =>
        stack["resource"]!["kubernetes_network_policy_v1"]![$"override-{direction}"] = JsonNode.Parse(
            $$"""
            {
              "metadata": {
                "name": "allow-override-report-import-{{direction}}", "namespace": "{{space}}",
                "annotations": { "override/approved-by": "grace, linus" }
              },
              "spec": {
                "pod_selector": { "match_labels": { "app": "{{app}}" } },
                "policy_types": ["{{(direction == "egress" ? "Egress" : "Ingress")}}"],
                "{{direction}}": [{
                  "{{peer}}": [{
                    "namespace_selector": { "match_labels": { "kubernetes.io/metadata.name": "{{other}}" } },
                    "pod_selector": { "match_labels": { "app": "{{otherApp}}" } }
                  }],
                  "ports": [{ "port": "8080", "protocol": "TCP" }]
                }]
              }
            }
            """
        );
}
