using System.CommandLine;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access break-glass</c>: full rights for at most an hour, with a reason, an approval and an audit record.</summary>
public static class AccessBreakGlassCommand
{
    /// <summary>The variables that name the caller.</summary>
    private static readonly string[] _names = ["GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR", "USER", "LOGNAME", "SUDO_USER"];

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "What is broken." };
        var ticket = new Option<string?>("--ticket") { HelpName = "ID", Description = "The ticket of the incident." };
        var approvedBy = new Option<string?>("--approved-by")
        {
            HelpName = "NAME",
            Description =
                "The person who approved it; not you. It is recorded as unverified: that person writes the approval into the "
                + "ticket afterwards.",
        };
        var minutes = CommandContext.Number(
            "--minutes",
            "N",
            "How long, 10 (the shortest token of Kubernetes) to 60 minutes.",
            10,
            BreakGlass.LongestMinutes,
            BreakGlass.LongestMinutes,
            "If you need more time, open it again."
        );
        var file = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description = "The kubeconfig file to write; outputs/kubeconfig/break-glass by default.",
        };
        var revoke = new Option<bool>("--revoke")
        {
            Description = "Revoke every open use, and wait until the API server refuses their tokens.",
        };
        return context.Verb(
            "break-glass",
            "Write a kubeconfig with full rights for at most an hour, for emergencies; it is audited and announced.",
            [reason, ticket, approvedBy, minutes, file, revoke],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var glass = new BreakGlass(workspace, output);
                var path = Path.GetFullPath(
                    parsed.GetValue(file) ?? Path.Combine(IssuedKubeconfig.DirectoryOf(workspace), "break-glass"),
                    workspace.Directory
                );
                if (parsed.GetValue(revoke))
                {
                    await RequireClusterAsync(workspace);
                    var (revoked, ends) = await glass.RevokeAsync(path, cancellation);
                    foreach (var end in ends)
                        output.Line(end.Says);
                    output.Line(
                        revoked.Count == 0 ? "Break-glass is not open." : $"Break-glass is revoked: {string.Join(", ", revoked)}."
                    );
                    output.Json(new { revoked, ends });
                    return ExitCode.Done;
                }
                var why = await CaseAsync(
                    workspace,
                    parsed.GetValue(reason),
                    parsed.GetValue(ticket),
                    parsed.GetValue(approvedBy),
                    cancellation
                );
                var (secret, expires, audit) = await glass.OpenAsync(
                    why,
                    TimeSpan.FromMinutes(parsed.GetValue(minutes)!.Value),
                    path,
                    cancellation
                );
                output.Line($"Break-glass is open until {AccessToken.Until(expires)}: {path}");
                output.Line(
                    $"Recorded in {audit}. Approved by {why.Approval.By} ({why.Approval.State}): {why.Approval.Evidence}."
                );
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

    private static async Task<BreakGlassCase> CaseAsync(
        Workspace workspace,
        string? reason,
        string? ticket,
        string? approvedBy,
        CancellationToken cancellation
    )
    {
        var run = await RunContext.ReadAsync(workspace, cancellation);
        // A CI service and sudo give other names to the same person, so every name of the caller is refused.
        var names = new List<string> { run.Actor };
        names.AddRange(_names.Select(name => workspace.Environment.GetValueOrDefault(name)).OfType<string>());
        names.Add(System.Environment.UserName);
        var approver = approvedBy?.Trim() ?? "";
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(reason))
            problems.Add("--reason is missing. Describe what is broken.");
        if (string.IsNullOrWhiteSpace(ticket))
            problems.Add("--ticket is missing. Name the ticket of the incident.");
        if (Refusal(workspace, approver, names) is { } refusal)
            problems.Add(refusal);
        if (problems.Count > 0)
            throw new UsageException(string.Join('\n', problems));
        await RequireClusterAsync(workspace);
        var account = await new Kubectl(workspace).UserNameAsync(cancellation);
        return Refusal(workspace, approver, [.. names, account.Split(':')[^1]]) is { } own
            ? throw new UsageException(own)
            : new(reason!, ticket!, new(approver, $"{approver} writes it into {ticket} now"), account);
    }

    private static Task RequireClusterAsync(Workspace workspace) =>
        Needs.Of(workspace, "access break-glass").Cluster().RequireAsync();

    private static string? Refusal(Workspace workspace, string approver, IReadOnlyList<string> requester)
    {
        var isProgram =
            approver.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase)
            || AccountNames.IsReserved(approver)
            || workspace.Platform.Environments.Any(environment =>
                environment.Access.Any(grant => grant.Name == approver && grant.Profile == AccessProfile.Deployer)
            );
        return approver.Length > 0 && !isProgram && !requester.Contains(approver.TrimStart('@'), StringComparer.OrdinalIgnoreCase)
            ? null
            : $"--approved-by: given \"{approver}\"; allowed: a person other than "
                + $"{string.Join(", ", requester.Distinct(StringComparer.OrdinalIgnoreCase))} who has approved it"
                + $"{(isProgram ? ", not a workflow or an account of the platform" : "")}. "
                + "Ask a member of the platform team, by any channel.";
    }
}
