using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary>
/// Writes a locked audit record of the network policy changes of an apply: the configuration that was applied last, from the
/// archive, against the configuration that is applied now. The record of the apply itself shows its outcome.
/// </summary>
public static class SegmentAudit
{
    /// <summary>The kind of these records.</summary>
    public const string Kind = "segment change";

    /// <summary>
    /// Writes the record of a stack that is about to be applied; no record if its network policies do not change. If the record
    /// cannot be written, nothing may be applied: afterwards nothing locked would show who opened what.
    /// </summary>
    /// <param name="workspace">Has the synthesized stacks.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="plan">What the apply would change.</param>
    /// <param name="say">Called with a line for the operator.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <exception cref="PipelineException">The record cannot be written, and the plan changes an object that decides about
    /// connections. If it changes none, a line reports the missing record.</exception>
    public static async Task WriteAsync(
        Workspace workspace,
        StateArchive archive,
        StackDirectory stack,
        PlanSummary plan,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        try
        {
            if (await ChangeAsync(workspace, archive, stack, cancellation) is not { IsEmpty: false } change)
                return;
            var facts = await RunContext.ReadAsync(workspace, cancellation);
            await archive.Audit.WriteAsync(AuditRecord.Of(facts, Kind, stack.Name, reason: null, change), cancellation);
        }
        catch (PipelineException exception)
        {
            var touched = plan.Changes.Where(change => Decides(change.Address, stack)).Select(change => change.Address).ToList();
            if (touched.Count > 0)
                throw new PipelineException(
                    $"{stack.Name}: NOTHING was applied. The plan changes {string.Join(", ", touched)}, which decide about "
                        + $"connections, and the locked record of this change cannot be written: {exception.Message} Run the "
                        + "command again when the archive bucket can be written to; \"state doctor\" checks it.",
                    exception
                );
            say(
                $"{stack.Name}: network policies are not compared with the last apply: {exception.Message} The plan changes none."
            );
        }
    }

    // Of a release, only one whose values have policies or the nodes' firewall. The values of a removed one are not in the stack.
    private static bool Decides(string address, StackDirectory stack) =>
        address.Split('.') is [.., var type, var name]
        && (
            _types.Contains(type)
            || (
                type == "helm_release"
                && (
                    stack.Configuration["resource"]?[type]?[name] is not JsonObject release
                    || _charts.Any(word => release.ToJsonString().Contains(word, StringComparison.Ordinal))
                )
            )
        );

    private static readonly HashSet<string> _types =
    [
        // Policies select namespaces by their labels.
        "kubernetes_namespace_v1",
        "kubernetes_network_policy_v1",
        "linode_firewall",
        "linode_lke_cluster",
    ];

    private static readonly string[] _charts = ["NetworkPolicy", "cloud-firewall-controller"];

    private static async Task<SegmentChange> ChangeAsync(
        Workspace workspace,
        StateArchive archive,
        StackDirectory stack,
        CancellationToken cancellation
    )
    {
        // Both sides have the other stacks in their current form, so the difference is the change of this stack. A rollback may
        // run without a synthesis; then both sides have only this stack.
        var after = Directory.Exists(Path.Combine(workspace.Output, "stacks"))
            ? SynthesizedObjects.Stacks(workspace.Output).ToDictionary()
            : [];
        after[stack.Name] = stack.Configuration;
        var before = after.Where(one => one.Key != stack.Name).ToDictionary();
        if (await LastAsync(archive, stack.Name, cancellation) is { } last)
            before[stack.Name] = last;
        return SegmentChange.Between(before, after);
    }

    private static async Task<JsonObject?> LastAsync(StateArchive archive, string stack, CancellationToken cancellation)
    {
        var last = (await archive.ListAsync(stack, cancellation)).FirstOrDefault(entry => entry.Manifest.IsGood);
        if (last is null)
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
