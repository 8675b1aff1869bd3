using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// The last step of a recovery: a plan. A recovery is not complete while the next apply would replace or destroy what exists.
/// </summary>
/// <param name="Replaced">Addresses that the next apply would replace, without keys whose secret is lost.</param>
/// <param name="Destroyed">Addresses that the next apply would destroy.</param>
/// <param name="Error">Why there is no plan; null if there is one.</param>
public sealed partial record RecoveryPlan(IReadOnlyList<string> Replaced, IReadOnlyList<string> Destroyed, string? Error)
{
    private const string Tainted = "replace_because_tainted";

    /// <summary>Addresses that it still replaces or destroys as the plan of the killed apply, which was approved.</summary>
    public IReadOnlyList<string> Continued { get; private init; } = [];

    /// <summary>
    /// Addresses of objects of the account, if the state has some and the provider finds none of them: with the token of another
    /// account the plan creates all of them again.
    /// </summary>
    public IReadOnlyList<string> Vanished { get; private init; } = [];

    /// <summary>True if the next apply replaces and destroys nothing, and finds the account of the state.</summary>
    public bool IsSafe => Replaced.Count == 0 && Destroyed.Count == 0 && Vanished.Count == 0 && Error is null;

    /// <summary>Plans the stack. It writes nothing.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="approved">What the killed applies were to replace and destroy.</param>
    /// <param name="chosen">Addresses that a person chose to replace.</param>
    /// <param name="cancellation">Ends the plan.</param>
    public static async Task<RecoveryPlan> LookAsync(
        Workspace workspace,
        string stack,
        ApprovedEnds approved,
        IReadOnlyCollection<string> chosen,
        CancellationToken cancellation
    )
    {
        var terraform = workspace.Terraform(workspace.Stack(stack), Placeholders.Allowed);
        using var plan = new SavedPlan();
        try
        {
            await terraform.PlanAsync(new() { File = plan.File, Lock = false }, cancellation);
            var next = Of(stack, await terraform.ShowAsync(plan.File, cancellation), approved);
            return next with { Replaced = [.. next.Replaced.Except(chosen)] };
        }
        catch (TerraformException exception)
        {
            // Terraform makes no plan that destroys a protected object; its error names the objects.
            var kept = Protected().Matches(exception.Error).Select(match => match.Groups["address"].Value).Distinct().ToList();
            return kept.Count > 0 ? new(kept, [], null) : new([], [], exception.Error);
        }
    }

    /// <summary>
    /// Reads <c>terraform show -json</c> of a saved plan. The older object of an interrupted replacement is not among the
    /// destroyed ones: recovery announces it, and its plan was approved.
    /// </summary>
    public static RecoveryPlan Of(string stack, JsonObject plan, ApprovedEnds approved)
    {
        plan = plan.DeepClone().AsObject();
        (plan["resource_changes"] as JsonArray)?.RemoveAll(resource => resource!["deposed"] is not null);
        // Such a key has no secret in the state, so recovery marked it for replacement.
        var lost = (plan["resource_changes"]?.AsArray() ?? [])
            .Where(resource =>
                ImportIds.TellsItsSecretOnce(resource!["type"]!.GetValue<string>())
                && resource["action_reason"]?.GetValue<string>() == Tainted
            )
            .Select(resource => resource!["address"]!.GetValue<string>())
            .ToHashSet(StringComparer.Ordinal);
        var changes = PlanSummary
            .Of(stack, plan)
            .Changes.Where(change => !lost.Contains(change.Address))
            .ToLookup(one => one.Action);
        var replaced = changes[PlannedAction.Replace].Select(change => change.Address).ToList();
        var destroyed = changes[PlannedAction.Destroy].Select(change => change.Address).ToList();
        return new([.. replaced.Except(approved.Replaced)], [.. destroyed.Except(approved.Destroyed)], null)
        {
            Continued = [.. replaced.Intersect(approved.Replaced), .. destroyed.Intersect(approved.Destroyed)],
            Vanished = OfAccount(plan["prior_state"]?["values"]?["root_module"]?["resources"]).Any()
                ? []
                :
                [
                    .. OfAccount(plan["resource_drift"])
                        .Where(item => item["change"]!["actions"]![0]!.GetValue<string>() == "delete")
                        .Select(item => item["address"]!.GetValue<string>())
                        .Except(approved.Replaced)
                        .Except(approved.Destroyed),
                ],
        };
    }

    private static IEnumerable<JsonNode> OfAccount(JsonNode? resources) =>
        (resources as JsonArray ?? []).Where(item =>
            item!["mode"]!.GetValue<string>() == "managed"
            && item["deposed"] is null
            && item["type"]!.GetValue<string>().StartsWith("linode_", StringComparison.Ordinal)
        )!;

    /// <summary>What the next apply would replace and destroy, one line for each object.</summary>
    public IEnumerable<string> Describe(string stack)
    {
        foreach (var address in Continued)
            yield return $"{stack}: the next apply replaces or destroys {address}, as the plan of the killed apply, which was "
                + "approved.";
        foreach (var address in Replaced)
            yield return $"{stack}: the next apply would REPLACE {address}.";
        foreach (var address in Destroyed)
            yield return $"{stack}: the next apply would DESTROY {address}.";
        if (Vanished.Count > 0)
            yield return $"{stack}: the account has no object of the state: {string.Join(", ", Vanished)}. Check LINODE_TOKEN: "
                + "with the token of another account the next apply would create them a second time.";
        if (Error is not null)
            yield return $"{stack}: the next plan fails: {Error}";
        if (!IsSafe)
        {
            yield return $"{stack}: recovery is NOT complete. Do not deploy: read \"plan {stack}\" and "
                + "docs/runbooks/state.md#an-apply-was-killed.";
        }
    }

    [GeneratedRegex(@"Resource\s+(?<address>\S+)\s+has\s+lifecycle\.prevent_destroy\s+set")]
    private static partial Regex Protected();
}
