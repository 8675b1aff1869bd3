using System.CommandLine;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Drift;

/// <summary><c>drift</c>: compares the real resources with the code. Changes nothing, <c>cdktf.out</c> included.</summary>
public static class DriftCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("compare");
        var skipSynth = CommandContext.SkipSynth();
        return context.TerraformVerb(
            "drift",
            "Compare the real resources with the code; exit 2 if something differs.",
            [stacks, skipSynth],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var waves = workspace.Waves(parsed.GetValue(stacks)!);
                var names = waves.SelectMany(wave => wave).ToList();
                await Needs
                    .Of(workspace, "drift")
                    .Tool(Tool.Terraform)
                    .Synthesis(parsed.GetValue(skipSynth), names)
                    .Buckets()
                    .Keys(names)
                    .Providers(names)
                    .RequireAsync();
                var reading = workspace.ForReading(parsed.GetValue(skipSynth));
                var summaries = new List<PlanSummary>();
                foreach (var wave in waves)
                    summaries.AddRange(await Wave.RunAsync(wave, stack => CompareAsync(reading, stack, cancellation)));
                foreach (var summary in summaries)
                    PlanView.Write(output, summary);
                output.Json(
                    new
                    {
                        PlanSummary.SchemaVersion,
                        stacks = summaries.Select(summary => new
                        {
                            summary.Name,
                            Drifted = !summary.IsEmpty,
                            summary.Changes,
                            summary.Outputs,
                            summary.OutputChanges,
                        }),
                    }
                );
                return summaries.All(summary => summary.IsEmpty) ? ExitCode.Done : ExitCode.Differs;
            }
        );
    }

    private static async Task<PlanSummary> CompareAsync(Workspace workspace, string stack, CancellationToken cancellation)
    {
        var directory = workspace.Stack(stack);
        var terraform = workspace.Terraform(directory, Placeholders.ForSecrets);
        // Terraform's own messages about a wrong key or a damaged state do not say what to do.
        await StateProtections.RequireAsync(workspace, stack, cancellation);
        await terraform.InitAsync(cancellation);
        // Without a state core has no outputs. The file may have been copied from the machine that deployed core.
        if (stack == StackNames.Core && await terraform.OutputsAsync(cancellation) is { Count: > 0 } outputs)
            workspace.Outputs.Write(outputs);
        using var plan = new SavedPlan();
        return (await terraform.PlanAsync(new() { Lock = false, File = plan.File }, cancellation)).Differs
            ? PlanSummary.Of(stack, await terraform.ShowAsync(plan.File, cancellation), KnownSecrets.Of(workspace, directory))
            : new(stack, [], 0);
    }
}
