using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>The planned action on one object.</summary>
public enum PlannedAction
{
    /// <summary>The object is created.</summary>
    Add,

    /// <summary>The object is changed in place.</summary>
    Change,

    /// <summary>The object is destroyed and created again; its data is lost.</summary>
    Replace,

    /// <summary>The object is destroyed.</summary>
    Destroy,

    /// <summary>Terraform stops managing the object; the object stays.</summary>
    Forget,

    /// <summary>Terraform starts managing the object; the object does not change.</summary>
    Import,

    /// <summary>The object gets another address in the state; the object does not change.</summary>
    Move,
}

/// <summary>One object of a plan.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Action">The planned action.</param>
/// <param name="Note">A fact that Terraform's plan does not show; usually null.</param>
public sealed record PlannedChange(string Address, PlannedAction Action, string? Note = null);

/// <summary>A plan in a few lines: addresses and actions, never a value, so it contains no secret.</summary>
/// <param name="Name">The stack.</param>
/// <param name="Changes">The changes, sorted by address.</param>
/// <param name="Outputs">How many outputs change.</param>
public sealed record PlanSummary(string Name, IReadOnlyList<PlannedChange> Changes, int Outputs)
{
    // Linode replaces the nodes of a pool whose type or encryption changes, but the plan shows "updated in-place" (measured,
    // provider 3.13.0).
    private static readonly string[] _replacingPool = ["type", "disk_encryption"];

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
    public static PlanSummary Of(string stack, JsonObject plan) =>
        new(
            stack,
            [
                .. (plan["resource_changes"]?.AsArray() ?? [])
                    .Where(resource => resource!["mode"]?.GetValue<string>() != "data")
                    .Select(resource => Read(resource!.AsObject()))
                    .OfType<PlannedChange>()
                    .OrderBy(change => change.Address, StringComparer.Ordinal),
            ],
            (plan["output_changes"]?.AsObject() ?? []).Count(output => !Actions(output.Value!).SequenceEqual(["no-op"]))
        );

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

    private int Count(PlannedAction action) => Changes.Count(change => change.Action == action);

    private static PlannedChange? Read(JsonObject resource)
    {
        var address = resource["address"]!.GetValue<string>();
        var change = resource["change"]!.AsObject();
        var replaced = ReplacedPools(resource["type"]!.GetValue<string>(), change);
        return Actions(change) switch
        {
            ["no-op"] when change["importing"] is not null => new(address, PlannedAction.Import),
            ["no-op"] when resource["previous_address"]?.GetValue<string>() is { } before => new(
                address,
                PlannedAction.Move,
                $"was {before}"
            ),
            ["no-op"] or ["read"] => null,
            ["create"] => new(address, PlannedAction.Add),
            ["update"] when replaced.Count > 0 => new(
                address,
                PlannedAction.Replace,
                $"Terraform shows in-place, but Linode replaces the pool's nodes: {string.Join(", ", replaced)} changes"
            ),
            ["update"] => new(address, PlannedAction.Change),
            ["delete"] => new(address, PlannedAction.Destroy),
            ["forget"] => new(address, PlannedAction.Forget),
            ["delete", "create"] or ["create", "delete"] => new(address, PlannedAction.Replace),
            var actions => throw new PipelineException(
                $"{address}: given the action {string.Join(", ", actions)}, which this program does not know; "
                    + "allowed: the actions of Terraform 1.11. Use Terraform 1.11, or extend PlanSummary."
            ),
        };
    }

    private static string[] Actions(JsonNode change) =>
        [.. change["actions"]!.AsArray().Select(action => action!.GetValue<string>())];

    private static IReadOnlyList<string> ReplacedPools(string type, JsonObject change) =>
        type switch
        {
            "linode_lke_node_pool" => Differing("", change["before"], change["after"]),
            "linode_lke_cluster" =>
            [
                // The order of the list of pools is significant: the pool at a position is the same pool before and after.
                .. (change["before"]?["pool"]?.AsArray() ?? [])
                    .Zip(change["after"]?["pool"]?.AsArray() ?? [], (before, after) => (before, after))
                    .SelectMany((pool, position) => Differing($"pool[{position}].", pool.before, pool.after)),
            ],
            _ => [],
        };

    // A null "after" is a value that is known only after the apply; it is not a change of the code.
    private static IReadOnlyList<string> Differing(string prefix, JsonNode? before, JsonNode? after) =>
        [
            .. _replacingPool
                .Where(name => after?[name] is { } wanted && !JsonNode.DeepEquals(before?[name], wanted))
                .Select(name => prefix + name),
        ];
}
