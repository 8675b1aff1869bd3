using System.Globalization;
using System.Text.RegularExpressions;
using InfraCdktf.Environments.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>The cluster: its version and availability, and its pools.</summary>
internal static partial class ClusterCheck
{
    private const int MaxNodes = 10;

    /// <summary>002-k8s asks for 1.28; our admission policies are of admissionregistration.k8s.io/v1, which has them since 1.30.</summary>
    private const int OldestMinor = 30;

    private static readonly string[] TaintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    /// <summary>Prefixes of label keys that belong to Kubernetes and to Linode's controllers.</summary>
    private static readonly string[] ForeignDomains = ["kubernetes.io", "k8s.io", "linode.com"];

    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. Version(platform),
            .. platform is { Tier: ClusterTier.Enterprise, HighAvailability: false }
                ? [ProblemCatalog.HighAvailability.At("highAvailability", "false")]
                : Array.Empty<Problem>(),
            .. platform.Pools.All(pool => pool.Taints.Count > 0)
                ? [ProblemCatalog.NoGeneralPool.At("pools", Invariant($"{platform.Pools.Count} pools, all tainted"))]
                : Array.Empty<Problem>(),
            .. platform.Pools.SelectMany(pool => Pool(pool, $"pools[{pool.Name}]")),
            .. InventoryPath
                .Environments(platform)
                .Where(part => platform.Pools.All(pool => pool.Name != part.Environment.Pool))
                .Select(part =>
                    ProblemCatalog.UnknownPool.At(
                        $"{part.Place}.pool",
                        Quote(part.Environment.Pool),
                        string.Join(", ", platform.Pools.Select(pool => pool.Name).DefaultIfEmpty("none: there is no pool"))
                    )
                ),
        ];

    private static IEnumerable<Problem> Version(PlatformSpec platform)
    {
        var pattern = platform.Tier == ClusterTier.Enterprise ? Exact() : MajorMinor();
        var match = pattern.Match(platform.KubernetesVersion);
        var isNewEnough =
            match.Success
            && (Number(match, "major") > 1 || (Number(match, "major") == 1 && Number(match, "minor") >= OldestMinor));
        if (!isNewEnough)
            yield return ProblemCatalog.KubernetesVersion.At(
                "kubernetesVersion",
                $"{Quote(platform.KubernetesVersion)} on the {Tier(platform)} tier"
            );
    }

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Tier(PlatformSpec platform) => platform.Tier == ClusterTier.Enterprise ? "enterprise" : "standard";

    private static IEnumerable<Problem> Pool(NodePool pool, string place)
    {
        if (!(pool.MinNodes >= 1 && pool.MinNodes <= pool.MaxNodes && pool.MaxNodes <= MaxNodes))
            yield return ProblemCatalog.PoolSize.At(
                $"{place}.minNodes",
                Invariant($"minNodes {pool.MinNodes}, maxNodes {pool.MaxNodes}")
            );
        if (!LinodeFacts.NodePlans.ContainsKey(pool.Type))
            yield return ProblemCatalog.UnknownPlan.At($"{place}.type", Quote(pool.Type));
        foreach (var taint in pool.Taints.Where(taint => !IsTaint(taint)))
            yield return ProblemCatalog.InvalidTaint.At(
                $"{place}.taints[{taint.Key}]",
                Quote($"{taint.Key}={taint.Value}:{taint.Effect}")
            );
        foreach (var (key, value) in pool.Labels.Where(label => !IsOwnLabel(label.Key) || !KubernetesLabel.IsValue(label.Value)))
            yield return ProblemCatalog.InvalidNodeLabel.At($"{place}.labels[{key}]", Quote($"{key}={value}"));
    }

    private static bool IsTaint(Taint taint) =>
        KubernetesLabel.IsKey(taint.Key) && KubernetesLabel.IsValue(taint.Value) && TaintEffects.Contains(taint.Effect);

    private static bool IsOwnLabel(string key)
    {
        var domain = key.Split('/')[0];
        return KubernetesLabel.IsKey(key)
            && key != "pool"
            && !ForeignDomains.Any(foreign => domain == foreign || domain.EndsWith($".{foreign}", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^v(?<major>[0-9]{1,3})\.(?<minor>[0-9]{1,3})\.[0-9]{1,3}\+lke[0-9]{1,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Exact();

    [GeneratedRegex(@"^(?<major>[0-9]{1,3})\.(?<minor>[0-9]{1,3})\z", RegexOptions.CultureInvariant)]
    private static partial Regex MajorMinor();
}
