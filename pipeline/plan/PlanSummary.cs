using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>
/// A plan without its secrets: the objects that change, each with its attributes and with what a reviewer must not miss. Text,
/// Markdown and JSON are made from it.
/// </summary>
/// <param name="Name">The stack.</param>
/// <param name="Changes">The changes: what is destroyed or replaced first, then security, then the others; in each part sorted by
/// address.</param>
/// <param name="Outputs">How many outputs change.</param>
public sealed record PlanSummary(string Name, IReadOnlyList<PlannedChange> Changes, int Outputs)
{
    /// <summary>The version of its JSON. It changes if a member is removed or gets another meaning.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The outputs that change.</summary>
    public IReadOnlyList<AttributeChange> OutputChanges { get; init; } = [];

    /// <summary>Objects created.</summary>
    public int Add => Count(PlannedAction.Add);

    /// <summary>Objects changed in place.</summary>
    public int Change => Count(PlannedAction.Change);

    /// <summary>Objects replaced.</summary>
    public int Replace => Count(PlannedAction.Replace);

    /// <summary>Objects destroyed and not replaced.</summary>
    public int Destroy => Count(PlannedAction.Destroy);

    /// <summary>True if an apply of the plan changes nothing.</summary>
    public bool IsEmpty => Changes.Count == 0 && Outputs == 0;

    /// <summary>Reads <c>terraform show -json</c> of a saved plan.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="plan">The document.</param>
    /// <param name="secrets">Secrets that the caller knows; the document's own are found.</param>
    public static PlanSummary Of(string stack, JsonObject plan, IEnumerable<string>? secrets = null)
    {
        var reader = new PlanReader(PlanSecrets.Of(plan, secrets ?? []));
        var outputs = reader.Outputs(plan["output_changes"]?.AsObject() ?? []);
        return new(
            stack,
            [
                .. (plan["resource_changes"]?.AsArray() ?? [])
                    .Where(resource => resource!["mode"]?.GetValue<string>() != "data")
                    .Select(resource => reader.Read(resource!.AsObject()))
                    .OfType<PlannedChange>()
                    .OrderBy(change => change.Group)
                    .ThenBy(change => change.Address, StringComparer.Ordinal),
            ],
            outputs.Count
        )
        {
            OutputChanges = outputs,
        };
    }

    /// <summary>The same plan without the values of attributes: for places that more people read.</summary>
    public PlanSummary WithoutValues() =>
        this with
        {
            Changes = [.. Changes.Select(change => change.WithoutValues())],
            OutputChanges = [.. OutputChanges.Select(output => output with { Before = null, After = null, HasValues = false })],
        };

    /// <summary>What is destroyed and replaced by the plans of some stacks, for a question: "destroys 2 objects, …".</summary>
    public static string Ends(IEnumerable<PlanSummary> plans)
    {
        var changes = plans.SelectMany(plan => plan.Changes).ToList();
        var all = changes.Concat(changes.SelectMany(change => change.Objects)).ToList();
        var (destroyed, replaced) = (CountOf(all, PlannedAction.Destroy), CountOf(all, PlannedAction.Replace));
        var others = all.Count(change =>
            change.Action is PlannedAction.Change && change.Remarks.Any(remark => remark.Kind == RemarkKind.Destroys)
        );
        var parts = new[]
        {
            destroyed > 0 ? $"destroys {Objects(destroyed)}" : null,
            replaced > 0 ? $"replaces {Objects(replaced)}" : null,
            others > 0 ? $"destroys a part of {Objects(others)}" : null,
        }.OfType<string>();
        return parts.Any() ? $"It {string.Join(", ", parts)}." : "It destroys and replaces nothing.";
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (IsEmpty)
            return "no changes";
        var others = Changes.Count - Add - Change - Replace - Destroy;
        var text = $"{Add} to add, {Change} to change, {Replace} to replace, {Destroy} to destroy";
        if (others > 0)
            text += $", {others} to move, import or forget";
        return Outputs > 0 ? $"{text}, {Outputs} output(s)" : text;
    }

    private static string Objects(int count) => count == 1 ? "1 object" : $"{count} objects";

    private int Count(PlannedAction action) => CountOf(Changes, action);

    private static int CountOf(IEnumerable<PlannedChange> changes, PlannedAction action) =>
        changes.Count(change => change.Action == action);
}
