using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>What happens to one object.</summary>
public enum PlannedAction
{
    /// <summary>It is made.</summary>
    Add,

    /// <summary>It is changed where it stands.</summary>
    Change,

    /// <summary>It is destroyed and made anew: what it held is gone.</summary>
    Replace,

    /// <summary>It is destroyed.</summary>
    Destroy,

    /// <summary>Terraform stops managing it; it stays.</summary>
    Forget,

    /// <summary>Terraform starts managing it; it stays as it is.</summary>
    Import,

    /// <summary>It gets another address; it stays as it is.</summary>
    Move,
}

/// <summary>One object that a plan touches.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Action">What happens to it.</param>
/// <param name="Note">What Terraform does not say about it; null mostly.</param>
public sealed record PlannedChange(string Address, PlannedAction Action, string? Note = null);

/// <summary>A plan in a few lines: addresses and actions, never a value, so that it may be shown anywhere.</summary>
/// <param name="Name">The stack.</param>
/// <param name="Changes">What changes, by address.</param>
/// <param name="Outputs">How many outputs change.</param>
public sealed record PlanSummary(string Name, IReadOnlyList<PlannedChange> Changes, int Outputs)
{
    // Linode gives a pool of another type or encryption new nodes, while the plan reads "updated in-place" (measured, provider 3.13.0).
    private static readonly string[] _replacingPool = ["type", "disk_encryption"];

    /// <summary>Objects made.</summary>
    public int Add => Count(PlannedAction.Add);

    /// <summary>Objects changed in place.</summary>
    public int Change => Count(PlannedAction.Change);

    /// <summary>Objects replaced.</summary>
    public int Replace => Count(PlannedAction.Replace);

    /// <summary>Objects destroyed for good.</summary>
    public int Destroy => Count(PlannedAction.Destroy);

    /// <summary>True when applying the plan would do nothing.</summary>
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
                $"Terraform says in-place, Linode replaces the pool's nodes: {string.Join(", ", replaced)} changes"
            ),
            ["update"] => new(address, PlannedAction.Change),
            ["delete"] => new(address, PlannedAction.Destroy),
            ["forget"] => new(address, PlannedAction.Forget),
            ["delete", "create"] or ["create", "delete"] => new(address, PlannedAction.Replace),
            var actions => throw new PipelineException(
                $"{address}: the plan has an action this program does not know ({string.Join(", ", actions)}). Use Terraform 1.11 or teach PlanSummary."
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
                // Pools are a list whose order is significant; one that is there before and after is the same pool.
                .. (change["before"]?["pool"]?.AsArray() ?? [])
                    .Zip(change["after"]?["pool"]?.AsArray() ?? [], (before, after) => (before, after))
                    .SelectMany((pool, position) => Differing($"pool[{position}].", pool.before, pool.after)),
            ],
            _ => [],
        };

    // A null after is a value that only Linode knows yet, which is no change of ours.
    private static IReadOnlyList<string> Differing(string prefix, JsonNode? before, JsonNode? after) =>
        [
            .. _replacingPool
                .Where(name => after?[name] is { } wanted && !JsonNode.DeepEquals(before?[name], wanted))
                .Select(name => prefix + name),
        ];
}
