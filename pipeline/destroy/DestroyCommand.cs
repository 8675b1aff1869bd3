using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Destroy;

/// <summary><c>destroy</c>: destroys stacks, last wave first. It never destroys the bucket of the live states.</summary>
public static class DestroyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("destroy");
        var skipSynth = CommandContext.SkipSynth();
        var yes = new Option<bool>("--yes") { Description = "Approve the destroy; required." };
        var confirm = new Option<string>("--confirm") { HelpName = "PROJECT", Description = "The project's name; required." };
        return context.TerraformVerb(
            "destroy",
            "Destroy stacks and everything in them, last wave first; needs --yes and --confirm PROJECT. Keeps the state stack.",
            [stacks, skipSynth, yes, confirm],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var waves = Reverse(workspace, parsed.GetValue(stacks)!);
                var project = workspace.Platform.Project;
                if (!parsed.GetValue(yes) || parsed.GetValue(confirm) != project)
                {
                    var names = string.Join(", ", waves.SelectMany(wave => wave));
                    throw new UsageException(
                        $"This would destroy {names} of {project}. To approve it, add --yes --confirm {project}."
                    );
                }
                var chosen = waves.SelectMany(wave => wave).ToList();
                await Needs
                    .Of(workspace, "destroy")
                    .Tool(Tool.Terraform)
                    .Synthesis(parsed.GetValue(skipSynth), chosen)
                    .Buckets()
                    .Keys(chosen)
                    .Providers(chosen)
                    .RequireAsync();
                if (!parsed.GetValue(skipSynth))
                    workspace.Synthesize(workspace.Platform, workspace.Output);
                await RequireApisAsync(workspace, waves, output, cancellation);
                using var archiver = StackArchiver.Open(workspace, output.Line);
                var done = new ConcurrentQueue<object>();
                output.Partial = () => new { stacks = done };
                foreach (var wave in waves)
                    await Wave.RunAsync(
                        wave,
                        async stack =>
                        {
                            var result = await DestroyAsync(workspace, archiver, stack, output, cancellation);
                            done.Enqueue(result);
                            return result;
                        }
                    );
                output.Json(new { stacks = done });
                return ExitCode.Done;
            }
        );
    }

    /// <summary>The waves of a destroy: the reverse of an apply, without the state stack.</summary>
    /// <exception cref="UsageException">The state stack was named, or stacks that depend on a named stack were not
    /// named.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Reverse(Workspace workspace, IReadOnlyCollection<string> names)
    {
        if (names.Contains(StackNames.State))
        {
            throw new UsageException(
                $"destroy: given {StackNames.State}; allowed: any other stack. {StackNames.State} holds the bucket "
                    + "in which the states of all stacks are stored, its own included. Name other stacks."
            );
        }
        var chosen = workspace
            .Waves(names)
            .Select(wave => wave.Where(stack => stack != StackNames.State).ToList())
            .Where(wave => wave.Count > 0);
        var first = chosen.First();
        var dependent = workspace
            .Waves([])
            .SkipWhile(wave => !wave.Intersect(first).Any())
            .Skip(1)
            .SelectMany(wave => wave)
            .Except(names, StringComparer.Ordinal)
            .ToList();
        if (names.Count > 0 && dependent.Count > 0)
        {
            throw new UsageException(
                $"{string.Join(", ", dependent)} depend on {string.Join(", ", first)}; name them too. "
                    + "Naming a stack that is already destroyed has no effect."
            );
        }
        return [.. chosen.Reverse()];
    }

    /// <summary>
    /// Fails if an aggregated API does not answer: Kubernetes then ends no namespace, and Terraform waits five minutes for each.
    /// </summary>
    internal static async Task RequireApisAsync(
        Workspace workspace,
        IReadOnlyList<IReadOnlyList<string>> waves,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var stacks = waves.SelectMany(wave => wave).Select(workspace.Stack);
        if (!stacks.Any(stack => stack.Configuration["resource"]?["kubernetes_namespace_v1"] is not null))
            return;
        IReadOnlyList<string> broken;
        try
        {
            broken = await new KubectlNamespaces(workspace).BrokenApisAsync(cancellation);
        }
        catch (PipelineException exception)
        {
            output.Line($"The aggregated APIs of the cluster could not be checked: {exception.Message}");
            return;
        }
        if (broken.Count > 0)
        {
            throw new PipelineException(
                $"Nothing was destroyed. These aggregated APIs do not answer: {string.Join("; ", broken)}. Kubernetes ends no "
                    + "namespace while there is one. Repair its pods, or remove it with \"kubectl delete apiservice NAME\"; then "
                    + "run the command again."
            );
        }
    }

    private static async Task<object> DestroyAsync(
        Workspace workspace,
        StackArchiver archiver,
        string name,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        var summary = await StackDestruction.RunAsync(
            workspace,
            archiver,
            name,
            planned: summary => PlanView.Write(output, summary),
            line: line => output.Line($"{name}: {line}"),
            cancellation: cancellation
        );
        return new
        {
            Name = name,
            Destroyed = summary.Destroy,
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
        };
    }
}
