using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
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
}

/// <summary>A tainted object: a stop or an error interrupted its creation, and the next plan replaces it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Id">Its id.</param>
/// <param name="Condition">What it is at its API.</param>
/// <param name="Status">The status that the API shows; null if objects of its type have none.</param>
public sealed record TaintedObject(string Address, string Id, TaintedCondition Condition, string? Status);

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

    /// <summary>
    /// The addresses that a state has as tainted, without keys whose secret is lost: those are replaced on purpose.
    /// </summary>
    public static IReadOnlyList<string> Of(StateFile? state) =>
        [
            .. (state?.Objects ?? [])
                .Where(item => item.Tainted && !ImportIds.TellsItsSecretOnce(item.Type))
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

    /// <summary>Removes the mark of what is ready, and forgets what does not exist. The rest is not changed.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The stack.</param>
    /// <param name="command">The command, for the audit record.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <returns>All tainted objects as they were found.</returns>
    public static async Task<IReadOnlyList<TaintedObject>> RecoverAsync(
        Workspace workspace,
        string name,
        string command,
        CancellationToken cancellation
    )
    {
        var terraform = workspace.Terraform(workspace.Stack(name), Placeholders.Allowed);
        var found = await LookAsync(terraform, StateFile.FromPull(await terraform.PullStateAsync(cancellation)), cancellation);
        var changed = found.Where(item => item.Condition is TaintedCondition.Ready or TaintedCondition.Gone).ToList();
        if (changed.Count == 0)
            return found;
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var facts = await RunContext.ReadAsync(workspace, cancellation);
        await StateArchive
            .Of(workspace, buckets)
            .Audit.WriteAsync(
                AuditRecord.Of(facts, command, name, "Creates that were interrupted", new { tainted = changed }),
                cancellation
            );
        foreach (var item in changed)
        {
            if (item.Condition == TaintedCondition.Ready)
                await terraform.UntaintAsync(item.Address, cancellation);
            else
                await terraform.ForgetAsync(item.Address, cancellation);
        }
        using var archiver = StackArchiver.Open(workspace, _ => { });
        await archiver.BackupAsync(name, cancellation);
        return found;
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
                $"{item.Address} exists and is not ready yet ({Of(item)}). Run \"state recover {stack}\" " + "again later.",
            _ => $"{item.Address} exists, and its creation failed ({Of(item)}). To replace it: delete it in the Cloud Manager, "
                + $"then run \"state recover {stack}\" and \"deploy {stack}\". To keep it: repair it there, then run "
                + $"\"state recover {stack}\".",
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
                : s_failed.Contains(status) ? TaintedCondition.Failed
                : TaintedCondition.NotReady,
            status
        );
    }

    private static string Of(TaintedObject item) => item.Status is null ? $"id {item.Id}" : $"id {item.Id}, status {item.Status}";
}
