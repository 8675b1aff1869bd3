using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary><c>state doctor</c>: shows each problem of the state and its remedy in one line.</summary>
public static class StateDoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("check");
        return context.Verb(
            "doctor",
            "Check on the real buckets that the lock works and that every state is encrypted and archived; exit 1 on a problem.",
            [stacks],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var names = StateCommand.Named(workspace, parsed.GetValue(stacks)!);
                var findings = await StateDoctor.ExamineAsync(
                    workspace,
                    names,
                    finding => output.Line(finding.ToString()),
                    cancellation
                );
                var wrong = findings.Count(finding => finding.Verdict == Verdict.Wrong);
                var unknown = findings.Count(finding => finding.Verdict == Verdict.Unknown);
                output.Line($"{findings.Count - wrong - unknown} good, {wrong} wrong, {unknown} not known.");
                // A store that nobody could look into is not healthy.
                var healthy = wrong == 0 && !findings.Any(finding => finding.Check == BucketChecks.Store);
                output.Json(new { healthy, findings });
                return healthy ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }
}
