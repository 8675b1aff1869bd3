using System.CommandLine;
using System.Diagnostics;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Pipeline.Cli;

/// <summary><c>synth</c>: writes every stack's <c>cdk.tf.json</c>.</summary>
public static class SynthCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context) =>
        context.Verb(
            "synth",
            "Synthesize all stacks into cdktf.out.",
            [],
            (_, output, _) =>
            {
                var workspace = context.Workspace();
                var clock = Stopwatch.StartNew();
                workspace.Synthesize(workspace.Platform, workspace.Output);
                var stacks = StackNames
                    .Waves(workspace.Platform)
                    .SelectMany(wave => wave)
                    .Select(name => workspace.Stack(name).Path)
                    .ToList();
                foreach (var stack in stacks)
                    output.Line(Path.Combine(stack, "cdk.tf.json"));
                output.Json(new { stacks, seconds = Math.Round(clock.Elapsed.TotalSeconds, 1) });
                return Task.FromResult(ExitCode.Done);
            }
        );
}
