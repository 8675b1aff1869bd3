using InfraCdktf.Pipeline.Cli;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>Shows plan summaries.</summary>
public static class PlanView
{
    /// <summary>Writes the stack with its counts, then each change with its remarks and attributes.</summary>
    public static void Write(CommandOutput output, PlanSummary summary)
    {
        foreach (var line in PlanText.Lines(summary, output.People.Profile.Width))
            output.People.Write(new Whole(line.Text, StyleOf(line.Tone)));
    }

    private static Style StyleOf(PlanTone tone) =>
        tone switch
        {
            PlanTone.Heading => new(decoration: Decoration.Bold),
            PlanTone.Adds => new(Color.Green),
            PlanTone.Changes => new(Color.Yellow),
            PlanTone.Warns => new(Color.Red, decoration: Decoration.Bold),
            _ => Style.Plain,
        };

    // Spectre's own text cuts a word that is wider than the terminal.
    private sealed class Whole(string text, Style style) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(text.Length, text.Length);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new(text, style), Segment.LineBreak];
    }
}
