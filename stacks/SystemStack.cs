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
    /// <param name="environments">The stacks of the application environments: a pipeline's rights are the kinds in its
    /// stack.</param>
    public SystemStack(Construct scope, PlatformSpec platform, IReadOnlyList<EnvironmentStack> environments)
        : base(scope, platform.System.Name.Text, platform)
    {
        KubernetesProviders.AddTo(this);
        var system = platform.System;
        var labels = Labels.Kubernetes(platform, system);
        var services = SharedServices.For(platform);
        var traffic = SharedServices.Traffic(platform);

        var main = new EnvironmentNamespace(
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
        var agents = new AgentsNamespace(this, "agents", new() { System = system, Labels = labels });
        var admission = new AdmissionPolicies(
            this,
            "admission-policies",
            new()
            {
                Platform = platform,
                Namespace = main.Name,
                DependsOn = main.Bounds,
            }
        ).Resource;
        Access(platform, labels, environments, admission);
        var storage = new EncryptedStorage(this, "storage", new() { VolumeTags = Labels.SharedTags(platform), Labels = labels });
        var secrets = new SecretsPackage(
            this,
            "secrets",
            new()
            {
                Namespace = main.Name,
                Labels = labels,
                Secrets = system.Secrets,
            }
        );

        // Every shared service depends on its namespace with all policies, on storage, and on the Secrets and objects that it
        // needs at its start.
        List<ITerraformDependable> prerequisites =
        [
            .. main.Bounds,
            .. main.Policies,
            .. agents.Bounds,
            .. storage.Classes,
            admission,
            .. secrets.Secrets,
        ];
        if (SystemAllowRules.CiliumPolicies(platform, traffic) is { Count: > 0 } policies)
            prerequisites.Add(
                new CiliumPolicies(
                    this,
                    ReleaseNames.CiliumPolicies,
                    new()
                    {
                        Namespace = main.Name,
                        Policies = policies,
                        DependsOn = main.Bounds,
                    }
                ).Resource
            );
        prerequisites.AddRange(Objects(InstallOrder.BeforeCharts, services, main, main.Bounds));
        _ = new IsolationProbe(
            this,
            IsolationProbe.Name,
            new()
            {
                Platform = platform,
                Environment = system,
                Namespace = main.Name,
                DependsOn = prerequisites,
            }
        );

        var releases = new Dictionary<ServiceName, ITerraformDependable>();
        foreach (var service in services)
            releases[service.Name] = new HelmRelease(
                this,
                service.Name.Text,
                new()
                {
                    Name = service.Name.Text,
                    Namespace = service.Namespace,
                    Chart = service.Chart,
                    Values = service.Values,
                    TimeoutSeconds = service.TimeoutSeconds,
                    DependsOn = [.. prerequisites, .. service.DependsOn.Select(name => releases[name])],
                }
            ).Resource;

        ITerraformDependable[] charts = [.. releases.Values];
        _ = Objects(InstallOrder.AfterCharts, services, main, charts);
        _ = new SharedObservability(
            this,
            "shared-observability",
            new()
            {
                Platform = platform,
                Namespace = main.Name,
                Services = services,
                DependsOn = charts,
            }
        );
        _ = new ObservabilityBundle(
            this,
            "observability",
            new()
            {
                Platform = platform,
                Environment = system,
                Namespace = main.Name,
                Labels = labels,
                Dashboards = [.. services.SelectMany(service => service.Dashboards)],
                DependsOn = charts,
            }
        );
    }

    // The accounts of all environments are here: an environment's own pipeline must not decide who has access to it.
    private void Access(
        PlatformSpec platform,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyList<EnvironmentStack> stacks,
        ITerraformDependable admission
    )
    {
        var system = platform.System;
        _ = new ProfileRoles(
            this,
            "profiles",
            new()
            {
                Labels = labels,
                Accounts = system.AccessNamespace,
                Admission = admission,
            }
        );
        var pipelines = new Construct(this, "pipelines");
        foreach (var stack in stacks)
            _ = new PipelineRoles(
                pipelines,
                stack.Environment.Name.Text,
                new()
                {
                    Environment = stack.Environment,
                    Accounts = system.AccessNamespace,
                    Kinds = StackResourceKinds.Of(stack),
                    Admission = admission,
                    Labels = labels,
                }
            );
        var access = new Construct(this, "access");
        foreach (var environment in platform.Environments)
            _ = new AccessNamespace(
                access,
                environment.Name.Text,
                new()
                {
                    Environment = environment,
                    Labels = Labels.Kubernetes(platform, environment),
                    Accounts = AccountNames.WithRenewal(platform, environment),
                    WithoutRenewal = AccountNames.WithoutRenewal(platform, environment),
                }
            );
    }

    private List<ITerraformDependable> Objects(
        InstallOrder order,
        IReadOnlyList<SharedService> services,
        EnvironmentNamespace main,
        IReadOnlyList<ITerraformDependable> dependsOn
    ) =>
        [
            .. services
                .SelectMany(service => service.Objects)
                .Where(set => set.Order == order && set.Objects.Count > 0)
                .Select(set =>
                    new Manifests(
                        this,
                        set.Release,
                        new()
                        {
                            Name = set.Release,
                            Namespace = main.Name,
                            Objects = set.Objects,
                            DependsOn = dependsOn,
                        }
                    ).Resource
                ),
        ];
}
