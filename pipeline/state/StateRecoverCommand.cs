using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state recover</c>: mends what a killed apply left.</summary>
public static class StateRecoverCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = StateCommand.Stack();
        var adopt = new Option<string[]>("--adopt")
        {
            HelpName = "ADDRESS=ID",
            Description = "This object was made: take it into the state under its id. May be given several times.",
        };
        var absent = new Option<string[]>("--absent")
        {
            HelpName = "ADDRESS",
            Description = "This object was not made. May be given several times.",
        };
        return context.Verb(
            "recover",
            "Mend what a killed apply left: its lock, an unsaved state, objects that no state knows; exit 1 while some are unknown.",
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
                Write(output, result);
                output.Json(result);
                return result.Unknown.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static Dictionary<string, string> Adopted(IEnumerable<string> given)
    {
        var adopted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in given)
        {
            // A key in an address may hold the sign: type.name["a=b"].
            var from = Math.Max(0, word.LastIndexOf(']'));
            var at = word.IndexOf('=', from);
            if (at <= 0 || at == word.Length - 1)
                throw new UsageException($"--adopt {word}: give ADDRESS=ID, such as linode_vpc.network_vpc=12345.");
            adopted[word[..at]] = word[(at + 1)..];
        }
        return adopted;
    }

    private static void Write(CommandOutput output, RecoveryResult result)
    {
        foreach (var address in result.Imported)
            output.Line($"{result.Stack}: in the state again: {address}");
        foreach (var address in result.Gone)
            output.Line($"{result.Stack}: not there: {address}");
        foreach (var item in result.Unknown)
        {
            output.Line(
                $"{result.Stack}: nobody knows whether this was made: {item.Address}{(item.Name is null ? "" : $", called {item.Name}")}"
            );
            output.Line($"  look with: {item.Look}");
            output.Line($"  it is there:     state recover {result.Stack} --adopt '{item.Address}=ID'");
            output.Line($"  it is not there: state recover {result.Stack} --absent '{item.Address}'");
        }
        output.Line(
            result.Unknown.Count > 0
                ? $"{result.Stack}: {result.Unknown.Count} object(s) to look for; until then this stack is not planned."
                : $"{result.Stack}: nothing of a killed apply is left. \"deploy {result.Stack}\" goes on."
        );
    }
}
