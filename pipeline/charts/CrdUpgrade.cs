using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Charts;

/// <summary>What the CRDs of a chart's version change in the cluster, and what forbids it.</summary>
/// <param name="Chart">The release.</param>
/// <param name="Crds">The CRDs that would be applied, sorted by name.</param>
/// <param name="Cluster">The CRDs that the cluster has of the chart's groups.</param>
/// <param name="Problems">The reasons to change nothing; empty if it can be applied.</param>
public sealed record CrdUpgrade(
    ChartWithCrds Chart,
    IReadOnlyList<Crd> Crds,
    IReadOnlyList<Crd> Cluster,
    IReadOnlyList<string> Problems
)
{
    /// <summary>The CRDs of the cluster that the chart's version does not have. Nothing deletes them.</summary>
    public IReadOnlyList<Crd> Left => [.. Cluster.Where(there => Crds.All(crd => crd.Name != there.Name))];

    /// <summary>Compares the manifests that <c>helm show crds</c> printed with the cluster.</summary>
    public static CrdUpgrade Of(ChartWithCrds chart, IReadOnlyList<JsonObject> manifests, IReadOnlyList<Crd> cluster)
    {
        var crds = manifests
            .Where(Crd.Is)
            .Select(item => new Crd(item))
            .OrderBy(crd => crd.Name, StringComparer.Ordinal)
            .ToList();
        var problems = new List<string>();
        problems.AddRange(
            manifests
                .Where(item => !Crd.Is(item))
                .Select(item =>
                    $"{item["kind"]} {item["metadata"]?["name"]}: given {item["apiVersion"]}, kind {item["kind"]}; "
                    + "allowed: CustomResourceDefinitions of apiextensions.k8s.io/v1."
                )
        );
        problems.AddRange(
            crds.Where(crd => !chart.Groups.Contains(crd.Group))
                .Select(crd =>
                    $"{crd.Name}: given the API group {crd.Group}; allowed: {string.Join(", ", chart.Groups)}. "
                    + "If the new version of the chart has it, add it to CrdGroups of the chart's pin."
                )
        );
        problems.AddRange(
            crds.GroupBy(crd => crd.Name).Where(group => group.Count() > 1).Select(group => $"{group.Key}: given more than once.")
        );
        foreach (var crd in crds)
        {
            if (cluster.FirstOrDefault(there => there.Name == crd.Name) is not { } there)
                continue;
            var dropped = there.StoredVersions.Except(crd.Versions).ToList();
            if (dropped.Count > 0)
                problems.Add(
                    $"{crd.Name}: has no version {string.Join(", ", dropped)}, in which the cluster may have stored objects "
                        + $"(status.storedVersions: {string.Join(", ", there.StoredVersions)}). Write all objects again in the "
                        + "new version and remove the old one from status.storedVersions (docs/upgrade.md)."
                );
        }
        problems.AddRange(
            cluster
                .Where(there => there.Mark is { } mark && chart.Mark.IsBefore(mark))
                .Select(there => $"{there.Name}: the cluster has that of {there.Mark}, which is newer. Newer CRDs stay.")
        );
        return new(chart, crds, cluster, problems);
    }

    /// <summary>One line for each CRD: what happens to it, and its versions.</summary>
    public IReadOnlyList<string> Lines =>
        [
            .. Crds.Select(crd =>
                Cluster.FirstOrDefault(there => there.Name == crd.Name) is { } there
                    ? $"update  {crd.Name}  {Versions(there, crd)}"
                    : $"create  {crd.Name}  {string.Join(", ", crd.Versions)}"
            ),
            .. Left.Select(there =>
                $"keep    {there.Name}  not in {Chart.Mark}; it stays, because deleting it would delete its objects"
            ),
        ];

    /// <summary>Fails if something forbids it.</summary>
    /// <exception cref="PipelineException">All reasons.</exception>
    public void Require()
    {
        if (Problems.Count > 0)
            throw new PipelineException(
                $"The CRDs of {Chart.Mark} are not applied, and nothing was changed:\n"
                    + string.Concat(Problems.Select(problem => $"- {problem}\n"))
                    + $"The command for this version is:\n{Chart.ApplyCommand}"
            );
    }

    private static string Versions(Crd before, Crd after)
    {
        var (added, removed) = (after.Versions.Except(before.Versions).ToList(), before.Versions.Except(after.Versions).ToList());
        return string.Join(", ", after.Versions)
            + (added.Count > 0 ? $"; added: {string.Join(", ", added)}" : "")
            + (removed.Count > 0 ? $"; removed: {string.Join(", ", removed)}" : "");
    }
}
