using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Destroy;

namespace InfraCdktf.Pipeline.Cdktf;

/// <summary>
/// <c>cdktf</c>: the pinned cdktf-cli, with <see cref="TerraformShim"/> in front of Terraform: what it applies is checked,
/// recorded and archived as by <c>deploy</c>.
/// </summary>
public static class CdktfCommand
{
    /// <summary>The group of the four commands of cdktf-cli that this project supports.</summary>
    public static Command Create(CommandContext context) =>
        new("cdktf", "Run the pinned cdktf-cli, with the state keys, the checks and the archive of this program.")
        {
            Create(context, "synth", "Run \"cdktf synth\".", isOfStacks: false, asks: false),
            Create(
                context,
                "diff",
                "Run \"cdktf diff\" for one stack: show what an apply would do.",
                isOfStacks: true,
                asks: false
            ),
            Create(
                context,
                "deploy",
                "Run \"cdktf deploy\": plan, and after approval apply and archive, in the order of the stacks.",
                isOfStacks: true,
                asks: true
            ),
            Create(
                context,
                "destroy",
                "Run \"cdktf destroy\": destroy stacks after approval, in the reverse order; not the state stack.",
                isOfStacks: true,
                asks: true
            ),
        };

    private static Command Create(CommandContext context, string name, string description, bool isOfStacks, bool asks)
    {
        var stacks = new Argument<string[]>("STACK")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = name == "diff" ? "The stack to compare." : $"The stacks to {name}.",
        };
        var skipSynth = CommandContext.SkipSynth();
        var approve = new Option<bool>("--auto-approve", "--yes")
        {
            Description = "Approve every plan; without it cdktf-cli asks.",
        };
        List<Symbol> symbols = [];
        if (isOfStacks)
            symbols.AddRange([stacks, skipSynth]);
        if (asks)
            symbols.Add(approve);
        return context.TerraformVerb(
            name,
            description,
            symbols,
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                List<string> words = [name];
                var needs = Needs.Of(workspace, $"cdktf {name}").Tool(Tool.Node);
                if (isOfStacks)
                {
                    var named = workspace.Waves(parsed.GetValue(stacks)!).SelectMany(wave => wave).ToList();
                    words.AddRange(Chosen(workspace, name, parsed.GetValue(stacks)!));
                    needs.Tool(Tool.Terraform).Buckets().Keys(named);
                    if (asks)
                        needs.Providers(named);
                    if (name == "deploy")
                        needs.Secrets(named);
                    if (parsed.GetValue(skipSynth))
                    {
                        needs.Synthesis(isSkipped: true, named);
                        words.Add("--skip-synth");
                    }
                    if (asks && parsed.GetValue(approve))
                        words.Add("--auto-approve");
                }
                await needs.RequireAsync();
                var code = await CdktfRun.RunAsync(workspace, words, output, cancellation);
                output.Json(new { command = name, exitCode = code });
                return code;
            }
        );
    }

    // The stacks in their order, and what cdktf-cli needs to keep it.
    private static IReadOnlyList<string> Chosen(Workspace workspace, string name, IReadOnlyCollection<string> names)
    {
        if (name == "destroy")
            return [.. DestroyCommand.Reverse(workspace, names).SelectMany(wave => wave)];
        if (name == "diff" && names.Count > 1)
            throw new UsageException($"cdktf diff: given {string.Join(' ', names)}; allowed: one stack. Name one stack.");
        var chosen = workspace.Waves(names);
        var isComplete = workspace.Waves([]).Take(chosen.Count).Zip(chosen).All(pair => pair.First.Contains(pair.Second[0]));
        return name == "deploy" && !isComplete
            // cdktf-cli then ignores all dependencies, so it must not run two stacks at once. The shim checks what a stack needs.
            ? [.. chosen.SelectMany(wave => wave), "--ignore-missing-stack-dependencies", "--parallelism", "1"]
            : [.. chosen.SelectMany(wave => wave)];
    }
}
