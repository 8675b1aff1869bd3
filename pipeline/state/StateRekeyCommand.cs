using System.CommandLine;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state rekey</c>: changes the state key of stacks.</summary>
public static class StateRekeyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = new Argument<string[]>("STACK")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The stacks whose key is changed.",
        };
        return context.Verb(
            "rekey",
            "Encrypt live state, versions and audit records with a new state key. After an interruption, run it again.",
            [stacks],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var results = new List<RekeyResult>();
                var names = StateCommand.Named(workspace, parsed.GetValue(stacks)!);
                await Needs.Of(workspace, "state rekey").Buckets().Keys(names).RequireAsync();
                foreach (var stack in names)
                    results.Add(await RekeyAsync(workspace, stack, output, cancellation));
                output.Json(new { stacks = results });
                return ExitCode.Done;
            }
        );
    }

    private static async Task<RekeyResult> RekeyAsync(
        Workspace workspace,
        string stack,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        workspace.Journals.RequireNone(stack);
        workspace.Errored.RequireNone(stack);
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var progress = new TransferProgress(output.Line, workspace.Time);
        var rekeying = new StateRekeying(buckets, workspace.Platform, stack)
        {
            Progress = (done, all) => progress.Count($"{stack}: new key", done, all),
        };
        var result = await StateLock
            .Of(buckets, workspace.Platform, stack)
            .HoldAsync(
                stack,
                "state rekey",
                workspace.Environment,
                async () =>
                {
                    // Queued entries are encrypted with the old key and are in no listing of the bucket, so they are sent first.
                    using (var archiver = StackArchiver.Open(workspace, output.Line))
                        await archiver.Queue.SendAsync(archiver.Archive, stack, cancellation);
                    return await rekeying.RunAsync(cancellation);
                },
                cancellation
            );
        output.Line(
            $"{stack}: {result.Written} object(s) written with key {result.Fingerprint}, {result.ThereAlready} had it "
                + $"already, {result.KeptWithOldKey} locked version(s) of audit records keep the old key until the "
                + "retention period "
                + "has ended."
        );
        output.Line(
            $"{stack}: write a new escrow (\"state escrow\"). Then {StateKeys.PreviousVariableOf(stack)} is needed only for "
                + "those locked versions."
        );
        return result;
    }
}
