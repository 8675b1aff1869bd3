using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Services;

namespace InfraCdktf.Stacks;

/// <summary>Input of <see cref="SharedServiceReleases"/>.</summary>
internal sealed record SharedServiceReleasesProps
{
    /// <summary>The namespace of the release records of the services' own objects.</summary>
    public required string Namespace { get; init; }

    /// <summary>The services, each after those that it depends on.</summary>
    public required IReadOnlyList<SharedService> Services { get; init; }

    /// <summary>The quota and the limit range of the namespace, for objects that exist before the charts.</summary>
    public required IReadOnlyList<ITerraformDependable> Bounds { get; init; }

    /// <summary>The resources that must exist before every chart.</summary>
    public required IReadOnlyList<ITerraformDependable> DependsOn { get; init; }
}

/// <summary>The Helm releases of all shared services, and the objects that each has before and after its chart.</summary>
internal sealed class SharedServiceReleases
{
    private readonly SystemStack _stack;

    /// <summary>
    /// Adds the releases directly below the stack: a construct in between would be a part of every address.
    /// </summary>
    public SharedServiceReleases(SystemStack stack, SharedServiceReleasesProps props)
    {
        _stack = stack;
        Prerequisites = [.. props.DependsOn, .. Objects(InstallOrder.BeforeCharts, props, props.Bounds)];
        var releases = new Dictionary<ServiceName, ITerraformDependable>();
        foreach (var service in props.Services)
            releases[service.Name] = new HelmRelease(
                _stack,
                service.Name.Text,
                new()
                {
                    Name = service.Name.Text,
                    Namespace = service.Namespace,
                    Chart = service.Chart,
                    Values = service.Values,
                    TimeoutSeconds = service.TimeoutSeconds,
                    DependsOn = [.. Prerequisites, .. service.DependsOn.Select(name => releases[name])],
                }
            ).Resource;
        Charts = [.. releases.Values];
        _ = Objects(InstallOrder.AfterCharts, props, Charts);
    }

    /// <summary>The resources that existed before the charts, for the <c>depends_on</c> of other workloads.</summary>
    public IReadOnlyList<ITerraformDependable> Prerequisites { get; }

    /// <summary>The charts, for the <c>depends_on</c> of custom resources.</summary>
    public IReadOnlyList<ITerraformDependable> Charts { get; }

    private List<ITerraformDependable> Objects(
        InstallOrder order,
        SharedServiceReleasesProps props,
        IReadOnlyList<ITerraformDependable> dependsOn
    ) =>
        [
            .. props
                .Services.SelectMany(service => service.Objects)
                .Where(set => set.Order == order && set.Objects.Count > 0)
                .Select(set =>
                    new Manifests(
                        _stack,
                        set.Release,
                        new()
                        {
                            Name = set.Release,
                            Namespace = props.Namespace,
                            Objects = set.Objects,
                            DependsOn = dependsOn,
                        }
                    ).Resource
                ),
        ];
}
