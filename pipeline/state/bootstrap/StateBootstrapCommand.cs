using System.CommandLine;
using System.Text;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State.Bootstrap;

/// <summary><c>state bootstrap</c>: creates the buckets and keys that Terraform needs to store a state.</summary>
public static class StateBootstrapCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var credentials = new Option<string?>("--credentials")
        {
            HelpName = "FILE",
            Description =
                "The file for the secrets of new keys, readable only by you. A secret is given only at creation and "
                + "is written nowhere else.",
        };
        var remove = new Option<bool>("--remove")
        {
            Description = "Remove buckets and keys instead. Refused while any other stack has objects.",
        };
        var yes = new Option<bool>("--yes") { Description = "With --remove: confirm the removal." };
        var confirm = new Option<string?>("--confirm")
        {
            HelpName = "PROJECT",
            Description = "With --remove: the project's name, to confirm what is removed.",
        };
        return context.TerraformVerb(
            "bootstrap",
            "Create the live bucket, the archive bucket and their keys, and import what the state stack manages. Safe to run "
                + "again.",
            [credentials, remove, yes, confirm],
            (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                if (!parsed.GetValue(remove))
                    return MakeAsync(workspace, parsed.GetValue(credentials), output, cancellation);
                if (!parsed.GetValue(yes) || parsed.GetValue(confirm) != workspace.Platform.Project)
                    throw new UsageException(
                        "--remove deletes the state's buckets permanently. To confirm, add --yes --confirm "
                            + $"{workspace.Platform.Project}."
                    );
                return RemoveAsync(workspace, output, cancellation);
            }
        );
    }

    private static async Task<int> MakeAsync(
        Workspace workspace,
        string? file,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        if (file is null)
            throw new UsageException(
                "--credentials FILE is missing: a new key's secret is shown only at creation. Name a file outside of the "
                    + "repository. Move its content to where your platform keeps its secrets, then delete it."
            );
        await Needs
            .Of(workspace, "state bootstrap")
            .Tool(Tool.Terraform)
            .Tool(Tool.Node)
            .Keys([StackNames.State])
            .Token("a personal access token with the scope object_storage:read_write")
            .RequireAsync();
        using var bootstrap = new StateBootstrap(workspace, output.Line);
        // The file is opened before anything is created: a secret that is shown only at creation must not be lost.
        await using var secrets = Open(file);
        IReadOnlyList<BootstrapItem> items;
        var written = 0;
        try
        {
            items = await bootstrap.RunAsync(
                async (purpose, key) =>
                {
                    var text =
                        $"{purpose.Prefix}ACCESS_KEY_ID={key.AccessKey}\n{purpose.Prefix}SECRET_ACCESS_KEY={key.SecretKey}\n";
                    await secrets.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
                    secrets.Flush(flushToDisk: true);
                    written++;
                },
                cancellation
            );
        }
        finally
        {
            if (written == 0)
                File.Delete(file);
        }
        foreach (var item in items)
        {
            var manager = item.ManagedBy is { } address
                ? $"the state stack manages it as {address}"
                : "only this command manages it";
            output.Line($"{item.Kind} {item.Name}: {(item.Made ? "created" : "existed already")}; {manager}");
        }
        if (written > 0)
            output.Line(
                $"The secrets of {written} new key(s) are in {file}. Move them to where your platform keeps its secrets, then "
                    + "delete the file."
            );
        if (items.Any(item => !item.Made && item.Kind.StartsWith("key", StringComparison.Ordinal)))
            output.Line(
                "A key that existed already keeps its secret, and the secret cannot be shown again. If it is lost, revoke "
                    + "the key and run this command again."
            );
        output.Line("Next: \"state doctor\", then \"deploy state\": its first plan changes no existing object.");
        output.Json(new { items, credentials = written > 0 ? file : null });
        return ExitCode.Done;
    }

    private static FileStream Open(string file)
    {
        try
        {
            return PrivateFiles.Create(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--credentials {file}: {exception.Message} Name a file that does not exist.");
        }
    }

    private static async Task<int> RemoveAsync(Workspace workspace, CommandOutput output, CancellationToken cancellation)
    {
        using var bootstrap = new StateBootstrap(workspace, output.Line);
        var locked = await bootstrap.RemoveAsync(cancellation);
        output.Json(new { removed = locked == 0, locked });
        if (locked == 0)
            return ExitCode.Done;
        throw new PipelineException(
            $"archive bucket {workspace.Platform.State.ArchiveBucket}: {locked} audit record(s) are locked for at most "
                + $"{workspace.Platform.State.AuditDays} days and cannot be removed before. Everything else is removed. Run this "
                + "command again after that time."
        );
    }
}
