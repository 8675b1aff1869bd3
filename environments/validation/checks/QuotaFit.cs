using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Compares the resources that a set of pods needs with a quota.</summary>
internal static class QuotaFit
{
    /// <summary>A problem for each resource of which the quota has less than is needed.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="needed">The needed resources.</param>
    /// <param name="kind">The kind of problem.</param>
    /// <param name="pods">The pods that need them, in words.</param>
    public static IEnumerable<Problem> Problems(InventoryValue<Quota> quota, ResourceTotals needed, ProblemKind kind, string pods)
    {
        var available = ResourceTotals.Of(quota.Value);
        return
        [
            .. Fits(quota.Of(one => one.Pods).Path, Amount.Count(needed.Pods, "pods"), Amount.Count(available.Pods, "")),
            .. Fits(
                quota.Of(one => one.RequestsCpu).Path,
                Amount.Count(needed.RequestsCpu, "CPUs requested"),
                Amount.Count(available.RequestsCpu, "")
            ),
            .. Fits(
                quota.Of(one => one.RequestsMemory).Path,
                Amount.Memory(needed.RequestsMemory, "of memory requested"),
                Amount.Memory(available.RequestsMemory, "")
            ),
            .. Fits(
                quota.Of(one => one.LimitsCpu).Path,
                Amount.Count(needed.LimitsCpu, "CPUs as limits"),
                Amount.Count(available.LimitsCpu, "")
            ),
            .. Fits(
                quota.Of(one => one.LimitsMemory).Path,
                Amount.Memory(needed.LimitsMemory, "of memory as limits"),
                Amount.Memory(available.LimitsMemory, "")
            ),
        ];

        IEnumerable<Problem> Fits(InventoryPath path, Amount least, Amount given)
        {
            if (least.Value > given.Value)
                yield return kind.At(path, $"{given}", $"at least {least}: {pods}");
        }
    }
}
