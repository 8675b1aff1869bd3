using System.CommandLine;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary><c>sandbox down</c>: stops the sandbox and deletes what it wrote.</summary>
public static class SandboxDownCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var keep = new Option<bool>("--keep") { Description = "Keep the directory: the next \"up\" continues with its account." };
        var directory = SandboxCommand.DirectoryOption();
        return context.Verb(
            "down",
            "Stop the sandbox and delete its directory. No process and no file of it is left.",
            [keep, directory],
            async (parsed, output, cancellation) =>
            {
                var caller = context.Workspace();
                var place = SandboxCommand.PlaceOf(caller, parsed.GetValue(directory));
                var shown = place.ShownFrom(caller.Directory);
                if (!place.IsSandbox)
                {
                    output.Line($"There is no sandbox in {shown}.");
                    output.Json(new { stopped = false, deleted = false });
                    return ExitCode.Done;
                }
                using var held = await SandboxLock.TakeAsync(place, output.Line, cancellation);
                var last = place.Last;
                if (last is not null)
                {
                    foreach (var line in await StandIn.StopAsync(last))
                        output.Line($"Ended: {line}.");
                    // What killed applies left in memory.
                    var inside = caller with
                    {
                        Files = place.FullPath,
                    };
                    foreach (
                        var left in StackNames
                            .Waves(caller.Platform)
                            .SelectMany(wave => wave)
                            .SelectMany(inside.Errored.Workplaces)
                    )
                        Directory.Delete(left, recursive: true);
                    place.ForgetRunning();
                }
                var others = parsed.GetValue(keep) ? [] : place.Delete();
                output.Line(
                    (parsed.GetValue(keep), others.Count) switch
                    {
                        (true, _) => $"Stopped. {shown} is kept: \"sandbox up\" continues with it.",
                        (_, 0) => $"Stopped, and {shown} is deleted.",
                        _ => $"Stopped. {shown} keeps files of others: {string.Join(", ", others)}.",
                    }
                );
                output.Json(new { stopped = last is not null, deleted = !parsed.GetValue(keep) });
                return ExitCode.Done;
            }
        );
    }
}
