using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.Access;

/// <summary>The reason and the approval of a break-glass use.</summary>
/// <param name="Reason">What is broken.</param>
/// <param name="Ticket">The ticket of the incident.</param>
/// <param name="Approval">The approval.</param>
/// <param name="Account">The caller's user name at the API server.</param>
public sealed record BreakGlassCase(string Reason, string Ticket, BreakGlassApproval Approval, string Account);

/// <summary>An approval, as the caller gives it: nothing checks it.</summary>
/// <param name="By">A person who is not the caller.</param>
/// <param name="Evidence">Where the approval is documented: the ticket.</param>
public sealed record BreakGlassApproval(string By, string Evidence)
{
    /// <summary>The state of every approval.</summary>
    public const string Unverified = "unverified";

    /// <summary>Whether the approval was verified at its source: never today.</summary>
    public string State => Unverified;
}

/// <summary>An open use of break-glass.</summary>
/// <param name="Secret">The Secret that its token is bound to.</param>
/// <param name="Actor">Who opened it.</param>
/// <param name="Expires">When its token expires.</param>
public sealed record BreakGlassUse(string Secret, string Actor, DateTimeOffset Expires);

/// <summary>A revocation.</summary>
/// <param name="Secrets">The Secrets that were deleted, one for each open use.</param>
/// <param name="Ends">The end of their tokens.</param>
public sealed record BreakGlassRevocation(IReadOnlyList<string> Secrets, IReadOnlyList<TokenEnd> Ends);

/// <summary>
/// The break-glass account. Each use has its own Secret in the access namespace of system; the token is bound to it, so deleting
/// the Secret revokes the token.
/// </summary>
/// <param name="workspace">Has the platform and the environment variables.</param>
/// <param name="output">The output for people.</param>
public sealed class BreakGlass(Workspace workspace, CommandOutput output)
{
    /// <summary>The longest use, in minutes.</summary>
    public const int LongestMinutes = 60;

    private const string Label = "break-glass";
    private const string ExpiresAnnotation = "expires";

    private readonly Kubectl _kubectl = new(workspace);
    private readonly string _space = workspace.Platform.System.AccessNamespace;

    /// <summary>Opens a use: audit record, Secret, token, Event, kubeconfig, in this order.</summary>
    /// <returns>The name of the Secret, the expiry of the token, and the place of the audit record.</returns>
    public async Task<(string Secret, DateTimeOffset Expires, string Audit)> OpenAsync(
        BreakGlassCase why,
        TimeSpan lifetime,
        string file,
        CancellationToken cancellation
    )
    {
        await ForgetExpiredAsync(cancellation);
        var run = await RunContext.ReadAsync(workspace, cancellation);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Label}-{run.Started.UtcDateTime:yyyyMMdd-HHmmss}");
        // The record is written first, so that there is never access without a record.
        var audit = await AuditTrail.KeepAsync(
            workspace,
            Record(
                "break-glass",
                run,
                why.Reason,
                new
                {
                    why.Ticket,
                    why.Approval,
                    Account = why.Account,
                    Secret = name,
                    Minutes = (int)lifetime.TotalMinutes,
                }
            ),
            output,
            cancellation
        );
        var secret = await _kubectl.CreateAsync(Secret(name, run, why, lifetime), cancellation);
        try
        {
            var token = await AccessToken.RequestAsync(
                _kubectl,
                _space,
                AccountNames.BreakGlass,
                lifetime,
                (name, (string)secret["metadata"]!["uid"]!),
                cancellation
            );
            await NoteAsync(
                "BreakGlassOpened",
                $"{run.Actor} opened break-glass until {AccessToken.Until(token.Expires)}: "
                    + $"{why.Reason} ({why.Ticket}, approved by {why.Approval.By}, {why.Approval.State})",
                cancellation
            );
            await token.WriteKubeconfigAsync(_kubectl, workspace.Platform.System.Name.Text, file, cancellation);
            return (name, token.Expires, audit);
        }
        catch
        {
            // If opening fails, deleting the Secret also revokes the token, if one was created.
            await DeleteAsync(name, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The uses that have a Secret and have not expired.</summary>
    public async Task<IReadOnlyList<BreakGlassUse>> UsesAsync(CancellationToken cancellation) =>
        [
            .. from secret in await OpenSecretsAsync(cancellation)
            let annotations = secret["metadata"]!["annotations"]
            let use = new BreakGlassUse(
                Name(secret),
                (string?)annotations?["actor"] ?? "unknown",
                DateTimeOffset.TryParse((string?)annotations?[ExpiresAnnotation], CultureInfo.InvariantCulture, out var end)
                    ? end
                    : DateTimeOffset.MaxValue
            )
            where use.Expires > workspace.Time.GetUtcNow()
            select use,
        ];

    /// <summary>Revokes every open use, and waits until the API server refuses their tokens.</summary>
    /// <param name="file">A kubeconfig file of a use, in addition to the caller's own and those in outputs/kubeconfig.</param>
    /// <param name="cancellation">Ends the call; what is deleted stays deleted.</param>
    /// <exception cref="PipelineException">A token is still accepted after half a minute.</exception>
    public async Task<BreakGlassRevocation> RevokeAsync(string file, CancellationToken cancellation)
    {
        var mine = Kubectl.Files(workspace);
        var known = await IssuedKubeconfig.ReadAsync(workspace, [file, .. mine], cancellation);
        var own = known
            .Where(one => mine.Any(path => Path.GetFullPath(path, workspace.Directory) == one.File))
            .Select(one => one.Secret)
            .ToHashSet();
        // The Secret of the caller's own token is deleted last, because no call works afterwards.
        var open = (await OpenSecretsAsync(cancellation))
            .Select(Name)
            .OrderBy(own.Contains)
            .ThenBy(name => name, StringComparer.Ordinal)
            .ToList();
        if (open.Count == 0)
            return new([], []);
        var run = await RunContext.ReadAsync(workspace, cancellation);
        await AuditTrail.KeepAsync(
            workspace,
            Record("break-glass revoke", run, null, new { Secrets = open }),
            output,
            cancellation
        );
        await NoteAsync("BreakGlassRevoked", $"{run.Actor} revokes {string.Join(", ", open)}", cancellation);
        foreach (var name in open)
            await DeleteAsync(name, cancellation);
        var ends = await TokenEnd.WaitAsync(
            workspace,
            [.. open.Select(name => (name, (IReadOnlyList<IssuedKubeconfig>)[.. known.Where(one => one.Secret == name)]))],
            output.Line,
            cancellation
        );
        return new(open, ends);
    }

    private AuditRecord Record(string kind, RunContext run, string? reason, object body) =>
        AuditRecord.Of(run, kind, workspace.Platform.System.Name.Text, reason, body);

    private JsonObject Secret(string name, RunContext run, BreakGlassCase why, TimeSpan lifetime) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = _space,
                ["labels"] = new JsonObject { [Label] = "true" },
                ["annotations"] = new JsonObject
                {
                    ["actor"] = run.Actor,
                    ["reason"] = why.Reason,
                    ["ticket"] = why.Ticket,
                    ["approved-by"] = why.Approval.By,
                    ["approval"] = why.Approval.State,
                    [ExpiresAnnotation] = (run.Started + lifetime).ToString("O", CultureInfo.InvariantCulture),
                },
            },
            ["type"] = "Opaque",
            ["immutable"] = true,
        };

    // Expired tokens need no Secret, and the quota of the namespace counts Secrets.
    private async Task ForgetExpiredAsync(CancellationToken cancellation)
    {
        var now = workspace.Time.GetUtcNow();
        foreach (var secret in await OpenSecretsAsync(cancellation))
        {
            var expires = (string?)secret["metadata"]!["annotations"]?[ExpiresAnnotation];
            if (DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, out var end) && end <= now)
                await DeleteAsync(Name(secret), cancellation);
        }
    }

    private async Task<IReadOnlyList<JsonObject>> OpenSecretsAsync(CancellationToken cancellation)
    {
        var list = await _kubectl.JsonAsync(
            ["get", "secrets", "--namespace", _space, "--selector", $"{Label}=true"],
            cancellation
        );
        return [.. list["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    private Task DeleteAsync(string secret, CancellationToken cancellation) =>
        _kubectl.RunAsync(
            ["delete", "secret", secret, "--namespace", _space, "--ignore-not-found", "--wait=false"],
            cancellation
        );

    private Task NoteAsync(string reason, string message, CancellationToken cancellation) =>
        _kubectl.NoteAsync(
            _space,
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ServiceAccount",
                ["namespace"] = _space,
                ["name"] = AccountNames.BreakGlass,
            },
            reason,
            message,
            warning: true,
            cancellation
        );

    private static string Name(JsonObject item) => (string)item["metadata"]!["name"]!;
}
