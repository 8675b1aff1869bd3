using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Charts;

/// <summary>A planned change of the chart's version of a release whose chart has CRDs that Helm does not upgrade.</summary>
/// <param name="Chart">The release after the change.</param>
/// <param name="Before">The chart that is installed; null if the plan installs the first one.</param>
public sealed record ChartBump(ChartWithCrds Chart, CrdMark? Before)
{
    /// <summary>The changes of a plan.</summary>
    /// <param name="stack">The stack that was planned.</param>
    /// <param name="plan"><c>terraform show -json</c> of the plan.</param>
    public static IReadOnlyList<ChartBump> Of(StackDirectory stack, JsonObject plan) =>
        [
            .. from chart in ChartWithCrds.Of(stack)
            from resource in plan["resource_changes"]?.AsArray() ?? []
            where resource!["address"]!.GetValue<string>() == chart.Address
            let before = Installed(resource["change"]!["before"])
            where before != chart.Mark
            select new ChartBump(chart, before),
        ];

    /// <summary>Requires that the cluster's CRDs are those of the planned versions.</summary>
    /// <param name="stack">The name of the stack, for messages.</param>
    /// <param name="bumps">The changes.</param>
    /// <param name="read">Reads the cluster's CRDs of some API groups.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <returns>What people should know, one sentence each.</returns>
    /// <exception cref="CrdsNotUpgradedException">They are older, or they could not be read: all of them, each with its
    /// command.</exception>
    public static async Task<IReadOnlyList<string>> RequireAsync(
        string stack,
        IReadOnlyList<ChartBump> bumps,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<Crd>>> read,
        CancellationToken cancellation
    )
    {
        var (notes, missing) = (new List<string>(), new List<string>());
        foreach (var bump in bumps)
        {
            var chart = bump.Chart;
            if (bump.Before is not { } before)
                continue;
            var fact = $"{stack}: {chart.Address} goes from {before} to {chart.Mark}, and Helm does not change its CRDs";
            if (chart.Mark.IsBefore(before))
            {
                notes.Add(
                    $"{fact}: those of {before} stay. That is right: older ones could remove fields and versions of stored "
                        + "objects."
                );
                continue;
            }
            try
            {
                var crds = await read(chart.Groups, cancellation);
                var old = crds.Where(crd => !(crd.Mark is { } mark && (mark == chart.Mark || chart.Mark.IsBefore(mark))))
                    .ToList();
                if (crds.Count == 0 || old.Count > 0)
                    missing.Add(
                        $"{fact}: {(crds.Count == 0 ? "the cluster has none" : Older(old, crds.Count))}. Run first:\n"
                            + chart.ApplyCommand
                    );
            }
            catch (PipelineException exception)
            {
                missing.Add(
                    $"{fact}. The cluster could not be asked whether it has the new ones: {exception.Message}\n"
                        + $"When it answers, run first:\n{chart.ApplyCommand}"
                );
            }
        }
        return missing.Count == 0 ? notes : throw new CrdsNotUpgradedException(string.Join("\n\n", missing));
    }

    private static string Older(IReadOnlyList<Crd> old, int all) =>
        $"{old.Count} of the {all} in the cluster are not those of the new version, for example {old[0].Name} ("
        + (old[0].Mark is { } mark ? $"of {mark}" : "as the installation left it")
        + ")";

    private static CrdMark? Installed(JsonNode? before) =>
        (string?)before?["chart"] is { } chart && (string?)before["version"] is { } version ? new(chart, version) : null;
}

/// <summary>A plan changes the version of a chart, and the cluster does not have its CRDs.</summary>
/// <param name="message">Which one, and the command.</param>
public sealed class CrdsNotUpgradedException(string message) : PipelineException(message);
