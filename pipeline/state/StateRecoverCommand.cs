using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.State.Lookup;

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
        var discard = new Option<string[]>("--discard")
        {
            HelpName = "ADDRESS",
            Description = "Give this object up: it may exist, and no state gets it. Needs --reason. May be given several times.",
        };
        var replace = new Option<string[]>("--replace")
        {
            HelpName = "ADDRESS",
            Description =
                "The creation of this object failed: delete it; the next deploy creates it. May be given several times.",
        };
        var reason = new Option<string>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why objects are given up. The audit record keeps the reason and your name.",
        };
        var yes = new Option<bool>("--yes")
        {
            Description = "No question: release the lock of an ended run, and take what was found and is sure.",
        };
        return context.TerraformVerb(
            "recover",
            "Recover after a killed apply: its lock, its unsaved state, objects that are in no state; exit 1 while objects "
                + "are unknown, or while the next apply would replace or destroy any.",
            [stack, adopt, absent, discard, replace, reason, yes],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                var findings = new Findings(
                    Adopted(parsed.GetValue(adopt) ?? []),
                    (parsed.GetValue(absent) ?? []).ToHashSet(StringComparer.Ordinal),
                    (parsed.GetValue(discard) ?? []).ToHashSet(StringComparer.Ordinal),
                    parsed.GetValue(reason)
                );
                if (findings.Discarded.Count > 0 && string.IsNullOrWhiteSpace(findings.Reason))
                    throw new UsageException("--reason is missing. Say in one sentence why the object is given up.");
                await Needs
                    .Of(workspace, "state recover")
                    .Tool(Tool.Terraform)
                    .Synthesis(isSkipped: true, [name])
                    .Buckets()
                    .Keys([name])
                    .RequireAsync();
                var approved = ApprovedEnds.Of(workspace.Journals.Of(name));
                var approval = new Approval(output, parsed.GetValue(yes));
                var replacements = new Replacements(parsed.GetValue(replace) ?? [], approval);
                var recovery = new StateRecovery(workspace, approval, output);
                if (await recovery.RunAsync(name, findings, cancellation) is not { } result)
                {
                    output.Line("Not released.");
                    return ExitCode.Failed;
                }
                if (result.IsComplete)
                {
                    const string reads = "The providers read every object of the stack.";
                    var steps = new LongStep(workspace.Time, line => output.Line($"{name}: {line}"));
                    var releases = await steps.RunAsync(
                        "looking at its Helm releases",
                        "The cluster has to answer.",
                        () => ReleaseRecovery.RunAsync(workspace, name, output, cancellation)
                    );
                    var tainted = await steps.RunAsync(
                        "looking at its tainted objects",
                        reads,
                        () => TaintedObjects.RecoverAsync(workspace, name, "state recover", replacements, cancellation)
                    );
                    result = result with
                    {
                        Tainted = [],
                        Repaired = [.. releases, .. tainted.Select(item => TaintedObjects.Describe(item, name))],
                    };
                    var next = await steps.RunAsync(
                        "planning, to see what the next apply would do",
                        reads,
                        () => RecoveryPlan.LookAsync(workspace, name, approved, replacements.Addresses, cancellation)
                    );
                    result = result with { Next = next };
                }
                Write(output, result);
                output.Json(result);
                return result.Next is { IsSafe: true } ? ExitCode.Done : ExitCode.Failed;
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
        var stack = result.Stack;
        foreach (var address in result.Imported)
            output.Line($"{stack}: imported into the state: {address}");
        foreach (var address in result.Replacing)
            output.Line($"{stack}: {address} replaces an older object, which may still exist. The next deploy deletes that one.");
        foreach (var address in result.SecretLost)
            output.Line(
                $"{stack}: the secret of {address} is shown only at creation, so it is lost: the next deploy replaces it."
            );
        foreach (var address in result.Tainted)
            output.Line($"{stack}: {address} is in the state as tainted: its create did not end well. A deploy replaces it.");
        foreach (var address in result.Changing)
            output.Line($"{stack}: the change of {address} had begun. The next plan shows how far it came.");
        foreach (var address in result.Gone)
            output.Line($"{stack}: does not exist: {address}");
        foreach (var item in result.Discarded)
            output.Line($"{stack}: given up: {item}. If it exists, nothing manages it any more.");
        foreach (var sentence in result.Repaired)
            output.Line($"{stack}: {sentence}");
        foreach (var line in NextCommands.Of(stack, result.Unknown))
            output.Line(line);
        foreach (var item in result.Refused)
        {
            output.Line($"{stack}: could not be imported: {item.Address} with the id {item.Id}");
            output.Line($"  {item.Error.ReplaceLineEndings("\n  ")}");
            output.Line($"  to give it up: state recover {stack} --discard '{item.Address}' --reason TEXT");
        }
        foreach (var line in result.Next?.Describe(stack) ?? [])
            output.Line(line);
        if (result.Next is { IsSafe: false })
            return;
        output.Line(
            result.IsComplete
                ? $"{stack}: recovery is complete. Continue with \"deploy {stack}\"."
                : $"{stack}: {result.Unknown.Count + result.Refused.Count} object(s) are left. Until then this stack cannot be "
                    + "planned."
        );
    }
}
