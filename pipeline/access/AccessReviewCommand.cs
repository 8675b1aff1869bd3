using System.CommandLine;
using System.Globalization;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// <c>access review</c>: lists denied escalations, and copies Linode's own records into the archive every night.
/// </summary>
public static class AccessReviewCommand
{
    // A day and an hour: a late copy leaves no gap, and a record that is copied twice is counted once.
    private const int NightHours = 25;

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var logs = new Option<string[]>("--log")
        {
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
            Description = "A file of the API server's audit log: events or lists of events; can be repeated.",
        };
        var account = new Option<bool>("--account")
        {
            Description = "Also review the copies of Linode's own records: refused logins, new tokens, new cluster credentials.",
        };
        var collect = new Option<bool>("--collect")
        {
            Description = "Copy Linode's events and logins into the locked archive instead; run it every night.",
        };
        var hours = CommandContext.Number(
            "--hours",
            "N",
            "How far back --collect reads; use 2160, all that Linode keeps, the first time.",
            1,
            2160,
            NightHours
        );
        return context.Verb(
            "review",
            "List denied escalations and their accounts, from audit logs and from Linode's own records.",
            [logs, account, collect, hours],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                if (parsed.GetValue(collect))
                {
                    await Needs
                        .Of(workspace, "access review")
                        .Buckets()
                        .Keys([StackNames.Core])
                        .Token("a token of an unrestricted user with the scopes events:read_only and account:read_only")
                        .RequireAsync();
                    var since = workspace.Time.GetUtcNow() - TimeSpan.FromHours(parsed.GetValue(hours)!.Value);
                    var (key, events, logins) = await AccountReview.CollectAsync(workspace, since, cancellation);
                    output.Line(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{events} events and {logins} logins since {AccessToken.Until(since)}: {key}"
                        )
                    );
                    output.Json(
                        new
                        {
                            record = key,
                            events,
                            logins,
                        }
                    );
                    return ExitCode.Done;
                }
                var files = parsed.GetValue(logs)!;
                if (files.Length == 0 && !parsed.GetValue(account))
                    throw new UsageException(
                        $"Nothing to review. Give --log FILE, --account, or both. {Limits(workspace.Platform.Tier)}"
                    );
                var read = files.Select(AuditLogFile.Read).ToList();
                List<Denial> denials = [.. read.SelectMany(file => file.Denials).OrderBy(denial => denial.At)];
                var (acts, unreadRecords) = parsed.GetValue(account)
                    ? await AccountReview.ReadAsync(workspace, cancellation)
                    : ([], []);
                var unread = read.SelectMany(file => file.Unread)
                    .Concat(unreadRecords.Select(key => $"{key}: not an audit record"))
                    .ToList();
                Show(output, denials, acts);
                foreach (var line in unread)
                    output.Line($"Not understood: {line}");
                if (unread.Count > 0)
                    output.Line($"Not understood: {unread.Count} in all. Each may be a denied escalation: look at it.");
                output.Line(Limits(workspace.Platform.Tier));
                output.Json(
                    new
                    {
                        denials,
                        account = acts,
                        unread,
                        limits = Limits(workspace.Platform.Tier),
                    }
                );
                // A line or record that was not understood could be a denied escalation.
                return unread.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    /// <summary>The limits of the audit data of a cluster tier.</summary>
    public static string Limits(ClusterTier tier) =>
        tier == ClusterTier.Enterprise
            ? "The API server's audit log comes from a Logs stream of type lke_audit_logs (docs/access.md); "
                + "it has no events from before the stream was created."
            : "LKE's standard tier gives no audit log: metrics count refusals but do not show the accounts. "
                + "Only Linode's own records (--account) are available.";

    private static void Show(CommandOutput output, IReadOnlyList<Denial> denials, IReadOnlyList<AccountAct> acts)
    {
        if (denials.Count > 0)
            output.Rows(
                [
                    new("Time"),
                    new("Account"),
                    new("From"),
                    new("Request") { IsProse = true },
                    new("Refused by") { IsProse = true },
                ],
                denials.Select(denial =>
                    (IReadOnlyList<string>)[AccessToken.Until(denial.At), denial.Actor, denial.From, denial.Act, denial.Why]
                )
            );
        if (acts.Count > 0)
            output.Rows(
                [new("Time"), new("Account"), new("From"), new("Action") { IsProse = true }, new("About") { IsProse = true }],
                acts.Select(act => (IReadOnlyList<string>)[AccessToken.Until(act.At), act.Actor, act.From, act.What, act.About])
            );
        output.Line(
            $"{denials.Count} denied escalations by {denials.Select(denial => denial.Actor).Distinct().Count()} accounts."
        );
    }
}
