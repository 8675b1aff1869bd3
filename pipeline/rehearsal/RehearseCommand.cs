using System.CommandLine;
using System.Security.Cryptography;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary><c>rehearse</c>: runs every stage of the platform in a sandbox on this machine, without a Linode account.</summary>
public static class RehearseCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = new Option<string?>("--stack")
        {
            HelpName = "STACK",
            Description = "Rehearse this stack and the stacks that it needs; all stacks by default.",
        };
        var fault = new Option<string?>("--fault")
        {
            HelpName = "JSON",
            Description = "Inject a fault, or a list of faults, as JSON (sandbox/README.md), or as @FILE.",
        };
        var seed = CommandContext.Number(
            "--seed",
            "N",
            "Make the same outside changes as the run with this seed; random by default.",
            0,
            int.MaxValue
        );
        var keep = new Option<bool>("--keep") { Description = "Keep the directory with stacks, logs and account." };
        return context.Verb(
            "rehearse",
            "Try every stack in a sandbox with the real Terraform: apply, find and repair drift, roll back, destroy; "
                + "exit 0 only if every check passed.",
            [stack, fault, seed, keep],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var faults = Faults(parsed.GetValue(fault));
                if (parsed.GetValue(stack) is { } wanted)
                    _ = workspace.Waves([wanted], "--stack"); // throws for an unknown stack
                await Needs.Of(workspace, "rehearse").Tool(Tool.Terraform).Tool(Tool.Node).RequireAsync();
                Effects.AreOfSandbox();
                var directory = Directory.CreateTempSubdirectory("infra-cdktf-rehearsal-").FullName;
                try
                {
                    var view = new RehearsalView(output);
                    var report = await view.FollowAsync(progress =>
                        RehearsalRun.RunAsync(
                            new()
                            {
                                Platform = workspace.Platform,
                                Synthesize = workspace.Synthesize,
                                Directory = directory,
                                SearchPath = workspace.Environment.GetValueOrDefault("PATH", ""),
                                Stack = parsed.GetValue(stack),
                                Faults = faults,
                                Seed = parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(1, 1_000_000),
                                Progress = progress,
                            },
                            cancellation
                        )
                    );
                    view.Write(report);
                    if (report.Failure is not null && !parsed.GetValue(keep))
                        output.Line($"To keep the files of this run, run again with --keep --seed {report.Seed}.");
                    output.Json(report);
                    return report.Held ? ExitCode.Done : ExitCode.Failed;
                }
                finally
                {
                    if (parsed.GetValue(keep))
                    {
                        output.Line($"Kept: {directory} (logs/: every Terraform call; account/: the objects of the sandbox).");
                        output.Line($"To look into it: ./infra sandbox shell --directory {directory}");
                    }
                    else
                        Directory.Delete(directory, recursive: true);
                }
            }
        );
    }

    /// <summary>Reads <c>--fault</c>: one fault, a list of them, or <c>@FILE</c>.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static IReadOnlyList<Fault> Faults(string? text)
    {
        if (text is null)
            return [];
        try
        {
            var faults = Fault.Read(text);
            foreach (var type in faults.Select(fault => fault.Type).OfType<string>().Where(type => !Fault.Types.Contains(type)))
                throw new UsageException(
                    $"--fault {text}: there is no type \"{type}\"; allowed: a resource or data source of the providers linode, "
                        + $"kubernetes and helm, or for configure the name of one.{Suggestion.Sentence(type, Fault.Types)}"
                );
            return faults;
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}
