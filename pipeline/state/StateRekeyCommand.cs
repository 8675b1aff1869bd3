using System.CommandLine;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary><c>state rekey</c>: gives stacks another state key.</summary>
public static class StateRekeyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = new Argument<string[]>("STACK")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "The stacks that get another key.",
        };
        return context.Verb(
            "rekey",
            "Write live state, versions and audit records with a new state key; run it again when it was interrupted.",
            [stacks],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var results = new List<RekeyResult>();
                foreach (var stack in StateCommand.Named(workspace, parsed.GetValue(stacks)!))
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
        await using var held = await StateLock
            .Of(buckets, workspace.Platform, stack)
            .TakeAsync(stack, "state rekey", workspace.Environment, cancellation);
        // What waits here is sealed with the old key, and is no part of a listing.
        using (var archiver = StackArchiver.Open(workspace, output.Line))
            await archiver.Queue.SendAsync(archiver.Archive, stack, cancellation);
        var result = await rekeying.RunAsync(cancellation);
        output.Line(
            $"{stack}: {result.Written} object(s) written with key {result.Fingerprint}, {result.ThereAlready} had it, {result.KeptWithOldKey} locked version(s) of audit records keep the old one until their days are over."
        );
        output.Line(
            $"{stack}: put the new key into escrow (\"state escrow\"); then {StateKeys.PreviousVariableOf(stack)} is needed no more, except for those locked versions."
        );
        return result;
    }
}
