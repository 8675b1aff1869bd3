using System.CommandLine;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access offboard</c>: lists everything that a person holds, and ends the tokens of the person's accounts.</summary>
public static class AccessOffboardCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The name of the person's grants in the inventory." };
        var github = new Option<string?>("--github")
        {
            HelpName = "LOGIN",
            Description = "The person's name at GitHub, if it is not NAME.",
        };
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "Why; it is in the audit record." };
        var check = new Option<bool>("--check") { Description = "Only list what the person holds; end nothing." };
        return context.Verb(
            "offboard",
            "List everything that a person holds, and end the tokens of the person's accounts.",
            [name, github, reason, check],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var person = parsed.GetRequiredValue(name);
                var login = (parsed.GetValue(github) ?? person).TrimStart('@');
                if (AccountNames.IsReserved(person))
                    throw new UsageException(
                        $"NAME: given {person}, which is an account of the platform; allowed: the name of a person's grants. "
                            + "\"access list\" shows them."
                    );
                if (!parsed.GetValue(check) && string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
                    throw new UsageException(
                        "--reason is missing. Say why the tokens end, or give --check to list only what the person holds."
                    );
                var offboarding = new Offboarding(workspace, output);
                var report = await offboarding.ReportAsync(person, login, cancellation);
                // A misspelt name must not look like a person who holds nothing.
                if (report.Holdings.Count == 0 && report.Lines.Count == 0)
                    throw new UsageException(
                        $"NAME: given {person}{(login == person ? "" : $" ({login} at GitHub)")}; nothing in the inventory, the "
                            + "cluster, CODEOWNERS and the records has this name; grants have: "
                            + $"{string.Join(", ", Names(workspace.Platform))}. Check the spelling."
                    );
                Show(output, person, report);
                var (accounts, ends) = parsed.GetValue(check)
                    ? ([], [])
                    : await offboarding.EndAsync(person, parsed.GetValue(reason)!, cancellation);
                foreach (var end in ends)
                    output.Line(end.Says);
                if (parsed.GetValue(check))
                    output.Line("Nothing was ended (--check).");
                else
                    output.Line(
                        accounts.Count == 0
                            ? $"No account of {person} is in the cluster: no token of one works."
                            : $"The accounts of {person} are deleted: {string.Join(", ", accounts)}."
                    );
                if (report.Holdings.Any(holding => holding.Kind == "grant"))
                    output.Line(
                        "The inventory still has the grants: the next deploy of system creates the accounts again, without a "
                            + "token. Delete the lines above first."
                    );
                output.Json(
                    new
                    {
                        name = person,
                        report.Holdings,
                        report.Lines,
                        report.Teams,
                        report.NotRead,
                        ended = accounts,
                        ends,
                    }
                );
                return report.NotRead.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static IEnumerable<string> Names(PlatformSpec platform) =>
        platform.Environments.SelectMany(one => one.Access).Select(grant => grant.Name).Distinct().Order(StringComparer.Ordinal);

    private static void Show(CommandOutput output, string person, OffboardingReport report)
    {
        output.Rows(
            [new("Kind"), new("Where"), new("What") { IsProse = true }, new("To do") { IsProse = true }],
            report.Holdings.Select(holding =>
                (IReadOnlyList<string>)[holding.Kind, holding.Where, holding.What, holding.Remedy ?? "-"]
            )
        );
        output.Line(
            $"Tokens that {person} renewed are in no record. Each token ends {TokenLimits.LongestHours} hours after it was "
                + "requested, or with its account."
        );
        if (report.Lines.Count > 0)
            output.Line("Lines of the inventory with the name; delete or change them:");
        foreach (var line in report.Lines)
            output.Line($"  {line.Place}: {line.Text}");
        foreach (var (team, paths) in report.Teams.OrderBy(team => team.Key, StringComparer.Ordinal))
            output.Line(
                FormattableString.Invariant(
                    $"GitHub: remove {person} from the team {team} if they are a member; CODEOWNERS names it for {paths} paths."
                )
            );
        output.Line(
            "Not listed: users and tokens at Linode, keys of the buckets, state keys, and secrets of GitHub. "
                + "Replace what the person could read."
        );
        foreach (var missing in report.NotRead)
            output.Line($"Not read: {missing}");
    }
}
