using System.CommandLine;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Pipeline.Validate;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary><c>deploy</c>: plans and applies stacks, wave by wave.</summary>
public static class DeployCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("deploy");
        var skipSynth = CommandContext.SkipSynth();
        var yes = new Option<bool>("--yes")
        {
            Description = "Approve every plan; without it the command asks at the terminal before each wave.",
        };
        return context.TerraformVerb(
            "deploy",
            "Plan, show the plan, and after approval apply exactly that plan and archive the state; wave by wave.",
            [stacks, skipSynth, yes],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var waves = workspace.Waves(parsed.GetValue(stacks)!);
                var approval = new Approval(output, parsed.GetValue(yes));
                approval.RequireSomebody();
                OverrideGate.Require(workspace, output);
                var names = waves.SelectMany(wave => wave).ToList();
                await Needs
                    .Of(workspace, "deploy")
                    .Tool(Tool.Terraform)
                    .Synthesis(parsed.GetValue(skipSynth), names)
                    .Buckets()
                    .Keys(names)
                    .Providers(names)
                    .Secrets(names)
                    .RequireAsync();
                if (!parsed.GetValue(skipSynth))
                    workspace.Synthesize(workspace.Platform, workspace.Output);
                await Needs.Of(workspace, "deploy").Values(names).RequireAsync();
                using var archiver = StackArchiver.Open(workspace, output.Line);
                var done = new List<StackResult>();
                var progress = new DeployProgress(waves);
                output.Partial = () => progress.Partial;
                try
                {
                    foreach (var wave in waves)
                    {
                        progress.Begin(wave);
                        if (
                            await DeployWaveAsync(
                                workspace,
                                archiver,
                                wave,
                                approval,
                                parsed.GetValue(yes),
                                output,
                                progress.End,
                                cancellation
                            )
                            is not { } results
                        )
                        {
                            output.Line($"Not approved: {string.Join(", ", wave)} and all later stacks are unchanged.");
                            return ExitCode.Failed;
                        }
                        done.AddRange(results);
                    }
                }
                catch when (progress.IsOfSeveral)
                {
                    output.Line(progress.ToString());
                    throw;
                }
                output.Line($"Next: \"{Next(workspace, names)}\".");
                output.Json(new { stacks = done });
                return ExitCode.Done;
            }
        );
    }

    // The wave after the last one that was deployed; after the last wave the comparison with the real resources.
    private static string Next(Workspace workspace, List<string> deployed)
    {
        var later = workspace.Waves([]).SkipWhile(wave => !wave.Contains(deployed[^1])).Skip(1).FirstOrDefault();
        return later is null ? "drift" : $"deploy {string.Join(' ', later)}";
    }

    /// <summary>Deploys the stacks of one wave in parallel; null if the wave was not approved.</summary>
    internal static async Task<IReadOnlyList<StackResult>?> DeployWaveAsync(
        Workspace workspace,
        StackArchiver archiver,
        IReadOnlyList<string> wave,
        Approval approval,
        bool isApproved,
        CommandOutput output,
        Action<StackResult> ended,
        CancellationToken cancellation
    )
    {
        var runs = new List<StackRun>();
        try
        {
            foreach (var stack in wave)
                await BeforePlan.CheckAsync(workspace, stack, isApproved ? null : approval, output, cancellation);
            foreach (var stack in wave)
                runs.Add(new(workspace, archiver, workspace.Stack(stack), new()));
            await Wave.RunAsync(runs, run => run.PlanAsync(cancellation));
            foreach (var run in runs)
            {
                PlanView.Write(output, run.Summary);
                foreach (var note in run.Notes)
                    output.Line(note);
            }
            if (
                runs.Any(run => !run.Summary.IsEmpty)
                && !await approval.AskAsync(
                    $"{PlanSummary.Ends(runs.Select(run => run.Summary))} Apply {string.Join(", ", wave)}?",
                    cancellation
                )
            )
                return null;
            return await Wave.RunAsync(
                runs,
                async run =>
                {
                    var result = await run.ApplyAsync(output, cancellation);
                    ended(result);
                    return result;
                }
            );
        }
        finally
        {
            foreach (var run in runs)
                run.Dispose();
        }
    }
}
