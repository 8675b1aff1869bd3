using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Namespaces;

/// <summary>The quota, the limit range and the Pod Security level of every namespace.</summary>
[Trait("Level", "synthesized")]
public sealed class EnvironmentNamespaceTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedResource> Namespaces =>
        platform.Shipped.Resources.Where(resource => resource.Type == "kubernetes_namespace_v1");

    /// <summary>The names of all environments of the inventory.</summary>
    public static TheoryData<string> Environments =>
        [.. Inventory.Platform.Environments.Select(environment => environment.Name.Text)];

    [Fact]
    public void Namespaces_have_one_quota_and_one_limit_range()
    {
        foreach (var space in Namespaces)
        {
            var quota = Assert.Single(In(space, "kubernetes_resource_quota_v1"));
            var hard = quota.Body["spec"]!["hard"]!.AsObject();
            string[] bounded =
            [
                "configmaps",
                "limits.cpu",
                "limits.memory",
                "persistentvolumeclaims",
                "pods",
                "requests.cpu",
                "requests.memory",
                "requests.storage",
                "secrets",
                "services.loadbalancers",
                "services.nodeports",
            ];
            Assert.Empty(bounded.Except(hard.Select(entry => entry.Key)));

            var limits = Assert.Single(In(space, "kubernetes_limit_range_v1")).Body["spec"]!["limit"]![0]!;
            foreach (var part in new[] { "default", "default_request", "max" })
                Assert.Equal(["cpu", "ephemeral-storage", "memory"], limits[part]!.AsObject().Select(entry => entry.Key).Order());
            Assert.Equal(["cpu", "memory"], limits["min"]!.AsObject().Select(entry => entry.Key).Order());
            // The kubelet treats a limit of 0 as no limit, and a quota counts it as 0.
            Assert.All(limits["min"]!.AsObject(), least => Assert.DoesNotMatch("^0", least.Value!.GetValue<string>()));
        }
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Quota_has_exactly_the_values_of_the_inventory(string name)
    {
        var quota = Inventory.Platform.Environments.Single(environment => environment.Name.Text == name).Quota;
        var loadBalancers = name == Inventory.Platform.System.Name.Text ? Inventory.Platform.System.LoadBalancers : 0;
        Dictionary<string, string> expected = new()
        {
            ["requests.cpu"] = quota.RequestsCpu.Text,
            ["requests.memory"] = quota.RequestsMemory.Text,
            ["limits.cpu"] = quota.LimitsCpu.Text,
            ["limits.memory"] = quota.LimitsMemory.Text,
            ["requests.storage"] = quota.Storage.Text,
            ["pods"] = Text(quota.Pods),
            ["secrets"] = Text(quota.Secrets),
            ["configmaps"] = Text(quota.ConfigMaps),
            ["persistentvolumeclaims"] = Text(quota.Claims),
            ["services.loadbalancers"] = Text(loadBalancers),
            // Two node ports for each load balancer: 80 and 443.
            ["services.nodeports"] = Text(2 * loadBalancers),
        };

        Assert.Equal(expected, Values(Spec(name, "kubernetes_resource_quota_v1")["hard"]));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Limit_range_has_exactly_the_values_of_the_inventory(string name)
    {
        var containers = Inventory.Platform.Environments.Single(environment => environment.Name.Text == name).Containers;

        var limit = Assert.Single(Spec(name, "kubernetes_limit_range_v1")["limit"]!.AsArray())!;

        Assert.Equal("Container", limit["type"]!.GetValue<string>());
        Assert.Equal(
            Amounts(containers.RequestCpu, containers.RequestMemory, containers.RequestDisk),
            Values(limit["default_request"])
        );
        Assert.Equal(Amounts(containers.LimitCpu, containers.LimitMemory, containers.LimitDisk), Values(limit["default"]));
        Assert.Equal(Amounts(containers.MaxCpu, containers.MaxMemory, containers.MaxDisk), Values(limit["max"]));
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

    private JsonNode Spec(string environment, string type) =>
        In(Namespaces.Single(space => space.Metadata!["name"]!.GetValue<string>() == environment), type).Single().Body["spec"]!;

    private static Dictionary<string, string> Amounts(Quantity cpu, Quantity memory, Quantity disk) =>
        new()
        {
            ["cpu"] = cpu.Canonical,
            ["memory"] = memory.Canonical,
            ["ephemeral-storage"] = disk.Canonical,
        };

    private static Dictionary<string, string> Values(JsonNode? node) =>
        node!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<SynthesizedResource> In(SynthesizedResource space, string type) =>
        platform
            .Shipped.Stacks[space.Stack]
            .Of(type)
            .Where(resource => resource.Namespace == $"${{{space.Address}.metadata[0].name}}");
}
