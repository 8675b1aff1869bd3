using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary>
/// Writes a locked audit record of the network policy changes of an apply or a destroy: the configuration that was applied last,
/// from the archive, against the configuration that is applied now. The record of the apply itself shows its outcome. After an
/// apply or destroy that failed or was killed, or a change by hand, the cluster is not what was applied last: then the plan says
/// what changes, and the record has it as its reason.
/// </summary>
public static partial class SegmentAudit
{
    /// <summary>The kind of these records.</summary>
    public const string Kind = "segment change";

    /// <summary>
    /// Writes the record of a stack that is about to be applied; no record if its network policies do not change, neither in the
    /// configuration nor in the cluster. If the record cannot be written, nothing may be applied: afterwards nothing locked would
    /// show who opened what.
    /// </summary>
    /// <param name="workspace">Has the synthesized stacks.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="plan">What the apply would change.</param>
    /// <param name="say">Called with a line for the operator.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <exception cref="PipelineException">The record cannot be written, and the plan changes an object that may decide about
    /// connections. If it changes none, a line reports the missing record.</exception>
    public static Task WriteAsync(
        Workspace workspace,
        StateArchive archive,
        StackDirectory stack,
        PlanSummary plan,
        Action<string> say,
        CancellationToken cancellation
    ) => WriteAsync(workspace, archive, stack, stack.Configuration, plan, say, cancellation);

    /// <summary>The same for a stack that is about to be destroyed: afterwards it has no policies.</summary>
    /// <inheritdoc cref="WriteAsync(Workspace, StateArchive, StackDirectory, PlanSummary, Action{string}, CancellationToken)"/>
    public static Task WriteDestroyAsync(
        Workspace workspace,
        StateArchive archive,
        StackDirectory stack,
        PlanSummary plan,
        Action<string> say,
        CancellationToken cancellation
    ) => WriteAsync(workspace, archive, stack, null, plan, say, cancellation);

    private static async Task WriteAsync(
        Workspace workspace,
        StateArchive archive,
        StackDirectory stack,
        JsonObject? becomes,
        PlanSummary plan,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        try
        {
            var change = await ChangeAsync(workspace, archive, stack.Name, becomes, cancellation);
            var rules = change.IsEmpty ? plan.Changes.Select(one => one.Address).Where(IsRule).ToList() : [];
            if (change.IsEmpty && rules.Count == 0)
                return;
            var facts = await RunContext.ReadAsync(workspace, cancellation);
            var reason = change.IsEmpty
                ? "Nothing differs from the last apply that succeeded, but a later one failed or was killed, or somebody changed "
                    + $"the cluster: the plan changes {string.Join(", ", rules)}."
                : null;
            await archive.Audit.WriteAsync(AuditRecord.Of(facts, Kind, stack.Name, reason, change), cancellation);
        }
        catch (PipelineException exception)
        {
            var touched = plan.Changes.Select(change => change.Address).Where(MayDecide).ToList();
            if (touched.Count > 0)
                throw new PipelineException(
                    $"{stack.Name}: NOTHING was {(becomes is null ? "destroyed" : "applied")}. The plan changes "
                        + $"{string.Join(", ", touched)}, which may decide about connections, and the locked record of this "
                        + $"change cannot be written: {exception.Message} Run the command again when the archive bucket can "
                        + "be written to; \"state doctor\" checks it.",
                    exception
                );
            say(
                $"{stack.Name}: network policies are not compared with the last apply: {exception.Message} The plan changes none."
            );
        }
    }

    /// <summary>
    /// Whether an object may decide who connects to what. Only the kinds that never do are listed: a kind that nobody thought of
    /// needs the record. A Helm release may contain policies, before or after the change; a namespace's labels select.
    /// </summary>
    /// <param name="address">The address: <c>module.a["b.c"].kubernetes_namespace_v1.main["d.e"]</c>.</param>
    internal static bool MayDecide(string address) => !_neverDecide.Contains(TypeOf(address));

    private static bool IsRule(string address) => TypeOf(address) == "kubernetes_network_policy_v1";

    private static string TypeOf(string address) =>
        Keys().Replace(address, "").Split('.').Chunk(2).First(pair => pair[0] != "module")[0];

    private static readonly HashSet<string> _neverDecide =
    [
        "kubernetes_cluster_role_binding_v1",
        "kubernetes_cluster_role_v1",
        "kubernetes_config_map_v1",
        "kubernetes_default_service_account_v1",
        "kubernetes_limit_range_v1",
        "kubernetes_resource_quota_v1",
        "kubernetes_role_binding_v1",
        "kubernetes_role_v1",
        "kubernetes_secret_v1",
        "kubernetes_service_account_v1",
        "kubernetes_storage_class_v1",
        "linode_object_storage_bucket",
        "linode_object_storage_key",
    ];

    // Instance keys: a number or a text, which may have dots and brackets.
    [GeneratedRegex("""\[("(\\.|[^"\\])*"|[0-9]+)\]""")]
    private static partial Regex Keys();

    private static async Task<SegmentChange> ChangeAsync(
        Workspace workspace,
        StateArchive archive,
        string stack,
        JsonObject? becomes,
        CancellationToken cancellation
    )
    {
        // Both sides have the other stacks in their current form, so the difference is the change of this stack. A rollback may
        // run without a synthesis; then both sides have only this stack.
        var after = Directory.Exists(Path.Combine(workspace.Output, "stacks"))
            ? SynthesizedObjects.Stacks(workspace.Output).ToDictionary()
            : [];
        after.Remove(stack);
        var before = after.ToDictionary();
        if (becomes is not null)
            after[stack] = becomes;
        if (await LastAsync(archive, stack, cancellation) is { } last)
            before[stack] = last;
        return SegmentChange.Between(before, after);
    }

    private static async Task<JsonObject?> LastAsync(StateArchive archive, string stack, CancellationToken cancellation)
    {
        var last = (await archive.ListAsync(stack, cancellation)).FirstOrDefault(entry =>
            entry.Manifest.IsGood || entry.Manifest.Outcome == ApplyOutcome.Destroyed
        );
        if (last is null || last.Manifest.Outcome == ApplyOutcome.Destroyed)
            return null;
        var directory = Directory.CreateTempSubdirectory("infra-cdktf-segment-").FullName;
        try
        {
            await archive.ExtractAsync(last, directory, cancellation);
            return JsonNode
                .Parse(await File.ReadAllTextAsync(Path.Combine(directory, StackDirectory.FileName), cancellation))!
                .AsObject();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
