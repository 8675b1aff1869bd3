using System.Globalization;
using System.Text.Json;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Access;

/// <summary>One thing that a person holds.</summary>
/// <param name="Kind">What it is: grant, account, kubeconfig, break-glass, ownership, approval or request.</param>
/// <param name="Where">Where it is: an environment, a file, a record.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="Remedy">What to do; null if it ends without an action, or is only a fact.</param>
public sealed record Holding(string Kind, string Where, string What, string? Remedy);

/// <summary>A line of the inventory that names a person.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">The line.</param>
public sealed record InventoryLine(string Place, string Text);

/// <summary>Everything that a person holds, as far as this program can see.</summary>
/// <param name="Holdings">What the person holds.</param>
/// <param name="Lines">The lines of the inventory to delete or to change.</param>
/// <param name="Teams">The teams of CODEOWNERS, with the number of their paths. GitHub alone knows their members.</param>
/// <param name="NotRead">What could not be read, each with the reason.</param>
public sealed record OffboardingReport(
    IReadOnlyList<Holding> Holdings,
    IReadOnlyList<InventoryLine> Lines,
    IReadOnlyDictionary<string, int> Teams,
    IReadOnlyList<string> NotRead
);

/// <summary>Lists what a person holds, and ends the tokens of the person's accounts.</summary>
/// <param name="workspace">Has the platform, the checkout and the environment variables.</param>
/// <param name="output">The output for people.</param>
public sealed class Offboarding(Workspace workspace, CommandOutput output)
{
    /// <summary>The kind of the audit record of a kubeconfig that was issued to another person.</summary>
    public const string KubeconfigRecord = "kubeconfig";

    private readonly Kubectl _kubectl = new(workspace);

    /// <summary>Lists what a person holds. Changes nothing.</summary>
    /// <param name="name">The name of the person's grants.</param>
    /// <param name="login">The person's name at GitHub.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    public async Task<OffboardingReport> ReportAsync(string name, string login, CancellationToken cancellation)
    {
        var owners = CodeOwners.Read(workspace.Directory);
        var notRead = new List<string>();
        var records = await ReadAsync(
            "The audit records (kubeconfigs that were issued, uses and approvals of break-glass)",
            () => RecordsAsync(cancellation)
        );
        var accounts = await ReadAsync("The accounts in the cluster", () => AccountsAsync(name, cancellation));
        var files = await ReadAsync("The kubeconfigs on this machine", () => KubeconfigsAsync(name, cancellation));
        var uses = await ReadAsync("The open uses of break-glass", () => OpenUsesAsync(name, login, cancellation));
        return new(
            [
                .. Grants(name),
                .. accounts.Select(environment => new Holding(
                    "account",
                    environment.AccessNamespace,
                    $"ServiceAccount {name}",
                    null
                )),
                .. files,
                .. records.SelectMany(record => OfRecord(record, name, login)),
                .. uses,
                .. Ownership(name, login, owners),
                .. workspace.Platform.Overrides.SelectMany(one => OfOverride(one, name, login)),
            ],
            Lines(name, login),
            owners
                .SelectMany(entry => entry.Owners)
                .Where(CodeOwners.IsTeam)
                .CountBy(team => team)
                .ToDictionary(team => team.Key, team => team.Value, StringComparer.Ordinal),
            notRead
        );

        async Task<IReadOnlyList<T>> ReadAsync<T>(string what, Func<Task<IReadOnlyList<T>>> read)
        {
            try
            {
                return await read();
            }
            catch (PipelineException unreachable)
            {
                notRead.Add($"{what}: {unreachable.Message}");
                return [];
            }
        }
    }

    /// <summary>Deletes the person's accounts in all environments, and waits until the API server refuses their tokens.</summary>
    /// <param name="name">The name of the accounts.</param>
    /// <param name="reason">Why; it is in the audit record, which is written first.</param>
    /// <param name="cancellation">Ends the call; what is deleted stays deleted.</param>
    /// <returns>The deleted accounts and the end of their tokens.</returns>
    /// <exception cref="UsageException">The account is the caller's own.</exception>
    /// <exception cref="PipelineException">A token is still accepted after half a minute.</exception>
    public async Task<(IReadOnlyList<string> Accounts, IReadOnlyList<TokenEnd> Ends)> EndAsync(
        string name,
        string reason,
        CancellationToken cancellation
    )
    {
        var accounts = (await AccountsAsync(name, cancellation))
            .Select(environment => (environment.AccessNamespace, User: AccountNames.UserName(environment.AccessNamespace, name)))
            .ToList();
        if (accounts.Count == 0)
            return ([], []);
        var caller = await _kubectl.UserNameAsync(cancellation);
        if (accounts.Any(account => account.User == caller))
            throw new UsageException(
                $"NAME: given {name}, which is the account of your own kubeconfig; allowed: another person. "
                    + "Ask a member of the platform team to run this command."
            );
        var known = await IssuedKubeconfig.ReadAsync(workspace, Kubectl.Files(workspace), cancellation);
        var run = await RunContext.ReadAsync(workspace, cancellation);
        await AuditTrail.KeepAsync(
            workspace,
            AuditRecord.Of(
                run,
                "offboard",
                workspace.Platform.System.Name.Text,
                reason,
                new { Name = name, Accounts = accounts.Select(account => account.User) }
            ),
            output,
            cancellation
        );
        foreach (var (space, _) in accounts)
            await _kubectl.RunAsync(
                ["delete", "serviceaccount", name, "--namespace", space, "--ignore-not-found", "--wait=false"],
                cancellation
            );
        var ends = await TokenEnd.WaitAsync(
            workspace,
            [
                .. accounts.Select(account =>
                    (
                        $"{account.AccessNamespace}/{name}",
                        (IReadOnlyList<IssuedKubeconfig>)[.. known.Where(one => one.User == account.User && !IsOver(one))]
                    )
                ),
            ],
            output.Line,
            cancellation
        );
        return ([.. accounts.Select(account => $"{account.AccessNamespace}/{name}")], ends);
    }

    private bool IsOver(IssuedKubeconfig file) => file.Expires <= workspace.Time.GetUtcNow();

    private IEnumerable<Holding> Grants(string name) =>
        from environment in workspace.Platform.Environments
        from grant in environment.Access
        where grant.Name == name
        select new Holding(
            "grant",
            environment.Name.Text,
            $"{JsonNamingPolicy.KebabCaseLower.ConvertName(grant.Profile.ToString())} in "
                + string.Join(", ", environment.NamespacesOf(grant)),
            "Delete the grant in the inventory, then deploy system and this environment."
        );

    // Also accounts whose grant is deleted in the inventory and not deployed yet.
    private async Task<IReadOnlyList<EnvironmentSpec>> AccountsAsync(string name, CancellationToken cancellation)
    {
        var found = new List<EnvironmentSpec>();
        foreach (var environment in workspace.Platform.Environments)
        {
            var account = await _kubectl.RunAsync(
                [
                    "get",
                    "serviceaccount",
                    name,
                    "--namespace",
                    environment.AccessNamespace,
                    "--ignore-not-found",
                    "--output",
                    "name",
                ],
                cancellation
            );
            if (account.Trim().Length > 0)
                found.Add(environment);
        }
        return found;
    }

    private async Task<IReadOnlyList<Holding>> KubeconfigsAsync(string name, CancellationToken cancellation) =>
        [
            .. from file in await IssuedKubeconfig.ReadAsync(workspace, [], cancellation)
            where workspace.Platform.Environments.Any(one => AccountNames.UserName(one.AccessNamespace, name) == file.User)
            select new Holding(
                "kubeconfig",
                file.File,
                $"{file.User}, {(IsOver(file) ? "ended" : "until")} {AccessToken.Until(file.Expires)}",
                "Delete the file."
            ),
        ];

    private async Task<IReadOnlyList<AuditRecord>> RecordsAsync(CancellationToken cancellation)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        return await StateArchive.Of(workspace, buckets).Audit.ListAsync(workspace.Platform.System.Name.Text, cancellation);
    }

    private IEnumerable<Holding> OfRecord(AuditRecord record, string name, string login)
    {
        var place = AuditLog.KeyOf(record);
        if (record.Kind == KubeconfigRecord && Text(record.Body, "name") == name && End(record.Body) is { } end)
        {
            if (end > workspace.Time.GetUtcNow())
                yield return new(
                    "kubeconfig",
                    place,
                    $"{Text(record.Body, "environment")}, issued by {record.Actor}, until {AccessToken.Until(end)} at most",
                    null
                );
        }
        else if (record.Kind == "break-glass")
        {
            var by = record.Body.TryGetProperty("approval", out var approval) ? Text(approval, "by") : "";
            var at = AccessToken.Until(record.At);
            if (Is(record.Actor, name, login))
                yield return new("break-glass", place, $"opened it at {at} ({Text(record.Body, "ticket")})", null);
            if (Is(by, name, login))
                yield return new("approval", place, $"approved break-glass at {at} ({Text(record.Body, "ticket")})", null);
        }
    }

    private async Task<IReadOnlyList<Holding>> OpenUsesAsync(string name, string login, CancellationToken cancellation) =>
        [
            .. from use in await new BreakGlass(workspace, output).UsesAsync(cancellation)
            where Is(use.Actor, name, login)
            select new Holding(
                "break-glass",
                $"{workspace.Platform.System.AccessNamespace}/{use.Secret}",
                $"an open use, until {AccessToken.Until(use.Expires)}",
                "Revoke it: dotnet run -- access break-glass --revoke"
            ),
        ];

    private IEnumerable<Holding> Ownership(string name, string login, IReadOnlyList<CodeOwners> owners) =>
        [
            .. workspace
                .Platform.Environments.Where(environment => Is(environment.Owner, name, login))
                .Select(environment => new Holding(
                    "ownership",
                    environment.Name.Text,
                    "owner of the environment",
                    "Name another owner in the inventory."
                )),
            .. workspace
                .Platform.Applications.SelectMany(environment => environment.Teams.Select(team => (environment, team)))
                .Where(one => Is(one.team.Contact, name, login))
                .Select(one => new Holding(
                    "ownership",
                    one.environment.NamespaceOf(one.team),
                    "contact of the team",
                    "Name another contact in the inventory."
                )),
            .. owners
                .Where(entry => entry.Owners.Any(owner => Is(owner, name, login)))
                .Select(entry => new Holding(
                    "ownership",
                    entry.Path,
                    "owner in CODEOWNERS",
                    "Delete the name in CODEOWNERS, or name another owner."
                )),
            .. Is(workspace.Platform.Owner, name, login)
                ? [new Holding("ownership", "platform", "owner of the platform", "Name another owner in the inventory.")]
                : Array.Empty<Holding>(),
        ];

    private static IEnumerable<Holding> OfOverride(NetworkOverride one, string name, string login)
    {
        var last = one.Expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (Is(one.RequestedBy, name, login))
            yield return new(
                "request",
                $"network override {one.Name}",
                $"requested it; its last day is {last}",
                "Ask who needs it now; delete the override if nobody does."
            );
        if (one.Approvers.Any(approver => Is(approver, name, login)))
            yield return new(
                "approval",
                $"network override {one.Name}",
                $"approved it; its last day is {last}",
                "It stays approved. Let another person approve it if it must be extended."
            );
    }

    // Text search, because only the source has the place: a value of the inventory does not know its file.
    private IReadOnlyList<InventoryLine> Lines(string name, string login)
    {
        var directory = Path.Combine(workspace.Directory, "environments");
        return Directory.Exists(directory)
            ?
            [
                .. from file in Directory.EnumerateFiles(directory, "*.cs").Order(StringComparer.Ordinal)
                from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
                where line.Text.Split('"').Where((_, index) => index % 2 == 1).Any(text => Is(text, name, login))
                select new InventoryLine(
                    FormattableString.Invariant($"{Path.GetRelativePath(workspace.Directory, file)}:{line.Number}"),
                    line.Text.Trim()
                ),
            ]
            : [];
    }

    private static bool Is(string text, string name, string login) =>
        text.Trim().TrimStart('@') is var bare
        && (bare.Equals(name, StringComparison.OrdinalIgnoreCase) || bare.Equals(login, StringComparison.OrdinalIgnoreCase));

    private static string Text(JsonElement body, string field) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty(field, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    private static DateTimeOffset? End(JsonElement body) =>
        DateTimeOffset.TryParse(Text(body, "end"), CultureInfo.InvariantCulture, out var end) ? end : null;
}
