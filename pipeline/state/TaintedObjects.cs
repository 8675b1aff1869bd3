using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>What a tainted object is at its API.</summary>
public enum TaintedCondition
{
    /// <summary>It exists and is ready: the next apply can continue with it.</summary>
    Ready,

    /// <summary>It exists and is not ready yet.</summary>
    NotReady,

    /// <summary>It exists, and its creation failed.</summary>
    Failed,

    /// <summary>It does not exist.</summary>
    Gone,

    /// <summary>Its creation failed, and a person chose to replace it: it was deleted, or the next apply replaces it.</summary>
    Replaced,
}

/// <summary>The choice of a person: objects whose creation failed and that are replaced.</summary>
/// <param name="Addresses">Their addresses.</param>
/// <param name="Approval">Asks before one is deleted.</param>
public sealed record Replacements(IReadOnlyList<string> Addresses, Approval Approval);

/// <summary>A tainted object: a stop or an error interrupted its creation, and the next plan replaces it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Id">Its id.</param>
/// <param name="Condition">What it is at its API.</param>
/// <param name="Status">The status that the API shows; null if objects of its type have none.</param>
public sealed record TaintedObject(string Address, string Id, TaintedCondition Condition, string? Status)
{
    /// <summary>Its resource type.</summary>
    public string Type => Address.Split('.')[0];
}

/// <summary>
/// The tainted objects of a stack. A stop (Ctrl-C, SIGTERM) during the creates leaves what was waited for in the state as
/// tainted: the next plan replaces it, which <c>prevent_destroy</c> refuses (measured with provider 3.13.0). Without the mark the
/// next apply waits until the object is ready, and adds what is missing.
/// </summary>
public static class TaintedObjects
{
    // The statuses of databases, clusters, firewalls, domains and releases.
    private static readonly string[] s_ready = ["ready", "active", "enabled", "disabled", "deployed"];
    private static readonly string[] s_failed = ["failed", "degraded"];

    /// <summary>True if a status says that the creation of an object failed.</summary>
    public static bool HasFailed(string? status) => s_failed.Contains(status);

    /// <summary>
    /// The addresses that a state has as tainted, without keys whose secret is lost: those are replaced on purpose. A stop can
    /// leave a tainted key together with its secret, and that key is kept.
    /// </summary>
    public static IReadOnlyList<string> Of(StateFile? state) =>
        [
            .. (state?.Objects ?? [])
                .Where(item => item.Tainted && item.Deposed is null && !ImportIds.HasLostItsSecret(item))
                .Select(item => item.Address),
        ];

    /// <summary>Asks the providers for each tainted object. It writes nothing.</summary>
    /// <param name="terraform">Terraform for the stack, after its init.</param>
    /// <param name="state">The stack's state.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    public static async Task<IReadOnlyList<TaintedObject>> LookAsync(
        TerraformCli terraform,
        StateFile? state,
        CancellationToken cancellation
    )
    {
        if (Of(state) is not { Count: > 0 } addresses)
            return [];
        using var plan = new SavedPlan();
        await terraform.PlanAsync(
            new()
            {
                File = plan.File,
                Lock = false,
                OnlyRefresh = true,
            },
            cancellation
        );
        var shown = await terraform.ShowAsync(plan.File, cancellation);
        return [.. state!.Objects.Where(item => addresses.Contains(item.Address)).Select(item => Read(item, shown))];
    }

    /// <summary>
    /// Removes the mark of what is ready, forgets what does not exist, and deletes what failed and is to be replaced. The rest is
    /// not changed.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The stack.</param>
    /// <param name="command">The command, for the audit record.</param>
    /// <param name="replacements">What is to be replaced; null if nothing is.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <returns>All tainted objects as they were found, or with what was done.</returns>
    /// <exception cref="PipelineException">An object that is to be replaced is not one whose creation failed.</exception>
    public static async Task<IReadOnlyList<TaintedObject>> RecoverAsync(
        Workspace workspace,
        string name,
        string command,
        Replacements? replacements,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var state = await LiveState.Of(buckets, workspace.Platform, name).StateAsync(cancellation);
        var terraform = workspace.Terraform(workspace.Stack(name), Placeholders.Allowed);
        var found = await LookAsync(terraform, state, cancellation);
        if (replacements is not null)
            found = await ChosenAsync(name, found, replacements, cancellation);
        var changed = found
            .Where(item => item.Condition is TaintedCondition.Ready or TaintedCondition.Gone or TaintedCondition.Replaced)
            .ToList();
        if (changed.Count == 0)
            return found;
        var facts = await RunContext.ReadAsync(workspace, cancellation);
        await StateArchive
            .Of(workspace, buckets)
            .Audit.WriteAsync(
                AuditRecord.Of(facts, command, name, "Creates that were interrupted", new { tainted = changed }),
                cancellation
            );
        using var linode = new LinodeObjects(workspace.Environment, workspace.Time);
        var ids = new ImportIds(
            workspace.Stack(name).Configuration,
            address => state!.Objects.FirstOrDefault(item => item.Address == address)?.Id
        );
        foreach (var item in changed)
        {
            if (item.Condition == TaintedCondition.Ready)
            {
                await terraform.UntaintAsync(item.Address, cancellation);
                continue;
            }
            if (item.Condition == TaintedCondition.Replaced)
            {
                // Other types have no protection: the next apply replaces them.
                if (!linode.Has(item.Type))
                    continue;
                await linode.DeleteAsync(new(item.Address, item.Type, item.Id), ids, cancellation);
            }
            await terraform.ForgetAsync(item.Address, cancellation);
        }
        using var archiver = StackArchiver.Open(workspace, _ => { });
        await archiver.BackupAsync(name, cancellation);
        return found;
    }

    private static async Task<IReadOnlyList<TaintedObject>> ChosenAsync(
        string stack,
        IReadOnlyList<TaintedObject> found,
        Replacements replacements,
        CancellationToken cancellation
    )
    {
        var failed = found.Where(item => item.Condition == TaintedCondition.Failed).ToList();
        if (replacements.Addresses.Except(failed.Select(item => item.Address)).ToList() is [var wrong, ..])
        {
            var allowed =
                failed.Count == 0 ? "nothing, no creation failed" : string.Join(", ", failed.Select(item => item.Address));
            throw new PipelineException(
                $"stack {stack}: --replace {wrong}: allowed: {allowed}. Run the command again without it."
            );
        }
        var chosen = failed.Where(item => replacements.Addresses.Contains(item.Address)).ToList();
        if (chosen.Count == 0)
            return found;
        replacements.Approval.RequireSomebody("To delete what is to be replaced, add --yes.");
        var what = string.Join(", ", chosen.Select(item => $"{item.Address} ({Of(item)})"));
        return await replacements.Approval.AskAsync($"Delete {what}? The next deploy creates it again.", cancellation)
            ? [.. found.Select(item => chosen.Contains(item) ? item with { Condition = TaintedCondition.Replaced } : item)]
            : found;
    }

    /// <summary>What recovery did with an object, or what a person can do, one sentence.</summary>
    public static string Describe(TaintedObject item, string stack) =>
        item.Condition switch
        {
            TaintedCondition.Ready => $"{item.Address} exists and is ready ({Of(item)}): it is not tainted any more. The next "
                + "deploy keeps it and adds what is missing.",
            TaintedCondition.Gone =>
                $"{item.Address} does not exist ({Of(item)}): removed from the state. The next deploy creates it.",
            TaintedCondition.NotReady =>
                $"{item.Address} exists and is not ready yet ({Of(item)}). Run \"state recover {stack}\" again later.",
            TaintedCondition.Replaced =>
                $"{item.Address} is replaced as you chose ({Of(item)}). The next deploy creates it again.",
            _ => $"{item.Address} exists, and its creation failed ({Of(item)}). To delete it, so that the next deploy creates it "
                + $"again: \"state recover {stack} --replace '{item.Address}'\". To keep it: repair it in the Cloud Manager, "
                + $"then run \"state recover {stack}\".",
        };

    /// <summary>Reads one object from the JSON of a refresh-only plan.</summary>
    internal static TaintedObject Read(StateObject item, JsonObject plan)
    {
        var drift = (plan["resource_drift"] as JsonArray ?? []).FirstOrDefault(one =>
            one!["address"]!.GetValue<string>() == item.Address
        );
        if (drift?["change"]?["actions"]?[0]?.GetValue<string>() == "delete")
            return new(item.Address, item.Id, TaintedCondition.Gone, null);
        var status = ((drift?["change"]?["after"] ?? item.Attributes)["status"] as JsonValue)?.ToString();
        return new(
            item.Address,
            item.Id,
            status is null || s_ready.Contains(status) ? TaintedCondition.Ready
                : HasFailed(status) ? TaintedCondition.Failed
                : TaintedCondition.NotReady,
            status
        );
    }

    private static string Of(TaintedObject item) => item.Status is null ? $"id {item.Id}" : $"id {item.Id}, status {item.Status}";
}
