using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary><c>archive prune</c>: removes versions that exceed the retention count. Every apply does this too.</summary>
public static class ArchivePruneCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("prune");
        return context.Verb(
            "prune",
            "Remove archived versions that exceed the inventory's retention count, and incomplete entries of killed writes.",
            [stacks],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var names = StateCommand.Named(workspace, parsed.GetValue(stacks)!);
                await Needs.Of(workspace, "archive prune").Buckets().Keys(names).RequireAsync();
                using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
                var archive = StateArchive.Of(workspace, buckets);
                var reports = await Wave.RunAsync(
                    names,
                    stack => archive.PruneAsync(stack, workspace.Platform.State.Versions, cancellation)
                );
                foreach (var report in reports)
                {
                    output.Line(
                        $"{report.Stack}: {report.Kept} kept, {report.Removed.Count} removed, "
                            + $"{report.IncompleteEntries} incomplete entries of killed writes removed"
                    );
                    foreach (var locked in report.Locked)
                        output.Line(
                            $"{report.Stack}: {locked.Version} exceeds the retention count but is locked ({locked.Lock}); it "
                                + "is kept"
                        );
                }
                output.Json(new { stacks = reports });
                return ExitCode.Done;
            }
        );
    }
}
