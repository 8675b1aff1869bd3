using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state recover</c>: repairs the state after a killed apply.</summary>
public static class StateRecoverCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = StateCommand.Stack();
        var adopt = new Option<string[]>("--adopt")
        {
            HelpName = "ADDRESS=ID",
            Description = "This object exists: import it into the state with this id. May be given several times.",
        };
        var absent = new Option<string[]>("--absent")
        {
            HelpName = "ADDRESS",
            Description = "This object does not exist. May be given several times.",
        };
        return context.Verb(
            "recover",
            "Recover after a killed apply: its lock, its unsaved state, objects that are in no state; exit 1 while objects "
                + "are unknown, or while the next apply would replace or destroy any.",
            [stack, adopt, absent],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                var findings = new Findings(
                    Adopted(parsed.GetValue(adopt) ?? []),
                    (parsed.GetValue(absent) ?? []).ToHashSet(StringComparer.Ordinal)
                );
                var result = await new StateRecovery(workspace, output).RunAsync(name, findings, cancellation);
                var isKnown = result.Unknown.Count == 0;
                if (isKnown)
                {
                    var releases = await ReleaseRecovery.RunAsync(workspace, name, output, cancellation);
                    var tainted = await TaintedObjects.RecoverAsync(workspace, name, "state recover", cancellation);
                    result = result with
                    {
                        Repaired = [.. releases, .. tainted.Select(item => TaintedObjects.Describe(item, name))],
                    };
                    result = result with { Next = await RecoveryPlan.LookAsync(workspace, name, cancellation) };
                }
                Write(output, result);
                output.Json(result);
                return isKnown && result.Next!.IsSafe ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static Dictionary<string, string> Adopted(IEnumerable<string> given)
    {
        var adopted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in given)
        {
            // A key in an address may contain an equals sign: type.name["a=b"].
            var from = Math.Max(0, item.LastIndexOf(']'));
            var at = item.IndexOf('=', from);
            if (at <= 0 || at == item.Length - 1)
                throw new UsageException($"--adopt {item}: allowed: ADDRESS=ID, such as linode_vpc.network_vpc=12345.");
            adopted[item[..at]] = item[(at + 1)..];
        }
        return adopted;
    }

    private static void Write(CommandOutput output, RecoveryResult result)
    {
        foreach (var address in result.Imported)
            output.Line($"{result.Stack}: imported into the state: {address}");
        foreach (var address in result.Gone)
            output.Line($"{result.Stack}: does not exist any more: {address}");
        foreach (var sentence in result.Repaired)
            output.Line($"{result.Stack}: {sentence}");
        foreach (var item in result.Unknown)
        {
            output.Line(
                $"{result.Stack}: not known whether this object exists: "
                    + $"{item.Address}{(item.Name is null ? "" : $", named {item.Name}")}"
            );
            output.Line($"  check with: {item.Look}");
            output.Line($"  if it exists:         state recover {result.Stack} --adopt '{item.Address}=ID'");
            output.Line($"  if it does not exist: state recover {result.Stack} --absent '{item.Address}'");
        }
        if (result.Next is { IsSafe: false } next)
        {
            foreach (var line in next.Describe(result.Stack))
                output.Line(line);
            return;
        }
        output.Line(
            result.Unknown.Count > 0
                ? $"{result.Stack}: {result.Unknown.Count} object(s) to check. Until then this stack cannot be planned."
                : $"{result.Stack}: recovery is complete. Continue with \"deploy {result.Stack}\"."
        );
    }
}
