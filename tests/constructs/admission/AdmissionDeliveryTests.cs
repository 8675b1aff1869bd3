using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Admission;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>
/// The system stack delivers all admission policies, and delivers them before the rights that they limit. The policies cover
/// every object that they must protect.
/// </summary>
[Trait("Level", "synthesized")]
public sealed class AdmissionDeliveryTests(SynthesizedPlatform platform)
{
    private const string Release = "helm_release.admission-policies_release";

    private static readonly PlatformSpec s_platform = Inventory.Platform;

    private SynthesizedStack System => platform.Shipped.Stacks[s_platform.System.Name.Text];

    [Fact]
    public void System_stack_delivers_policies_and_bindings_unchanged()
    {
        var delivered = System.Resources.Single(resource => resource.Address == Release).HelmValues["manifests"]!.AsArray();
        Assert.Equal(
            AdmissionPolicies.Objects(s_platform).Select(one => one.ToJsonString()),
            delivered.Select(one => one!.ToJsonString())
        );
    }

    [Fact]
    public void Cluster_role_bindings_depend_on_the_admission_policies()
    {
        var bindings = System.Of("kubernetes_cluster_role_binding_v1").ToList();
        Assert.NotEmpty(bindings);
        Assert.All(
            bindings,
            binding =>
                Assert.Contains(Release, (binding.Body["depends_on"]?.AsArray() ?? []).Select(one => one!.GetValue<string>()))
        );
    }

    [Fact]
    public void Platform_objects_policy_covers_every_Helm_release_record()
    {
        var staging = s_platform.Applications[^1] with { ApiServerReason = "An operator watches its own kind." };
        var output = platform.Synthesize(s_platform with { Applications = [.. s_platform.Applications.SkipLast(1), staging] });
        var releases = s_platform
            .Applications.SelectMany(environment => output.Stacks[environment.Name.Text].Of("helm_release"))
            .Select(release => release.Body["name"]!.GetValue<string>())
            .Distinct();
        var rule = AdmissionPolicies
            .Objects(s_platform)
            .First(one => one["metadata"]!["name"]!.GetValue<string>() == "platform-objects")["spec"]!["variables"]!
            .AsArray()
            .Single(variable => variable!["name"]!.GetValue<string>() == "records")!["expression"]!.GetValue<string>();
        Assert.All(releases, release => Assert.Contains($"'{release}'", rule));
    }

    /// <summary>
    /// What an environment's stack contains is written by its pipeline, and by Kubernetes' controllers. No policy may refuse it.
    /// </summary>
    [Fact]
    public void Environment_stacks_pass_every_admission_policy()
    {
        PlatformSpec[] platforms =
        [
            s_platform,
            s_platform with
            {
                Applications =
                [
                    .. s_platform.Applications.Select(environment =>
                        environment with
                        {
                            ApiServerReason = "An operator watches its own kind.",
                            Destinations = [new("partner", "Orders go to the partner.", ["198.51.100.64/28"], [443])],
                        }
                    ),
                ],
                Overrides = [SampleOverrides.Pods, SampleOverrides.Outside],
            },
            Platforms.StandardTier with
            {
                Applications =
                [
                    .. Platforms.StandardTier.Applications.Select(environment =>
                        environment with
                        {
                            ApiServerReason = "An operator watches its own kind.",
                        }
                    ),
                ],
            },
        ];
        foreach (var one in platforms)
        {
            var stacks = platform.Of(one).Stacks;
            var requests = one
                .Applications.SelectMany(environment =>
                    Objects(stacks[environment.Name.Text])
                        .Select(written => new AdmissionRequest
                        {
                            Operation = "CREATE",
                            User = $"system:serviceaccount:{one.System.AccessNamespace}:apply-{environment.Name}",
                            Groups = ["system:serviceaccounts", "system:authenticated"],
                            Object = written,
                        })
                )
                .ToList();
            Assert.Contains(requests, request => request.Kind == "NetworkPolicy");
            Assert.Contains(requests, request => request.Kind == "PodDisruptionBudget");
            Assert.Contains(requests, request => request.Kind == "ConfigMap");
            var answers = new AdmissionServer(AdmissionPolicies.Objects(one), one).Review(requests);
            Assert.All(
                requests.Zip(answers),
                pair => Assert.True(pair.Second.Count == 0, $"{pair.First.Body}: {pair.Second.FirstOrDefault()}")
            );
        }

        static IEnumerable<JsonObject> Objects(SynthesizedStack stack) =>
            stack
                .Manifests.Concat(
                    stack
                        .Of("kubernetes_network_policy_v1")
                        .Select(one => TerraformObject.ToKubernetes(one.Body, "networking.k8s.io/v1", "NetworkPolicy"))
                )
                .Concat(
                    stack.Of("kubernetes_config_map_v1").Select(one => TerraformObject.ToKubernetes(one.Body, "v1", "ConfigMap"))
                )
                .Select(one =>
                {
                    var written = one.DeepClone().AsObject();
                    // A reference to the namespace's resource.
                    if (written["metadata"]!["namespace"]!.GetValue<string>().StartsWith("${", StringComparison.Ordinal))
                        written["metadata"]!["namespace"] = stack.Name;
                    return written;
                });
    }

    [Fact]
    public void Environment_objects_have_the_protected_part_of_label()
    {
        var labels = s_platform.Applications.SelectMany(environment =>
            platform
                .Shipped.Stacks[environment.Name.Text]
                .Resources.Where(resource => resource.Type != "helm_release")
                .Select(resource => (Text: $"{resource}", resource.Labels))
                .Concat(
                    platform
                        .Shipped.Stacks[environment.Name.Text]
                        .Manifests.Select(manifest =>
                            (
                                Text: manifest.ToJsonString(),
                                Labels: (IReadOnlyDictionary<string, string>)
                                    manifest["metadata"]!["labels"]!
                                        .AsObject()
                                        .ToDictionary(label => label.Key, label => label.Value!.GetValue<string>())
                            )
                        )
                )
        );
        Assert.All(
            labels,
            one => Assert.True(one.Labels.GetValueOrDefault("app.kubernetes.io/part-of") == s_platform.Project, one.Text)
        );
    }

    [Fact]
    public void Quota_refuses_public_services_outside_system()
    {
        var quotas = platform.Shipped.Resources.Where(resource => resource.Type == "kubernetes_resource_quota_v1").ToList();
        Assert.NotEmpty(quotas);
        var open = quotas
            .Where(quota =>
                new[] { "services.loadbalancers", "services.nodeports" }.Any(kind =>
                    quota.Body["spec"]!["hard"]![kind]?.GetValue<string>() != "0"
                )
            )
            .Select(quota => quota.Address);
        // The system environment needs one load balancer, for the gateway.
        Assert.Equal(["kubernetes_resource_quota_v1.main_quota"], open.Distinct());
        Assert.Equal(
            ["1", "2"],
            new[] { "services.loadbalancers", "services.nodeports" }.Select(kind =>
                System.Resources.Single(resource => resource.Address == "kubernetes_resource_quota_v1.main_quota").Body["spec"]![
                    "hard"
                ]![kind]!.GetValue<string>()
            )
        );
        Assert.All(
            quotas.Where(quota => quota.Stack != s_platform.System.Name.Text),
            quota => Assert.Equal("0", quota.Body["spec"]!["hard"]!["services.loadbalancers"]!.GetValue<string>())
        );
    }
}
