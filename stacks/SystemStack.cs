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
/// The system environment: a namespace like any other, bounded and segmented, with the services that all environments share, and what is defined once
/// for the whole cluster (access profiles, storage classes). No Linode resource: it runs on any cluster.
/// </summary>
public sealed class SystemStack : PlatformStack
{
    private readonly IReadOnlyDictionary<string, string> _labels;

    /// <summary>Composes the stack.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="platform">The inventory, checked.</param>
    /// <param name="environments">The stacks of the application environments: what each contains is what its pipeline may write.</param>
    public SystemStack(Construct scope, PlatformSpec platform, IReadOnlyList<EnvironmentStack> environments)
        : base(scope, platform.System.Name.Text, platform)
    {
        Providers.Kubernetes(this);
        Providers.Helm(this);
        EnvironmentSpec environment = platform.System;
        _labels = Labels.Kubernetes(platform, environment);

        var space = Namespace("main", environment.Name.Text, environment.Purpose, environment.PodSecurity, environment.Quota, []);
        var segment = Segmented(space, SystemAllowRules.For(platform));
        var agents = Agents(environment);
        var admission = Objects("admission-policies", space, AdmissionPolicies.Objects(platform), space.Bounds).Resource;
        Access(space, environments, admission);
        var storage = new EncryptedStorage(this, "storage", new() { Platform = platform, Labels = _labels });

        // What every shared service waits for: its namespace with its walls, storage and the Secrets it starts with.
        List<ITerraformDependable> ground =
        [
            .. space.Bounds,
            .. segment.Policies,
            .. agents.Bounds,
            .. storage.Classes,
            admission,
        ];
        // A room of their own: their names are the inventory's, and must not meet an id of ours.
        var secrets = new Construct(this, "secrets");
        foreach (var secret in environment.Secrets)
        {
            var made = new BootstrapSecret(
                secrets,
                secret.Name,
                new()
                {
                    Namespace = space.Name,
                    Labels = _labels,
                    Spec = secret,
                }
            );
            ground.Add(made.Secret);
        }
        if (SystemAllowRules.CiliumPolicies(platform) is { Count: > 0 } cilium)
            ground.Add(Objects(CiliumPolicy.Release, space, cilium, space.Bounds).Resource);
        ground.Add(Objects("grafana-access", space, GrafanaAccess.For(platform), space.Bounds).Resource);

        _ = Objects(
            IsolationProbe.Name,
            space,
            [.. IsolationProbe.Objects(platform, environment), .. IsolationProbe.Neighbours(platform)],
            ground
        );

        var releases = new Dictionary<string, ITerraformDependable>();
        foreach (var service in SharedServices.For(platform))
        {
            releases[service.Name] = new HelmRelease(
                this,
                service.Name,
                new() { Service = service, DependsOn = [.. ground, .. service.DependsOn.Select(name => releases[name])] }
            ).Resource;
        }
        ITerraformDependable[] all = [.. releases.Values];
        if (SharedGateway.Objects(platform) is { Count: > 0 } gateway)
            _ = Objects("shared-gateway", space, gateway, all);
        _ = Objects(
            "shared-observability",
            space,
            [.. Monitors.For(platform), PrometheusRules.Shared(platform), PrometheusRules.Access(platform)],
            all
        );
        _ = new ObservabilityBundle(
            this,
            "observability",
            new()
            {
                Platform = platform,
                Environment = environment,
                Namespace = space.Name,
                Labels = _labels,
                DependsOn = all,
            }
        );
    }

    // Agents that need the node itself (node-exporter) can never run under "restricted". They get a namespace of their own where nothing
    // but DaemonSets can make pods.
    private EnvironmentNamespace Agents(EnvironmentSpec environment)
    {
        var agents = Namespace(
            "agents",
            SharedServices.AgentsNamespace(Platform),
            "Agents that need the node: DaemonSets of the platform only.",
            PodSecurityLevel.Privileged,
            environment.Quota with
            {
                LoadBalancers = 0,
            },
            new()
            {
                ["count/deployments.apps"] = 0,
                ["count/statefulsets.apps"] = 0,
                ["count/jobs.batch"] = 0,
                ["count/cronjobs.batch"] = 0,
            }
        );
        _ = Segmented(agents, AllowRules.None.AllowDns());
        return agents;
    }

    private EnvironmentNamespace Namespace(
        string id,
        string name,
        string purpose,
        PodSecurityLevel level,
        Quota quota,
        Dictionary<string, int> counts
    ) =>
        new(
            this,
            id,
            new()
            {
                Name = name,
                Labels = _labels,
                Purpose = purpose,
                PodSecurity = level,
                Quota = quota,
                Containers = Platform.System.Containers,
                Counts = counts,
            }
        );

    private SegmentPolicy Segmented(EnvironmentNamespace space, AllowRules segment) =>
        new(
            space,
            "segment",
            new()
            {
                Namespace = space.Name,
                Labels = _labels,
                AllowRules = segment,
            }
        );

    // All accounts are here, those of the other environments too: who may enter an environment is nothing that its own pipeline decides.
    private void Access(EnvironmentNamespace space, IReadOnlyList<EnvironmentStack> stacks, ITerraformDependable admission)
    {
        EnvironmentSpec system = Platform.System;
        _ = new ProfileRoles(
            this,
            "profiles",
            new()
            {
                Labels = _labels,
                Accounts = system.AccessNamespace,
                Admission = admission,
            }
        );
        var pipelines = new Construct(this, "pipelines");
        foreach (var stack in stacks)
        {
            _ = new PipelineRoles(
                pipelines,
                stack.Environment.Name.Text,
                new()
                {
                    Environment = stack.Environment,
                    Accounts = system.AccessNamespace,
                    Kinds = StackResourceKinds.Of(stack),
                    Admission = admission,
                    Labels = _labels,
                }
            );
        }
        var access = new Construct(this, "access");
        foreach (EnvironmentSpec environment in Platform.Environments)
        {
            string[] people = [.. environment.Access.Select(grant => grant.Name)];
            _ = new AccessNamespace(
                access,
                environment.Name.Text,
                new()
                {
                    Environment = environment,
                    Labels = Labels.Kubernetes(Platform, environment),
                    Accounts = environment == system ? [.. people, .. Pipelines()] : people,
                    Sealed = environment == system ? [AccountNames.BreakGlass] : [],
                }
            );
        }
        _ = new AccessProfiles(
            space,
            "access",
            new()
            {
                Namespace = space.Name,
                Accounts = system.AccessNamespace,
                Labels = _labels,
                Grants = system.Access,
            }
        );
    }

    private IEnumerable<string> Pipelines() =>
        Platform.Applications.SelectMany(environment => new[] { AccountNames.Plan(environment), AccountNames.Apply(environment) });

    private Manifests Objects(
        string name,
        EnvironmentNamespace space,
        IReadOnlyList<System.Text.Json.Nodes.JsonObject> objects,
        IReadOnlyList<ITerraformDependable> after
    ) =>
        new(
            this,
            name,
            new()
            {
                Name = name,
                Namespace = space.Name,
                Objects = objects,
                DependsOn = after,
            }
        );
}
