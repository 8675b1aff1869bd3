using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>Every namespace is bounded and closed from its first moment.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed partial class IsolationTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedResource> Namespaces =>
        platform.Shipped.Resources.Where(resource => resource.Type == "kubernetes_namespace_v1");

    [Fact]
    public void The_four_environments_are_namespaces_of_their_names() =>
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
    public void Every_namespace_has_one_quota_and_one_limit_range()
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
            // For the kubelet a limit of 0 is none, and a quota counts it as nothing.
            Assert.All(limits["min"]!.AsObject(), least => Assert.DoesNotMatch("^0", least.Value!.GetValue<string>()));
        }
    }

    [Fact]
    public void Only_system_may_have_a_load_balancer()
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
    public void Every_namespace_denies_all_traffic_by_default(string direction)
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
    public void Every_allowed_flow_says_why_and_names_its_peers()
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
                // Only the inside may be reached by anyone; nothing goes out to anywhere.
                if (egress is not null)
                    Assert.NotEmpty(egress);
            }
        );
    }

    [Fact]
    public void Every_shared_service_waits_for_all_policies_of_its_namespace()
    {
        // Waiting for the deny alone, it might start behind closed doors, and be removed behind them: a destroy goes the other way round.
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
                    .Single(release => release.Body["name"]!.GetValue<string>() == service.Name);
                Assert.Empty(policies.Except(release.Body["depends_on"]!.AsArray().Select(one => one!.GetValue<string>())));
            }
        );
    }

    [Fact]
    public void No_policy_of_an_environment_names_another_environment()
    {
        foreach (EnvironmentSpec environment in Inventory.Platform.Applications)
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
    public void Every_namespace_enforces_a_pod_security_level_and_only_the_agents_are_privileged()
    {
        foreach (var space in Namespaces)
        {
            var expected = space.Metadata!["name"]!.GetValue<string>() == "system-agents" ? "privileged" : "restricted";
            foreach (var mode in new[] { "enforce", "warn", "audit" })
                Assert.Equal(expected, space.Labels[$"pod-security.kubernetes.io/{mode}"]);
        }
    }

    [Fact]
    public void In_the_agents_namespace_nothing_but_daemon_sets_makes_pods()
    {
        var quota = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_resource_quota_v1")
            .Single(quota => quota.Name == "agents_quota");
        foreach (var kind in new[] { "deployments.apps", "statefulsets.apps", "jobs.batch", "cronjobs.batch" })
            Assert.Equal("0", quota.Body["spec"]!["hard"]![$"count/{kind}"]!.GetValue<string>());
    }

    [Fact]
    public void Every_labelled_object_says_whose_it_is_and_of_which_environment()
    {
        var objects = platform.Shipped.Resources.Where(resource =>
            resource.Type.StartsWith("kubernetes_", StringComparison.Ordinal)
        );
        Assert.All(
            objects,
            resource =>
            {
                // The accounts of those who may enter an environment are the system's to make, in a room named after it.
                var owner = AccountsOf().Match(resource.Name) is { Success: true } room ? room.Groups[1].Value : resource.Stack;
                Assert.Equal(owner, resource.Labels["environment"]);
                Assert.NotEmpty(resource.Labels["owner"]);
                Assert.Equal("infra-cdktf", resource.Labels["app.kubernetes.io/managed-by"]);
            }
        );
    }

    [Fact]
    public void Every_team_namespace_gets_all_that_the_first_one_has()
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
        // The environment has one pooler, in its first namespace.
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
