namespace InfraCdktf.Pipeline.Charts;

/// <summary>The annotation of a CRD that names the chart and the version whose CRDs were applied last.</summary>
/// <param name="Chart">The chart's name in its repository.</param>
/// <param name="Version">The chart's version.</param>
public sealed record CrdMark(string Chart, string Version)
{
    /// <summary>The name of the annotation.</summary>
    public const string Annotation = "infra-cdktf/crds-of-chart";

    /// <summary>Reads the value of an annotation; null if it is not a mark.</summary>
    public static CrdMark? Read(string? value) => value?.Split(' ') is [var chart, var version] ? new(chart, version) : null;

    /// <summary>True if this is the mark of an older version of the same chart; false also if the order is not known.</summary>
    public bool IsBefore(CrdMark other) =>
        Chart == other.Chart && Number(Version) is { } mine && Number(other.Version) is { } theirs && mine < theirs;

    /// <summary>The value of the annotation: <c>CHART VERSION</c>.</summary>
    public override string ToString() => $"{Chart} {Version}";

    // "v1.21.1-rc.1+build": the order of pre-releases of one version is not needed.
    private static Version? Number(string version) =>
        System.Version.TryParse(version.TrimStart('v').Split('-', '+')[0], out var number) ? number : null;
}
