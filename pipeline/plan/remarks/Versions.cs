using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// Another version of Kubernetes or of a chart. Linode only upgrades Kubernetes (docs/rollback.md), and the provider then
/// recycles all nodes (linode/terraform-provider-linode, linode/lke/resource.go, updateResource).
/// </summary>
internal sealed partial class Versions : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change is not { Before: { } before, After: { } after })
            yield break;
        if (change.Type == "linode_lke_cluster" && Of(before, "k8s_version") is { } old && Of(after, "k8s_version") is { } next)
        {
            if (old != next)
                yield return new(
                    RemarkKind.Fact,
                    IsOlder(next, old)
                        ? "Kubernetes gets an older version, which Linode refuses: a version never goes back."
                        : "Kubernetes is upgraded, and Linode replaces all nodes (recycles them). The version never goes back.",
                    $"{old} → {next}"
                );
        }
        if (
            change.Type == "helm_release"
            && Of(before, "version") is { } was
            && Of(after, "version") is { } wanted
            && was != wanted
        )
            yield return new(
                RemarkKind.Fact,
                $"The chart of the release {change.Name} gets {(IsOlder(wanted, was) ? "an OLDER" : "another")} version. Read "
                    + "its release notes: what it installs may change beyond its values.",
                $"{was} → {wanted}"
            );
    }

    private static string? Of(System.Text.Json.Nodes.JsonObject value, string name) => ResourceChange.Text(value[name]);

    private static bool IsOlder(string one, string other)
    {
        foreach (var (left, right) in Numbers(one).Zip(Numbers(other)))
            if (left != right)
                return left < right;
        return false;
    }

    private static IEnumerable<long> Numbers(string version) =>
        Number().Matches(version).Select(match => long.TryParse(match.Value, out var number) ? number : 0);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
