using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using Spectre.Console;

namespace InfraCdktf.Pipeline.Archive;

/// <summary><c>archive diff</c>: shows the differences between two versions by name only.</summary>
public static class ArchiveDiffCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = StateCommand.Stack();
        var first = StateCommand.Version("FROM");
        var second = StateCommand.Version("TO");
        return context.Verb(
            "diff",
            "Compare two archived versions. Shows addresses and names of attributes, never values.",
            [stack, first, second],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                await Needs.Of(workspace, "archive diff").Buckets().Keys([name]).RequireAsync();
                using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
                var archive = StateArchive.Of(workspace, buckets);
                var from = await archive.FindAsync(name, parsed.GetValue(first)!, cancellation);
                var to = await archive.FindAsync(name, parsed.GetValue(second)!, cancellation);
                var difference = StateDifference.Between(
                    StateFile.Parse(await archive.ReadStateAsync(from, cancellation)),
                    StateFile.Parse(await archive.ReadStateAsync(to, cancellation))
                );
                Write(output, $"{name} {from.Version} -> {to.Version}", difference);
                output.Json(
                    new
                    {
                        stack = name,
                        from = from.Version,
                        to = to.Version,
                        difference.Added,
                        difference.Removed,
                        difference.Changed,
                        difference.Outputs,
                    }
                );
                return ExitCode.Done;
            }
        );
    }

    private static void Write(CommandOutput output, string title, StateDifference difference)
    {
        var tree = new Tree(new Text(difference.IsEmpty ? $"{title}: no difference" : title));
        Add("added", difference.Added, Color.Green);
        Add("removed", difference.Removed, Color.Red);
        Add(
            "changed",
            difference.Changed.Select(changed => $"{changed.Address}: {string.Join(", ", changed.Attributes)}"),
            Color.Yellow
        );
        Add("output", difference.Outputs, Color.Yellow);
        output.People.Write(tree);

        void Add(string what, IEnumerable<string> items, Color colour)
        {
            foreach (var item in items)
                tree.AddNode(new Text($"{what, -7} {item}", new Style(colour)));
        }
    }
}
