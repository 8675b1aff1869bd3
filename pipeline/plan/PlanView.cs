using InfraCdktf.Pipeline.Cli;
using Spectre.Console;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>Shows plan summaries.</summary>
public static class PlanView
{
    /// <summary>Writes a tree: the stack with its counts, below it each address with its action.</summary>
    public static void Write(CommandOutput output, PlanSummary summary)
    {
        var tree = new Tree(new Text($"{summary.Name}: {summary}"));
        foreach (var change in summary.Changes)
            tree.AddNode(new Text(Label(change), new Style(Colour(change.Action))));
        output.People.Write(tree);
    }

    private static string Label(PlannedChange change) =>
        $"{change.Action.ToString().ToLowerInvariant(), -7} {change.Address}{(change.Note is null ? "" : $"  ({change.Note})")}";

    private static Color Colour(PlannedAction action) =>
        action switch
        {
            PlannedAction.Add or PlannedAction.Import => Color.Green,
            PlannedAction.Replace or PlannedAction.Destroy => Color.Red,
            _ => Color.Yellow,
        };
}
