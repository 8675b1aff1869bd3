using System.CommandLine;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access list</c>: prints the rights of every account, from the synthesized roles and bindings.</summary>
public static class AccessListCommand
{
    /// <summary>The columns of the table, each with one request; <c>--json</c> gives every rule.</summary>
    private static readonly (string Title, AccessRequest Request)[] s_questions =
    [
        ("See", new("get", "", "pods/log")),
        ("Deploy", new("create", "apps", "deployments")),
        ("Restart", new("delete", "", "pods")),
        ("Exec", new("create", "", "pods/exec")),
        ("Secrets", new("get", "", "secrets")),
        ("Policies", new("patch", "networking.k8s.io", "networkpolicies")),
        ("Grants", new("create", "rbac.authorization.k8s.io", "rolebindings")),
        ("Tokens", new("create", "", "serviceaccounts/token")),
    ];

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var environment = new Option<string?>("--environment")
        {
            HelpName = "NAME",
            Description = "Only rights in the namespaces of this environment, and rights in the whole cluster.",
        };
        var skipSynth = CommandContext.SkipSynth();
        return context.Verb(
            "list",
            "Print the rights of every account, from the synthesized roles and bindings.",
            [environment, skipSynth],
            async (parsed, output, _) =>
            {
                var workspace = context.Workspace();
                var chosen = parsed.GetValue(environment);
                Require(workspace.Platform, chosen);
                await RequireStacksAsync(workspace, "access list", parsed.GetValue(skipSynth));
                var rights = parsed.GetValue(skipSynth)
                    ? SynthesizedRights.Read(workspace.Output)
                    : workspace.Synthesized(SynthesizedRights.Read);
                var entries = Entries(rights, chosen);
                Write(output, entries);
                output.Line(
                    "An admission policy restricts apply-{environment} to namespaces of its environment, "
                        + "although its roles apply everywhere."
                );
                output.Line(
                    "Not in this list: roles of third-party charts and of Kubernetes, and the kubeconfig that Linode issues."
                );
                output.Json(new { entries });
                return ExitCode.Done;
            }
        );
    }

    private static void Require(PlatformSpec platform, string? environment)
    {
        if (environment is not null && !platform.Environments.Any(one => one.Name.Text == environment))
            throw NoEnvironment(platform, environment);
    }

    /// <summary>Requires what a command needs that reads all synthesized stacks.</summary>
    internal static Task RequireStacksAsync(Workspace workspace, string command, bool skipSynth) =>
        Needs.Of(workspace, command).Synthesis(skipSynth, workspace.Waves([]).SelectMany(wave => wave)).RequireAsync();

    /// <summary>The error for a name that is no environment.</summary>
    internal static UsageException NoEnvironment(PlatformSpec platform, string given)
    {
        var known = platform.Environments.Select(one => one.Name.Text).ToList();
        return new(
            $"--environment: given {given}; allowed: {string.Join(", ", known)}."
                + $"{Suggestion.Sentence(given, known)} Name an existing environment."
        );
    }

    private sealed record Entry(string Account, string? Namespace, IReadOnlyList<string> Roles, IReadOnlyList<RoleRule> Rules);

    private static List<Entry> Entries(AccessRights rights, string? environment) =>
        [
            .. rights
                .Grants.Where(grant =>
                    environment is null
                    || grant.Namespace is not { } space
                    || rights.Namespaces.GetValueOrDefault(space)?.GetValueOrDefault("environment") == environment
                )
                .GroupBy(grant => (grant.Subject, grant.Namespace))
                .OrderBy(group => group.Key.Namespace ?? "", StringComparer.Ordinal)
                .ThenBy(group => group.Key.Subject, StringComparer.Ordinal)
                .Select(group => new Entry(
                    group.Key.Subject,
                    group.Key.Namespace,
                    [.. group.Select(grant => grant.Role.Name)],
                    [.. group.SelectMany(grant => grant.Role.Rules)]
                )),
        ];

    private static void Write(CommandOutput output, IEnumerable<Entry> entries) =>
        output.Rows(
            [new("In"), new("Account"), new("Role"), .. s_questions.Select(question => new Column(question.Title))],
            entries.Select(entry =>
                (IReadOnlyList<string>)
                    [
                        entry.Namespace ?? "everywhere",
                        Short(entry.Account),
                        string.Join(", ", entry.Roles),
                        .. s_questions.Select(question => Cell(entry, question.Request)),
                    ]
            )
        );

    // All rules of an entry are of one namespace, so the request needs no namespace.
    private static string Cell(Entry entry, AccessRequest request)
    {
        var about = entry.Rules.Where(rule => rule.IsAbout(request)).ToList();
        var names = about.SelectMany(rule => rule.Names).Distinct().ToList();
        return about switch
        {
            [] => "-",
            _ when about.Any(rule => rule.Names.Count == 0) => "yes",
            _ when names is [var own] && entry.Account.EndsWith($":{own}", StringComparison.Ordinal) => "own",
            _ => string.Join(", ", names),
        };
    }

    private static string Short(string account) =>
        account.StartsWith(AccessRights.ServiceAccount, StringComparison.Ordinal)
            ? account[AccessRights.ServiceAccount.Length..].Replace(':', '/')
            : account;
}
