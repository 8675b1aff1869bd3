using System.CommandLine;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Charts;
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
        var noValues = new Option<bool>("--no-values")
        {
            Description = "Show which attributes change and not their values: for a place that more people read.",
        };
        var markdown = new Option<string?>("--markdown")
        {
            HelpName = "FILE",
            Description = "Write the plan as Markdown to FILE too, for a comment or a summary of a CI service.",
        };
        return context.TerraformVerb(
            "plan",
            "Show what an apply would do: each object with its attributes, and what must not be missed in words.",
            [stacks, skipSynth, noRefresh, noValues, markdown],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var waves = workspace.Waves(parsed.GetValue(stacks)!);
                using var page = parsed.GetValue(markdown) is { } file ? MarkdownFile.Open(file) : null;
                OverrideGate.Require(workspace, output);
                var names = waves.SelectMany(wave => wave).ToList();
                await Needs
                    .Of(workspace, "plan")
                    .Tool(Tool.Terraform)
                    .Synthesis(parsed.GetValue(skipSynth), names)
                    .Buckets()
                    .Keys(names)
                    .RequireAsync();
                var reading = workspace.ForReading(parsed.GetValue(skipSynth));
                var options = new PlanOptions { Lock = false, Refresh = !parsed.GetValue(noRefresh) };
                var planned = new List<(PlanSummary Summary, IReadOnlyList<string> Notes)>();
                foreach (var wave in waves)
                    planned.AddRange(await Wave.RunAsync(wave, stack => SummariseAsync(reading, stack, options, cancellation)));
                if (parsed.GetValue(noValues))
                    planned = [.. planned.Select(stack => (stack.Summary.WithoutValues(), stack.Notes))];
                foreach (var (summary, notes) in planned)
                {
                    PlanView.Write(output, summary);
                    foreach (var note in notes)
                        output.Line(note);
                }
                page?.Write(PlanMarkdown.Of(planned.Select(stack => stack.Summary)));
                output.Json(new { PlanSummary.SchemaVersion, stacks = planned.Select(stack => stack.Summary) });
                return ExitCode.Done;
            }
        );
    }

    /// <summary>
    /// Plans one stack, and returns the plan and what people should know about it. Uses placeholders for values of core if core
    /// was never applied.
    /// </summary>
    internal static async Task<(PlanSummary Summary, IReadOnlyList<string> Notes)> SummariseAsync(
        Workspace workspace,
        string name,
        PlanOptions options,
        CancellationToken cancellation
    )
    {
        var stack = workspace.Stack(name);
        var terraform = workspace.Terraform(stack, Placeholders.Allowed);
        await terraform.InitAsync(cancellation);
        using var file = new SavedPlan();
        await terraform.PlanAsync(options with { File = file.File }, cancellation);
        var plan = await terraform.ShowAsync(file.File, cancellation);
        return (
            PlanSummary.Of(name, plan, KnownSecrets.Of(workspace, stack)),
            await NotesAsync(workspace, stack, plan, cancellation)
        );
    }

    private static async Task<IReadOnlyList<string>> NotesAsync(
        Workspace workspace,
        StackDirectory stack,
        JsonObject plan,
        CancellationToken cancellation
    )
    {
        try
        {
            return await ChartBump.RequireAsync(
                stack.Name,
                ChartBump.Of(stack, plan),
                new ClusterCrds(workspace).ReadAsync,
                cancellation
            );
        }
        catch (CrdsNotUpgradedException exception)
        {
            return [$"{exception.Message}\nWithout that, deploy refuses this plan."];
        }
    }
}
