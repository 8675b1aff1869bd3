using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>Every namespace has a quota, a limit range and a default deny from its creation.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed partial class IsolationTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedResource> Namespaces =>
        platform.Shipped.Resources.Where(resource => resource.Type == "kubernetes_namespace_v1");

    [Fact]
    public void Namespaces_are_those_of_the_four_environments() =>
        Assert.Equal(
            [
                "development",
                "development-access",
                "production",
                "production-access",
                "staging",
                "staging-access",
                "system",
                "system-access",
                "system-agents",
            ],
            Namespaces.Select(space => space.Metadata!["name"]!.GetValue<string>()).Order()
        );

    [Fact]
    public void Namespaces_have_one_quota_and_one_limit_range()
    {
        foreach (var space in Namespaces)
        {
            var quota = Assert.Single(In(space, "kubernetes_resource_quota_v1"));
            var hard = quota.Body["spec"]!["hard"]!.AsObject();
            string[] bounded =
            [
                "limits.cpu",
                "limits.memory",
                "pods",
                "requests.cpu",
                "requests.memory",
                "requests.storage",
                "services.loadbalancers",
                "services.nodeports",
            ];
            Assert.Empty(bounded.Except(hard.Select(entry => entry.Key)));

            var limits = Assert.Single(In(space, "kubernetes_limit_range_v1")).Body["spec"]!["limit"]![0]!;
            foreach (var part in new[] { "default", "default_request", "max", "min" })
                Assert.Equal(["cpu", "memory"], limits[part]!.AsObject().Select(entry => entry.Key).Order());
            // The kubelet treats a limit of 0 as no limit, and a quota counts it as 0.
            Assert.All(limits["min"]!.AsObject(), least => Assert.DoesNotMatch("^0", least.Value!.GetValue<string>()));
        }
    }

    [Fact]
    public void Only_the_system_namespace_may_have_a_load_balancer()
    {
        var allowed = Namespaces.ToDictionary(
            space => space.Metadata!["name"]!.GetValue<string>(),
            space =>
                In(space, "kubernetes_resource_quota_v1").Single().Body["spec"]!["hard"]![
                    "services.loadbalancers"
                ]!.GetValue<string>()
        );
        Assert.Equal("1", allowed["system"]);
        Assert.All(allowed.Where(entry => entry.Key != "system"), entry => Assert.Equal("0", entry.Value));
    }

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

    [Fact]
    public void Shared_services_depend_on_all_policies_of_their_namespace()
    {
        // If a service depended on default-deny alone, it could start before its allow rules exist. Destroy runs in reverse
        // order: it could remove the allow rules before the service.
        var policies = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_network_policy_v1")
            .Where(policy => policy.Namespace!.Contains("main_namespace", StringComparison.Ordinal))
            .Select(policy => policy.Address)
            .ToList();
        Assert.Contains("kubernetes_network_policy_v1.main_segment_allow-webhooks-from-api-server", policies);
        Assert.All(
            SharedServices.For(Inventory.Platform),
            service =>
            {
                var release = platform
                    .Shipped.Stacks["system"]
                    .Of("helm_release")
                    .Single(release => release.Body["name"]!.GetValue<string>() == service.Name.Text);
                Assert.Empty(policies.Except(release.Body["depends_on"]!.AsArray().Select(one => one!.GetValue<string>())));
            }
        );
    }

    [Fact]
    public void Policies_of_an_environment_name_no_other_environment()
    {
        foreach (var environment in Inventory.Platform.Applications)
        {
            var others = Inventory.Platform.Applications.Where(other => other != environment).ToList();
            foreach (var policy in platform.Shipped.Stacks[environment.Name.Text].Of("kubernetes_network_policy_v1"))
            {
                var text = policy.Body["spec"]!.ToJsonString();
                Assert.All(others, other => Assert.DoesNotContain($"\"{other.Name}\"", text));
                Assert.All(others, other => Assert.DoesNotContain(other.DataStore!.Subnet.Text, text));
            }
        }
    }

    [Fact]
    public void Namespaces_are_restricted_and_only_agents_are_privileged()
    {
        foreach (var space in Namespaces)
        {
            var expected = space.Metadata!["name"]!.GetValue<string>() == "system-agents" ? "privileged" : "restricted";
            foreach (var mode in new[] { "enforce", "warn", "audit" })
                Assert.Equal(expected, space.Labels[$"pod-security.kubernetes.io/{mode}"]);
        }
    }

    [Fact]
    public void Agents_namespace_allows_pods_of_DaemonSets_only()
    {
        var quota = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_resource_quota_v1")
            .Single(quota => quota.Name == "agents_quota");
        foreach (var kind in new[] { "deployments.apps", "statefulsets.apps", "jobs.batch", "cronjobs.batch" })
            Assert.Equal("0", quota.Body["spec"]!["hard"]![$"count/{kind}"]!.GetValue<string>());
    }

    [Fact]
    public void Kubernetes_objects_have_owner_and_environment_labels()
    {
        var objects = platform.Shipped.Resources.Where(resource =>
            resource.Type.StartsWith("kubernetes_", StringComparison.Ordinal)
        );
        Assert.All(
            objects,
            resource =>
            {
                // The stack system creates the accounts of an environment, in a scope with the environment's name.
                var owner = AccountsOf().Match(resource.Name) is { Success: true } scope ? scope.Groups[1].Value : resource.Stack;
                Assert.Equal(owner, resource.Labels["environment"]);
                Assert.NotEmpty(resource.Labels["owner"]);
                Assert.Equal("infra-cdktf", resource.Labels["app.kubernetes.io/managed-by"]);
            }
        );
    }

    [Fact]
    public void Team_namespace_has_the_same_objects_as_the_main_namespace()
    {
        var output = platform.Synthesize(
            Inventory.Platform with
            {
                Applications = [Development.Environment with { Teams = [new("shop", "#shop")] }],
            }
        );
        var perSpace = output
            .Stacks["development"]
            .Resources.ToLookup(
                resource => resource.Name.Split('_')[0],
                resource => $"{resource.Type}.{resource.Name[resource.Name.IndexOf('_')..]}"
            );
        // The environment has one pooler, in its main namespace.
        const string Pooler = "kubernetes_network_policy_v1._segment_allow-pooler-to-datastore";
        Assert.Contains(Pooler, perSpace["main"]);
        Assert.Equal(perSpace["main"].Order(), perSpace["team-shop"].Append(Pooler).Order());
    }

    [GeneratedRegex("^access_([a-z-]+)_")]
    private static partial Regex AccountsOf();

    private IEnumerable<SynthesizedResource> In(SynthesizedResource space, string type) =>
        platform
            .Shipped.Stacks[space.Stack]
            .Of(type)
            .Where(resource => resource.Namespace == $"${{{space.Address}.metadata[0].name}}");
}
