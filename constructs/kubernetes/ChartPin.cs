namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>A Helm chart at one exact version.</summary>
/// <param name="Name">The chart's name in its repository.</param>
/// <param name="Repository">An https chart repository, or an <c>oci://</c> registry path.</param>
/// <param name="Version">The exact version.</param>
public sealed record ChartPin(string Name, string Repository, string Version)
{
    /// <summary>
    /// The API groups of the CRDs in the chart's <c>crds/</c> folder and in those of its subcharts; empty if it has none. Helm
    /// installs these CRDs once and never upgrades them (helm.sh/docs/chart_best_practices/custom_resource_definitions), so a new
    /// version of the chart begins with <c>charts crds</c>. CRDs in the chart's templates follow an upgrade and are not meant.
    /// </summary>
    public IReadOnlyList<string> CrdGroups { get; init; } = [];
}
