using Constructs;
using HashiCorp.Cdktf;
using ReleaseResource = HashiCorp.Cdktf.Providers.Helm.Release.Release;
using ReleaseResourceConfig = HashiCorp.Cdktf.Providers.Helm.Release.ReleaseConfig;

namespace InfraCdktf.Constructs.Platform;

/// <summary>What <see cref="Release"/> needs.</summary>
public sealed record ReleaseProps
{
    /// <summary>What is installed.</summary>
    public required SharedService Service { get; init; }

    /// <summary>What must be there before.</summary>
    public IReadOnlyList<ITerraformDependable> After { get; init; } = [];
}

/// <summary>A Helm release of a pinned chart: all or nothing, with a bounded history and a bounded wait.</summary>
public sealed class Release : Construct
{
    /// <summary>Makes the release.</summary>
    public Release(Construct scope, string id, ReleaseProps props)
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
                Values = [Literal.Json(service.Values)],
                Atomic = true,
                CleanupOnFail = true,
                Wait = true,
                WaitForJobs = true,
                Timeout = service.TimeoutSeconds,
                MaxHistory = 5,
                DependsOn = props.After.Count > 0 ? [.. props.After] : null,
            }
        );
    }

    /// <summary>The resource, for others to wait for.</summary>
    public ITerraformDependable Resource { get; }
}
