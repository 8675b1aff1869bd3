using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary><c>backup</c>: archives states that other tools applied or that an earlier run could not send.</summary>
public static class BackupCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("archive");
        return context.Verb(
            "backup",
            "Archive current states that the archive lacks: after \"npx cdktf deploy\", Terraform by hand or a killed run.",
            [stacks],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var waves = workspace.Waves(parsed.GetValue(stacks)!);
                await Needs.Of(workspace, "backup").Buckets().Keys(waves.SelectMany(wave => wave)).RequireAsync();
                using var archiver = StackArchiver.Open(workspace, output.Line);
                var done = await Wave.RunAsync(
                    waves.SelectMany(wave => wave),
                    stack => archiver.BackupAsync(stack, cancellation)
                );
                foreach (var archived in done)
                    output.Line($"{archived.Stack}: {Said(archived)}");
                output.Json(new { stacks = done });
                return ExitCode.Done;
            }
        );
    }

    private static string Said(Archived archived) =>
        archived.Place switch
        {
            ArchivePlace.None => "no state to archive",
            ArchivePlace.ThereAlready => $"already in the archive as {archived.Version}",
            _ => $"archived as {archived.Version}",
        };
}
