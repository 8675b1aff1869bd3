using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Services;
using ReleaseResource = HashiCorp.Cdktf.Providers.Helm.Release.Release;
using ReleaseResourceConfig = HashiCorp.Cdktf.Providers.Helm.Release.ReleaseConfig;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>What <see cref="HelmRelease"/> needs.</summary>
public sealed record HelmReleaseProps
{
    /// <summary>What is installed.</summary>
    public required SharedService Service { get; init; }

    /// <summary>What must be there before.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];
}

/// <summary>A Helm release of a pinned chart: all or nothing, with a bounded history and a bounded wait.</summary>
public sealed class HelmRelease : Construct
{
    /// <summary>Makes the release.</summary>
    public HelmRelease(Construct scope, string id, HelmReleaseProps props)
        : base(scope, id)
    {
        var service = props.Service;
        Resource = new ReleaseResource(
            this,
            "release",
            new ReleaseResourceConfig
            {
                Name = service.Name,
                Namespace = service.Namespace,
                Chart = service.Chart.Name,
                Repository = service.Chart.Repository,
                Version = service.Chart.Version,
                Values = [TerraformText.Json(service.Values)],
                Atomic = true,
                CleanupOnFail = true,
                Wait = true,
                WaitForJobs = true,
                Timeout = service.TimeoutSeconds,
                MaxHistory = 5,
                DependsOn = props.DependsOn.Count > 0 ? [.. props.DependsOn] : null,
            }
        );
    }

    /// <summary>The resource, for others to wait for.</summary>
    public ITerraformDependable Resource { get; }
}
