using System.Diagnostics;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Rollback;
using Spectre.Console;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>Shows a rehearsal: progress bars on a terminal, one line for each step in a log, and a table at the end.</summary>
/// <param name="output">The output of the command.</param>
public sealed class RehearsalView(CommandOutput output)
{
    /// <summary>Runs a rehearsal and shows each step when it starts.</summary>
    public async Task<RehearsalReport> FollowAsync(Func<Action<RehearsalStep>, Task<RehearsalReport>> run)
    {
        if (!output.People.Profile.Capabilities.Interactive || !output.People.Profile.Out.IsTerminal)
        {
            var clock = Stopwatch.StartNew();
            return await run(step =>
                output.Line(FormattableString.Invariant($"{clock.Elapsed.TotalSeconds, 6:f1} s  {step.Stack, -14} {step.Step}"))
            );
        }
        return await output
            .People.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(bars =>
            {
                var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return run(step =>
                {
                    lock (tasks)
                    {
                        if (!tasks.TryGetValue(step.Stack, out var task))
                            tasks[step.Stack] = task = bars.AddTask(step.Stack, maxValue: RehearsalStep.Steps);
                        task.Description = $"{Markup.Escape(step.Stack), -14} {Markup.Escape(step.Step)}";
                        task.Value = step.Number;
                    }
                });
            });
    }

    /// <summary>Writes the result.</summary>
    public void Write(RehearsalReport report)
    {
        output.Rows(
            [
                new("Stack"),
                new("Resources") { IsRight = true },
                new("Second plan empty"),
                new("Drift found and repaired"),
                new("Versions") { IsRight = true },
                new("Destroyed"),
                new("Seconds") { IsRight = true },
            ],
            report.Stacks.Select(Cells)
        );
        if (report.Failure is { } failure)
            Write(failure);
        if (report.Rollback is { } rollback)
        {
            var limit = StackRollback.Limit.TotalSeconds;
            output.Line(
                FormattableString.Invariant(
                    $"{rollback.Stack}: a bad change was rolled back in {rollback.Seconds:f1} s (limit {limit:f0} s)."
                )
            );
        }
        if (report.RollbackSkipped is { } reason)
            output.Line($"The rollback drill was skipped: {reason}.");
        foreach (var found in report.SecretsFound ?? [])
            output.Line($"The planted secret {found.Variable} was found in {found.Place}.");
        var secrets = report.SecretsFound switch
        {
            null => "not searched for",
            [] => "found nowhere",
            _ => "FOUND",
        };
        output.Line(
            string.Join(
                ", ",
                $"{report.Stacks.Sum(stack => stack.Resources)} resources",
                $"account {(report.AccountEmpty ? "empty" : "not empty")}",
                $"{report.SecretsPlanted} planted secrets {secrets}",
                $"{report.TerraformCalls} Terraform calls",
                FormattableString.Invariant($"{report.Seconds:f1} s"),
                $"{report.PeakMemoryMegabytes} MB",
                $"seed {report.Seed}"
            )
        );
        if (report.Held)
            output.Line("Next: \"plan\" shows what an apply in your account would do; README.md, \"Go live\", has the steps.");
        output.Line(report.Held ? "All checks passed." : "NOT all checks passed.");
    }

    private void Write(RehearsalFailure failure)
    {
        output.Line($"{failure.Stack ?? "all stacks"}: {failure.Step} failed.");
        output.Line(failure.Message);
        if (failure.NotInState.Count + failure.NotInAccount.Count == 0)
            output.Line("State and account match: every created object is in the state, so a destroy removes it.");
        foreach (var orphan in failure.NotInState)
            output.Line($"Orphan, in the account but in no state: {orphan}");
        foreach (var lost in failure.NotInAccount)
            output.Line($"In a state but not in the account: {lost}");
    }

    // A stack that was not started has no result.
    private static IReadOnlyList<string> Cells(StackReport stack) =>
        stack.Seconds > 0
            ?
            [
                stack.Name,
                $"{stack.Resources}",
                Said(stack.SecondPlanEmpty),
                Said(stack.DriftFound),
                $"{stack.Versions}",
                Said(stack.Destroyed),
                FormattableString.Invariant($"{stack.Seconds:f1}"),
            ]
            : [stack.Name, "-", "-", "-", "-", "-", "-"];

    private static string Said(bool held) => held ? "yes" : "NO";
}
