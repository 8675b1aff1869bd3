using System.CommandLine;
using System.Text;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State.Bootstrap;

/// <summary><c>state bootstrap</c>: makes what must be there before Terraform can keep a state.</summary>
public static class StateBootstrapCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var credentials = new Option<string?>("--credentials")
        {
            HelpName = "FILE",
            Description = "Where the secrets of new keys are written, for you alone: they are shown nowhere, and told once.",
        };
        var remove = new Option<bool>("--remove")
        {
            Description = "Take buckets and keys away instead; refused while any other stack has objects.",
        };
        var yes = new Option<bool>("--yes") { Description = "With --remove: say that it is meant." };
        var confirm = new Option<string?>("--confirm")
        {
            HelpName = "PROJECT",
            Description = "With --remove: say what, the project's name.",
        };
        return context.Verb(
            "bootstrap",
            "Make the live bucket, the archive bucket and their keys, and import what the state stack manages; safe to run twice.",
            [credentials, remove, yes, confirm],
            (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                if (!parsed.GetValue(remove))
                    return MakeAsync(workspace, parsed.GetValue(credentials), output, cancellation);
                if (!parsed.GetValue(yes) || parsed.GetValue(confirm) != workspace.Platform.Project)
                    throw new UsageException(
                        $"--remove deletes the state's buckets for good. Say that it is meant: --yes --confirm {workspace.Platform.Project}."
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
                "--credentials FILE is missing: a new key's secret is told once. Name a file outside of the repository; take what it holds to where your platform keeps its secrets, then delete it."
            );
        using var bootstrap = new StateBootstrap(workspace, output.Line);
        // Opened before anything is made: a secret that is told once must have its place.
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
            output.Line(
                $"{item.Kind} {item.Name}: {(item.Made ? "made" : "was there")}; {(item.ManagedBy is { } address ? $"the state stack manages it as {address}" : "this command alone looks after it")}"
            );
        }
        if (written > 0)
            output.Line(
                $"The secrets of {written} new key(s) are in {file}. Take them to where your platform keeps its secrets, then delete it."
            );
        if (items.Any(item => !item.Made && item.Kind.StartsWith("key", StringComparison.Ordinal)))
            output.Line(
                "A key that was there keeps its secret, which nobody can ask for again. Where it is lost, revoke the key and run this again."
            );
        output.Line("Next: \"state doctor\", then \"deploy state\": its first plan changes nothing that is there.");
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
            throw new UsageException($"--credentials {file}: {exception.Message} Name a file that is not there yet.");
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
            $"archive bucket {workspace.Platform.State.ArchiveBucket}: {locked} audit record(s) are locked, at most {workspace.Platform.State.AuditDays} days, and nobody can remove them before. All else is gone. Run this again then."
        );
    }
}
