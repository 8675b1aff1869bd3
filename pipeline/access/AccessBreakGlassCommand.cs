using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access break-glass</c>: full rights for at most an hour, with a reason, an approval and an audit record.</summary>
public static class AccessBreakGlassCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "What is broken." };
        var ticket = new Option<string?>("--ticket") { HelpName = "ID", Description = "The ticket of the incident." };
        var approvedBy = new Option<string?>("--approved-by")
        {
            HelpName = "NAME",
            Description =
                "Outside GitHub: the person who approved it; not you. Record the approval in the ticket afterwards. "
                + "In GitHub the environment break-glass asks for approval.",
        };
        var minutes = new Option<int>("--minutes")
        {
            HelpName = "N",
            DefaultValueFactory = _ => BreakGlass.LongestMinutes,
            Description = "How long, 10 to 60 minutes.",
        };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 10 or > BreakGlass.LongestMinutes)
                result.AddError(
                    $"--minutes: given {result.GetValueOrDefault<int>()}; allowed: 10 (the shortest token of Kubernetes) "
                        + $"to {BreakGlass.LongestMinutes}. If you need more time, open it again."
                );
        });
        var file = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description = "The kubeconfig file to write; outputs/kubeconfig/break-glass by default.",
        };
        var revoke = new Option<bool>("--revoke") { Description = "Revoke every open use at once." };
        return context.Verb(
            "break-glass",
            "Write a kubeconfig with full rights for at most an hour, for emergencies; it is audited and announced.",
            [reason, ticket, approvedBy, minutes, file, revoke],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var glass = new BreakGlass(workspace, output);
                if (parsed.GetValue(revoke))
                {
                    var revoked = await glass.RevokeAsync(cancellation);
                    output.Line(
                        revoked.Count == 0
                            ? "Break-glass is not open."
                            : $"Revoked: {string.Join(", ", revoked)}. Their tokens have ended."
                    );
                    output.Json(new { revoked });
                    return ExitCode.Done;
                }
                var why = Case(
                    workspace.Environment,
                    parsed.GetValue(reason),
                    parsed.GetValue(ticket),
                    parsed.GetValue(approvedBy)
                );
                var path = Path.GetFullPath(
                    parsed.GetValue(file) ?? Path.Combine("outputs", "kubeconfig", "break-glass"),
                    workspace.Directory
                );
                var (secret, expires, audit) = await glass.OpenAsync(
                    why,
                    TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                    path,
                    cancellation
                );
                output.Line($"Break-glass is open until {AccessToken.Until(expires)}: {path}");
                output.Line($"Recorded in {audit}. Approved by {why.Approval.By}: {why.Approval.Evidence}");
                output.Line("Revoke it when you are done: dotnet run -- access break-glass --revoke");
                output.Json(
                    new
                    {
                        secret,
                        file = path,
                        expires,
                        audit,
                        why.Approval,
                    }
                );
                return ExitCode.Done;
            }
        );
    }

    private static BreakGlassCase Case(
        IReadOnlyDictionary<string, string> environment,
        string? reason,
        string? ticket,
        string? approvedBy
    )
    {
        // On GitHub the job starts only after the environment's reviewers have approved it; the run shows who approved.
        var onGitHub = environment.GetValueOrDefault("GITHUB_ACTIONS") == "true";
        var actor = environment.GetValueOrDefault("USER") ?? "you";
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(reason))
            problems.Add("--reason is missing. Describe what is broken.");
        if (string.IsNullOrWhiteSpace(ticket))
            problems.Add("--ticket is missing. Name the ticket of the incident.");
        if (!onGitHub && (string.IsNullOrWhiteSpace(approvedBy) || approvedBy == actor))
            problems.Add(
                $"--approved-by: given \"{approvedBy}\"; allowed: a person other than {actor} who has approved it. "
                    + "Ask a member of the platform team, or run the workflow break-glass on GitHub."
            );
        if (problems.Count > 0)
            throw new UsageException(string.Join('\n', problems));
        return new(
            reason!,
            ticket!,
            onGitHub
                ? new("GitHub's environment break-glass", RunAddress(environment))
                : new(approvedBy!, $"{approvedBy} writes it into {ticket} now")
        );
    }

    private static string RunAddress(IReadOnlyDictionary<string, string> environment)
    {
        string Of(string name) => environment.GetValueOrDefault($"GITHUB_{name}", "");
        return $"{Of("SERVER_URL")}/{Of("REPOSITORY")}/actions/runs/{Of("RUN_ID")}";
    }
}
