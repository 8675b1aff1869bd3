using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// One access-related entry of Linode's own records: a refused login, a new token, new credentials of the cluster, a changed
/// allow-list.
/// </summary>
/// <param name="At">When.</param>
/// <param name="Actor">The user at Linode.</param>
/// <param name="From">The address of a login; else empty.</param>
/// <param name="What">The action, as Linode names it.</param>
/// <param name="About">The object of the action.</param>
public sealed record AccountAct(DateTimeOffset At, string Actor, string From, string What, string About);

/// <summary>Copies Linode's events and logins into the archive, which is locked against changes, and reads them there.</summary>
public static class AccountReview
{
    private const string Kind = "account";

    private static readonly string[] _actions =
    [
        "lke_kubeconfig_",
        "lke_token_",
        "lke_control_plane_acl_",
        "lke_cluster_regenerate",
        "token_",
        "user_",
        "obj_access_key_",
        "stream_",
        "destination_",
    ];

    /// <summary>Copies the events and logins since a time into an audit record.</summary>
    /// <returns>The record's key, the number of events and of logins.</returns>
    public static async Task<(string Key, int Events, int Logins)> CollectAsync(
        Workspace workspace,
        DateTimeOffset since,
        CancellationToken cancellation
    )
    {
        using var account = new LinodeAccount(workspace.Environment, workspace.Time);
        var events = await account.EventsAsync(since, cancellation);
        var logins = await account.LoginsAsync(since, cancellation);
        var run = await RunContext.ReadAsync(workspace, cancellation);
        var record = AuditRecord.Of(
            run,
            Kind,
            StackNames.Core,
            reason: null,
            new
            {
                since,
                events,
                logins,
            }
        );
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        await StateArchive.Of(workspace, buckets).Audit.WriteAsync(record, cancellation);
        return (AuditLog.KeyOf(record), events.Count, logins.Count);
    }

    /// <summary>
    /// The access-related entries of all copies, oldest first; an entry that was copied several times appears once. Also the
    /// names of the records that cannot be read.
    /// </summary>
    public static async Task<(IReadOnlyList<AccountAct> Acts, IReadOnlyList<string> Unread)> ReadAsync(
        Workspace workspace,
        CancellationToken cancellation
    )
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var records = await StateArchive.Of(workspace, buckets).Audit.ListAsync(StackNames.Core, cancellation);
        var (acts, unread) = (new List<AccountAct>(), new List<string>());
        foreach (var record in records)
        {
            if (record.Kind == AuditLog.Unreadable)
                unread.Add(record.Reason!);
            if (record.Kind != Kind)
                continue;
            try
            {
                acts.AddRange(Acts([record.Body]));
            }
            // A field is missing or has another type.
            catch (Exception exception)
                when (exception is InvalidOperationException or NullReferenceException or ArgumentException or FormatException)
            {
                unread.Add(AuditLog.KeyOf(record));
            }
        }
        return ([.. acts.Distinct().OrderBy(act => act.At)], unread);
    }

    /// <summary>The access-related entries of these copies.</summary>
    public static IReadOnlyList<AccountAct> Acts(IEnumerable<JsonElement> copies)
    {
        var bodies = copies.Select(body => JsonNode.Parse(body.GetRawText())!).ToList();
        var events = bodies
            .SelectMany(body => body["events"]!.AsArray())
            .Where(item => _actions.Any(action => ((string)item!["action"]!).StartsWith(action, StringComparison.Ordinal)))
            .Select(item => new AccountAct(
                When(item!["created"]),
                (string?)item["username"] ?? "",
                "",
                (string)item["action"]!,
                (string?)item["entity"]?["label"] ?? ""
            ));
        var logins = bodies
            .SelectMany(body => body["logins"]!.AsArray())
            .Where(item => (string?)item!["status"] == "failed")
            .Select(item => new AccountAct(
                When(item!["datetime"]),
                (string?)item["username"] ?? "",
                (string?)item["ip"] ?? "",
                "login failed",
                ""
            ));
        return [.. events.Concat(logins).Distinct().OrderBy(act => act.At)];
    }

    private static DateTimeOffset When(JsonNode? moment) =>
        DateTimeOffset.Parse((string)moment!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
