using System.Text.Json.Nodes;
using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Helm.Release;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>Input of <see cref="HelmRelease"/>.</summary>
public sealed record HelmReleaseProps
{
    /// <summary>The release's name, unique in its namespace.</summary>
    public required string Name { get; init; }

    /// <summary>An existing namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The chart and its version.</summary>
    public required ChartPin Chart { get; init; }

    /// <summary>The chart's values, written literally: names of Secrets, never their values.</summary>
    public required JsonObject Values { get; init; }

    /// <summary>How long Helm waits until everything is ready, in seconds.</summary>
    public required int TimeoutSeconds { get; init; }

    /// <summary>The resources that must exist before.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];
}

/// <summary>A Helm release of a pinned chart: atomic, with a bounded history and a bounded wait.</summary>
public sealed class HelmRelease : Construct
{
    /// <summary>Creates the release.</summary>
    public HelmRelease(Construct scope, string id, HelmReleaseProps props)
        : base(scope, id)
    {
        var release = new Release(
            this,
            "release",
            new ReleaseConfig
            {
                Name = props.Name,
                Namespace = props.Namespace,
                Chart = props.Chart.Name,
                Repository = props.Chart.Repository,
                Version = props.Chart.Version,
                Values = [TerraformText.Json(props.Values)],
                Atomic = true,
                CleanupOnFail = true,
                Wait = true,
                WaitForJobs = true,
                Timeout = props.TimeoutSeconds,
                MaxHistory = 5,
                DependsOn = props.DependsOn.Count > 0 ? [.. props.DependsOn] : null,
            }
        );
        // A comment of Terraform's JSON: it is in no plan and no state. The commands read it (pipeline/charts).
        if (props.Chart.CrdGroups.Count > 0)
            release.AddOverride("//.crd_groups", props.Chart.CrdGroups.Cast<object>().ToArray());
        Resource = release;
    }

    /// <summary>The resource, for the <c>depends_on</c> of others.</summary>
    public ITerraformDependable Resource { get; }
}
