using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Admission;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Constructs.Namespaces;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Constructs.Secrets;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>
/// The system environment: its namespace, the services that all environments share, admission policies, and the accounts of every
/// environment. It has no Linode resource: it runs on any cluster.
/// </summary>
public sealed class SystemStack : PlatformStack
{
    /// <summary>Composes the stack.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="platform">The inventory, checked.</param>
    /// <param name="environments">The application environments' stacks: a pipeline has rights for the kinds in its stack.</param>
    public SystemStack(Construct scope, PlatformSpec platform, IReadOnlyList<EnvironmentStack> environments)
        : base(scope, platform.System.Name.Text, platform)
    {
        KubernetesProviders.AddTo(this);
        var system = platform.System;
        var labels = Labels.Kubernetes(platform, system);
        var services = SharedServices.For(platform);
        var traffic = SharedServices.Traffic(platform);

        EnvironmentNamespace main = new(
            this,
            "main",
            new()
            {
                Name = system.Name.Text,
                Labels = labels,
                Purpose = system.Purpose,
                PodSecurity = system.PodSecurity,
                Quota = system.Quota,
                Containers = system.Containers,
                LoadBalancers = system.LoadBalancers,
                AllowRules = SystemAllowRules.For(platform, traffic),
                Grants = system.Access,
                Accounts = system.AccessNamespace,
            }
        );
        AgentsNamespace agents = new(
            this,
            "agents",
            new()
            {
                Name = system.AgentsNamespace,
                Labels = labels,
                Quota = system.Quota,
                Containers = system.Containers,
                Accounts = system.AccessNamespace,
            }
        );
        _ = new DefaultNamespace(this, "default", new() { Labels = labels });
        AdmissionPolicies admission = new(
            this,
            "admission-policies",
            new()
            {
                Namespace = main.Name,
                Objects = AdmissionPolicies.Objects(platform),
                DependsOn = main.Bounds,
            }
        );
        SystemAccess.AddTo(
            this,
            new()
            {
                Labels = labels,
                Accounts = system.AccessNamespace,
                CustomResources = [.. services.SelectMany(service => service.CustomResources)],
                Pipelines = [.. environments.Select(Pipeline)],
                Environments = [.. platform.Environments.Select(environment => Accounts(platform, environment))],
                Admission = admission.Resource,
            }
        );
        EncryptedStorage storage = new(this, "storage", new() { VolumeTags = Labels.SharedTags(platform), Labels = labels });
        SecretsPackage secrets = new(
            this,
            "secrets",
            new()
            {
                Namespace = main.Name,
                Labels = labels,
                Secrets = system.Secrets,
            }
        );
        var cilium = SystemAllowRules.CiliumPolicies(platform, traffic) is { Count: > 0 } policies
            ? new CiliumPolicies(
                this,
                ReleaseNames.CiliumPolicies,
                new()
                {
                    Namespace = main.Name,
                    Objects = policies,
                    DependsOn = main.Bounds,
                }
            )
            : null;
        SharedServiceReleases releases = new(
            this,
            new()
            {
                Namespace = main.Name,
                Services = services,
                Bounds = main.Bounds,
                DependsOn =
                [
                    .. main.Bounds,
                    .. main.Policies,
                    .. agents.Bounds,
                    .. storage.Classes,
                    admission.Resource,
                    .. secrets.Secrets,
                    .. cilium is null ? Array.Empty<ITerraformDependable>() : [cilium.Resource],
                ],
            }
        );
        _ = new IsolationProbe(
            this,
            IsolationProbe.Name,
            new()
            {
                Namespace = main.Name,
                Objects = IsolationProbe.Objects(platform, system),
                DependsOn = releases.Prerequisites,
            }
        );
        _ = new SharedObservability(
            this,
            "shared-observability",
            new()
            {
                Namespace = main.Name,
                Objects = SharedObservability.Objects(platform, services),
                DependsOn = releases.Charts,
            }
        );
        _ = new ObservabilityBundle(
            this,
            "observability",
            new()
            {
                Namespace = main.Name,
                Labels = labels,
                Dashboards = [Dashboards.OverviewOf(platform, system), .. services.SelectMany(service => service.Dashboards)],
                Rules = PrometheusRules.Overview(platform, system),
                DependsOn = releases.Charts,
            }
        );
    }

    private static PipelineAccounts Pipeline(EnvironmentStack stack) =>
        new(
            stack.Environment.Name.Text,
            AccountNames.Plan(stack.Environment),
            AccountNames.Apply(stack.Environment),
            StackResourceKinds.Of(stack)
        );

    private static AccessNamespaceProps Accounts(PlatformSpec platform, EnvironmentSpec environment) =>
        new()
        {
            Name = environment.AccessNamespace,
            Environment = environment.Name.Text,
            Containers = environment.Containers,
            Labels = Labels.Kubernetes(platform, environment),
            Accounts = AccountNames.WithRenewal(platform, environment),
            WithoutRenewal = AccountNames.WithoutRenewal(platform, environment),
        };
}
