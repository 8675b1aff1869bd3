using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary><c>state doctor</c>: says in one line each what is wrong with the state, and what to do.</summary>
public static class StateDoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("examine");
        return context.Verb(
            "doctor",
            "Prove on the actual buckets that the lock locks, all is encrypted and archived; exit 1 when something is wrong.",
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
                output.Json(new { healthy = wrong == 0, findings });
                return wrong == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }
}
