using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Data;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Namespaces;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>
/// One environment for application teams. The same constructs for every one of them: what makes them different is data of the inventory. No Linode
/// resource: it runs on any cluster.
/// </summary>
public sealed class EnvironmentStack : PlatformStack
{
    /// <summary>Composes the stack, which bears the environment's name.</summary>
    public EnvironmentStack(Construct scope, PlatformSpec platform, EnvironmentSpec environment)
        : base(scope, environment.Name.Text, platform)
    {
        Environment = environment;
        Providers.Kubernetes(this);
        Providers.Helm(this);
        var labels = Labels.Kubernetes(platform, environment);
        // The ids name the part that a namespace plays, not the environment: the stack's name says that.
        foreach (var (id, name) in Spaces(environment))
        {
            var space = new EnvironmentNamespace(
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
                }
            );
            var segment = new SegmentPolicy(
                space,
                "segment",
                new()
                {
                    Namespace = space.Name,
                    Labels = labels,
                    AllowRules = EnvironmentAllowRules.For(platform, environment, name),
                }
            );
            if (EnvironmentAllowRules.CiliumPolicies(platform, environment, name) is { Count: > 0 } cilium)
                _ = new Manifests(
                    space,
                    CiliumPolicy.Release,
                    new()
                    {
                        Name = CiliumPolicy.Release,
                        Namespace = space.Name,
                        Objects = cilium,
                    }
                );
            _ = new AccessProfiles(
                space,
                "access",
                new()
                {
                    Namespace = space.Name,
                    Accounts = environment.AccessNamespace,
                    Labels = labels,
                    Grants = [.. environment.Access.Where(grant => environment.NamespacesOf(grant).Contains(name))],
                }
            );
            if (id == Main)
            {
                Shared(platform, environment, labels, space.Name);
                _ = new Manifests(
                    this,
                    IsolationProbe.Name,
                    new()
                    {
                        Name = IsolationProbe.Name,
                        Namespace = space.Name,
                        Objects = IsolationProbe.Objects(platform, environment),
                        DependsOn = [.. space.Bounds, .. segment.Policies],
                    }
                );
            }
        }
    }

    /// <summary>The environment.</summary>
    public EnvironmentSpec Environment { get; }

    private const string Main = "main";

    private static IEnumerable<(string Id, string Name)> Spaces(EnvironmentSpec environment) =>
        environment
            .Teams.Select(team => ($"team-{team.Name}", environment.NamespaceOf(team)))
            .Prepend((Main, environment.Name.Text));

    // What the environment has once, in the namespace named after it.
    private void Shared(PlatformSpec platform, EnvironmentSpec environment, IReadOnlyDictionary<string, string> labels, string space)
    {
        if (environment.DataStore is { } store)
        {
            _ = new DataStoreEndpoint(
                this,
                "datastore",
                new()
                {
                    Namespace = space,
                    Labels = labels,
                    Host = Variable(CoreOutputs.DataStoreHost(environment), "string", "known-after-core.invalid").StringValue,
                    Port = Fn.Tostring(Variable(CoreOutputs.DataStorePort(environment), "number", 1).NumberValue),
                    DataStore = store,
                }
            );
        }
        _ = new ObservabilityBundle(
            this,
            "observability",
            new()
            {
                Platform = platform,
                Environment = environment,
                Namespace = space,
                Labels = labels,
            }
        );
    }

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
                Description = "Output of core, carried over by the pipeline (outputs/core.json). The default is a placeholder.",
            }
        );
}
