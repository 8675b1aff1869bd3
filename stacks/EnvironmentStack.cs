using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Data;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Namespaces;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>
/// One environment for application teams. All of them have the same constructs: their differences are values of the inventory. It
/// has no Linode resource: it runs on any cluster.
/// </summary>
public sealed class EnvironmentStack : PlatformStack
{
    /// <summary>Composes the stack, which has the environment's name.</summary>
    public EnvironmentStack(Construct scope, PlatformSpec platform, ApplicationEnvironmentSpec environment)
        : base(scope, environment.Name.Text, platform)
    {
        Environment = environment;
        KubernetesProviders.AddTo(this);
        var labels = Labels.Kubernetes(platform, environment);
        var sharedServices = SystemAllowRules.InEnvironments(platform, SharedServices.Traffic(platform));

        // Ids contain the role of a namespace, not the environment: the stack has the environment's name.
        var main = Namespace("main", environment.Name.Text);
        foreach (var team in environment.Teams)
            _ = Namespace($"team-{team.Name}", environment.NamespaceOf(team));

        if (environment.DataStore is { } store)
            _ = new DataStoreEndpoint(
                this,
                "datastore",
                new()
                {
                    Namespace = main.Name,
                    Labels = labels,
                    Host = Variable(CoreOutputs.DataStoreHost(environment), "string", "known-after-core.invalid").StringValue,
                    Port = Fn.Tostring(Variable(CoreOutputs.DataStorePort(environment), "number", 1).NumberValue),
                    DataStore = store,
                    ConfigMapRights = main.ConfigMapRights,
                }
            );
        _ = new ObservabilityBundle(
            this,
            "observability",
            new()
            {
                Namespace = main.Name,
                Labels = labels,
                Dashboards = [Dashboards.OverviewOf(platform, environment)],
                Rules = PrometheusRules.Overview(platform, environment),
                ConfigMapRights = main.ConfigMapRights,
            }
        );
        _ = new IsolationProbe(
            this,
            IsolationProbe.Name,
            new()
            {
                Namespace = main.Name,
                Objects = IsolationProbe.Objects(platform, environment),
                DependsOn = [.. main.Bounds, .. main.Policies, .. main.ConfigMapRights],
            }
        );

        EnvironmentNamespace Namespace(string id, string name)
        {
            var made = new EnvironmentNamespace(
                this,
                id,
                new()
                {
                    Name = name,
                    Labels = labels,
                    Purpose = environment.Purpose,
                    PodSecurity = environment.PodSecurity,
                    Quota = environment.Quota,
                    Containers = environment.Containers,
                    AllowRules = EnvironmentAllowRules.For(platform, environment, name, sharedServices),
                    Grants = [.. environment.Access.Where(grant => environment.NamespacesOf(grant).Contains(name))],
                    Accounts = environment.AccessNamespace,
                    Pipeline = new(
                        AccountNames.Plan(environment),
                        AccountNames.Apply(environment),
                        platform.System.AccessNamespace
                    ),
                }
            );
            if (EnvironmentAllowRules.CiliumPolicies(platform, environment, name) is { Count: > 0 } policies)
                _ = new CiliumPolicies(
                    made,
                    ReleaseNames.CiliumPolicies,
                    new()
                    {
                        Namespace = made.Name,
                        Objects = policies,
                        DependsOn = made.ConfigMapRights,
                    }
                );
            return made;
        }
    }

    /// <summary>The environment.</summary>
    public ApplicationEnvironmentSpec Environment { get; }

    // The default is a placeholder, so that a plan works on a clean checkout; deploy refuses it.
    private TerraformVariable Variable(string name, string type, object placeholder) =>
        new(
            this,
            name,
            new TerraformVariableConfig
            {
                Type = type,
                Default = placeholder,
                Nullable = false,
                Description = StackNames.CoreOutput,
            }
        );
}
