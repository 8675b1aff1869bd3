using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>Namespaces and their objects belong to one environment and name no other.</summary>
[Trait("Level", "synthesized")]
public sealed partial class IsolationTests(SynthesizedPlatform platform)
{
    private IEnumerable<SynthesizedResource> Namespaces =>
        platform.Shipped.Resources.Where(resource => resource.Type == "kubernetes_namespace_v1");

    [Fact]
    public void Namespaces_include_those_of_the_four_environments()
    {
        string[] contract =
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
        ];
        var names = Namespaces.Select(one => one.Metadata!["name"]!.GetValue<string>()).ToList();
        Assert.Empty(contract.Except(names));
        Assert.Equal(
            Inventory
                .Platform.Environments.SelectMany(environment => environment.Namespaces.Append(environment.AccessNamespace))
                .Append(Inventory.Platform.System.AgentsNamespace)
                .Order(),
            names.Order()
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
        Assert.Equal(perSpace["main"].Order(), perSpace["team-shop"].Order());
    }

    [GeneratedRegex("^access_([a-z-]+)_")]
    private static partial Regex AccountsOf();
}
