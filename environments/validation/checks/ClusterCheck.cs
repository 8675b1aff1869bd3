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

    /// <summary>The admission policies use admissionregistration.k8s.io/v1, which has them since Kubernetes 1.30.</summary>
    private const int OldestMinor = 30;

    private static readonly string[] TaintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    /// <summary>Prefixes of label keys that belong to Kubernetes and to Linode's controllers.</summary>
    private static readonly string[] ForeignDomains = ["kubernetes.io", "k8s.io", "linode.com"];

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        [
            .. Version(inventory),
            .. Availability(inventory),
            .. GeneralPool(inventory),
            .. inventory.Pools().SelectMany(Pool),
            .. UnknownPools(inventory),
        ];

    private static IEnumerable<Problem> Version(InventoryValue<PlatformSpec> inventory)
    {
        var platform = inventory.Value;
        var pattern = platform.Tier == ClusterTier.Enterprise ? Exact() : MajorMinor();
        var match = pattern.Match(platform.KubernetesVersion);
        var isNewEnough =
            match.Success
            && (Number(match, "major") > 1 || (Number(match, "major") == 1 && Number(match, "minor") >= OldestMinor));
        if (!isNewEnough)
            yield return ProblemCatalog.KubernetesVersion.At(
                inventory.Of(one => one.KubernetesVersion).Path,
                $"{Quote(platform.KubernetesVersion)} on the {Tier(platform)} tier"
            );
    }

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Tier(PlatformSpec platform) => platform.Tier == ClusterTier.Enterprise ? "enterprise" : "standard";

    private static IEnumerable<Problem> Availability(InventoryValue<PlatformSpec> inventory)
    {
        if (inventory.Value is { Tier: ClusterTier.Enterprise, HighAvailability: false })
            yield return ProblemCatalog.HighAvailability.At(inventory.Of(platform => platform.HighAvailability).Path, "false");
    }

    private static IEnumerable<Problem> GeneralPool(InventoryValue<PlatformSpec> inventory)
    {
        var pools = inventory.Of(platform => platform.Pools);
        if (pools.Value.All(pool => pool.Taints.Count > 0))
            yield return ProblemCatalog.NoGeneralPool.At(pools.Path, Invariant($"{pools.Value.Count} pools, all tainted"));
    }

    private static IEnumerable<Problem> UnknownPools(InventoryValue<PlatformSpec> inventory)
    {
        var names = inventory.Value.Pools.Select(pool => pool.Name).ToList();
        return inventory
            .Environments()
            .Select(environment => environment.Of(spec => spec.Pool))
            .Where(pool => !names.Contains(pool.Value))
            .Select(pool =>
                ProblemCatalog.UnknownPool.At(
                    pool.Path,
                    Quote(pool.Value),
                    string.Join(", ", names.DefaultIfEmpty("none: there is no pool"))
                )
            );
    }

    private static IEnumerable<Problem> Pool(InventoryValue<NodePool> pool)
    {
        var spec = pool.Value;
        if (!(spec.MinNodes >= 1 && spec.MinNodes <= spec.MaxNodes && spec.MaxNodes <= MaxNodes))
            yield return ProblemCatalog.PoolSize.At(
                pool.Of(one => one.MinNodes).Path,
                Invariant($"minNodes {spec.MinNodes}, maxNodes {spec.MaxNodes}")
            );
        if (!LinodeFacts.NodePlans.ContainsKey(spec.Type))
            yield return ProblemCatalog.UnknownPlan.At(pool.Of(one => one.Type).Path, Quote(spec.Type));
        foreach (var taint in pool.Each(one => one.Taints, taint => taint.Key).Where(taint => !IsTaint(taint.Value)))
            yield return ProblemCatalog.InvalidTaint.At(
                taint.Path,
                Quote($"{taint.Value.Key}={taint.Value.Value}:{taint.Value.Effect}")
            );
        // Kubernetes: "taints must be unique by key and effect pair". The node would not register.
        foreach (
            var taint in pool.Each(one => one.Taints, taint => taint.Key)
                .GroupBy(taint => (taint.Value.Key, taint.Value.Effect))
                .SelectMany(same => same.Skip(1).Take(1))
        )
            yield return ProblemCatalog.InvalidTaint.At(
                taint.Path,
                $"{Quote($"{taint.Value.Key}:{taint.Value.Effect}")} more than once"
            );
        foreach (var (key, value) in spec.Labels.Where(label => !IsOwnLabel(label.Key) || !KubernetesLabel.IsValue(label.Value)))
            yield return ProblemCatalog.InvalidNodeLabel.At(pool.Of(one => one.Labels).Path.Item(key), Quote($"{key}={value}"));
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
