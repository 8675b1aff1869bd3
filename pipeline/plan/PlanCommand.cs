using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Pipeline.Validate;

namespace InfraCdktf.Pipeline.Plan;

/// <summary><c>plan</c>: shows what an apply would do, stack by stack. Writes no state and takes no lock.</summary>
public static class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("plan");
        var skipSynth = CommandContext.SkipSynth();
        var noRefresh = new Option<bool>("--no-refresh")
        {
            Description =
                "Plan against the state only: for credentials that may not read everything (core's refresh reads a kubeconfig).",
        };
        return context.TerraformVerb(
            "plan",
            "Show what an apply would do: addresses and actions, no values.",
            [stacks, skipSynth, noRefresh],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var waves = workspace.Waves(parsed.GetValue(stacks)!);
                OverrideGate.Require(workspace, output);
                var reading = workspace.ForReading(parsed.GetValue(skipSynth));
                var options = new PlanOptions { Lock = false, Refresh = !parsed.GetValue(noRefresh) };
                var summaries = new List<PlanSummary>();
                foreach (var wave in waves)
                    summaries.AddRange(await Wave.RunAsync(wave, stack => SummariseAsync(reading, stack, options, cancellation)));
                foreach (var summary in summaries)
                    PlanView.Write(output, summary);
                output.Json(new { stacks = summaries });
                return ExitCode.Done;
            }
        );
    }

    /// <summary>
    /// Plans one stack and returns the summary. Uses placeholders for values of core if core was never applied.
    /// </summary>
    public static async Task<PlanSummary> SummariseAsync(
        Workspace workspace,
        string stack,
        PlanOptions options,
        CancellationToken cancellation
    )
    {
        var terraform = workspace.Terraform(workspace.Stack(stack), Placeholders.Allowed);
        await terraform.InitAsync(cancellation);
        using var plan = new SavedPlan();
        await terraform.PlanAsync(options with { File = plan.File }, cancellation);
        return PlanSummary.Of(stack, await terraform.ShowAsync(plan.File, cancellation));
    }
}
