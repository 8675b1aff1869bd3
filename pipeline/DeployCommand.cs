using System.CommandLine;
using System.Diagnostics;
using InfraCdktf.Stacks;

namespace InfraCdktf.Pipeline;

/// <summary><c>deploy</c>: plans and applies, wave by wave.</summary>
public static class DeployCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("deploy");
        var skipSynth = CommandContext.SkipSynth();
        var yes = new Option<bool>("--yes")
        {
            Description = "Approve every plan; without it a person at a terminal is asked before each wave.",
        };
        return context.Verb(
            "deploy",
            "Plan, show the plan, and after approval apply exactly that plan; wave by wave.",
            [stacks, skipSynth, yes],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var waves = workspace.Waves(parsed.GetValue(stacks)!);
                var approval = new Approval(output, parsed.GetValue(yes));
                approval.RequireSomebody();
                if (!parsed.GetValue(skipSynth))
                    workspace.Synthesize(workspace.Platform, workspace.Output);
                var done = new List<object>();
                foreach (var wave in waves)
                {
                    if (await DeployWaveAsync(workspace, wave, approval, output, cancellation) is not { } results)
                    {
                        output.Line($"Not approved: {string.Join(", ", wave)} and what comes after are as they were.");
                        return ExitCode.Failed;
                    }
                    done.AddRange(results);
                }
                output.Json(new { stacks = done });
                return ExitCode.Done;
            }
        );
    }

    /// <summary>Deploys the stacks of one wave side by side; null when nobody approved.</summary>
    private static async Task<IReadOnlyList<object>?> DeployWaveAsync(
        Workspace workspace,
        IReadOnlyList<string> wave,
        Approval approval,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var runs = new List<Run>();
        try
        {
            foreach (var stack in wave)
                runs.Add(new(workspace, stack));
            await Wave.RunAsync(runs, run => run.PlanAsync(cancellation));
            foreach (var run in runs)
                PlanView.Write(output, run.Summary);
            if (
                runs.Any(run => !run.Summary.IsEmpty)
                && !await approval.AskAsync($"Apply {string.Join(", ", wave)}?", cancellation)
            )
                return null;
            return await Wave.RunAsync(runs, run => run.ApplyAsync(output, cancellation));
        }
        finally
        {
            foreach (var run in runs)
                run.Dispose();
        }
    }

    /// <summary>One stack on its way: its plan lies in a file until it is applied or given up.</summary>
    private sealed class Run(Workspace workspace, string stack) : IDisposable
    {
        private readonly Terraform _terraform = workspace.Terraform(workspace.Stack(stack), Placeholders.Refused);
        private readonly SavedPlan _plan = new();
        private readonly Stopwatch _clock = Stopwatch.StartNew();

        public PlanSummary Summary { get; private set; } = new(stack, [], 0);

        public async Task<PlanSummary> PlanAsync(CancellationToken cancellation)
        {
            await _terraform.InitAsync(cancellation);
            if ((await _terraform.PlanAsync(new() { File = _plan.File }, cancellation)).Differs)
                Summary = PlanSummary.Of(stack, await _terraform.ShowAsync(_plan.File, cancellation));
            return Summary;
        }

        public async Task<object> ApplyAsync(CommandOutput output, CancellationToken cancellation)
        {
            if (!Summary.IsEmpty)
                await _terraform.ApplyAsync(_plan.File, line => output.Line($"{stack}: {line}"), cancellation);
            if (stack == StackOrder.Core)
                workspace.Outputs.Write(await _terraform.OutputsAsync(cancellation));
            return new
            {
                Name = stack,
                Applied = !Summary.IsEmpty,
                Summary.Add,
                Summary.Change,
                Summary.Replace,
                Summary.Destroy,
                Seconds = Math.Round(_clock.Elapsed.TotalSeconds, 1),
            };
        }

        public void Dispose() => _plan.Dispose();
    }
}
