using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Charts;

/// <summary>
/// A Helm release of a stack whose chart has CRDs in a <c>crds/</c> folder. Helm installs them once and never upgrades them.
/// </summary>
/// <param name="Address">Its address in the stack.</param>
/// <param name="Release">The release's name.</param>
/// <param name="Chart">The chart's name in its repository.</param>
/// <param name="Repository">An https chart repository, or an <c>oci://</c> registry path.</param>
/// <param name="Version">The version of the chart in the configuration.</param>
/// <param name="Groups">The API groups of its CRDs.</param>
public sealed record ChartWithCrds(
    string Address,
    string Release,
    string Chart,
    string Repository,
    string Version,
    IReadOnlyList<string> Groups
)
{
    private const string Type = "helm_release";

    /// <summary>The mark of a CRD as that of this chart's version.</summary>
    public CrdMark Mark => new(Chart, Version);

    /// <summary>The shell command that shows what the CRDs of this chart's version would change in the cluster.</summary>
    public string Command =>
        (
            Repository.StartsWith("oci://", StringComparison.Ordinal)
                ? $"helm show crds {Repository}/{Chart} --version {Version}"
                : $"helm show crds {Chart} --repo {Repository} --version {Version}"
        ) + $" | ./infra charts crds {Release}";

    /// <summary>The shell command that applies them.</summary>
    public string ApplyCommand => $"{Command} --yes";

    /// <summary>The releases of a stack whose charts have such CRDs. Synthesis writes their groups beside the release.</summary>
    public static IReadOnlyList<ChartWithCrds> Of(StackDirectory stack) =>
        [.. (stack.Configuration["resource"]?[Type]?.AsObject() ?? []).Select(Read).OfType<ChartWithCrds>()];

    private static ChartWithCrds? Read(KeyValuePair<string, JsonNode?> release)
    {
        var body = release.Value!.AsObject();
        return body["//"]?["crd_groups"] is JsonArray groups
            ? new(
                $"{Type}.{release.Key}",
                body["name"]!.GetValue<string>(),
                body["chart"]!.GetValue<string>(),
                body["repository"]!.GetValue<string>(),
                body["version"]!.GetValue<string>(),
                [.. groups.Select(group => group!.GetValue<string>())]
            )
            : null;
    }
}
