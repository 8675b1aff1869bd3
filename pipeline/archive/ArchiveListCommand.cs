using System.CommandLine;
using System.Globalization;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary><c>archive list</c>: lists the versions in the archive.</summary>
public static class ArchiveListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stacks = CommandContext.Stacks("list");
        return context.Verb(
            "list",
            "List the archived versions, the newest first.",
            [stacks],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var names = StateCommand.Named(workspace, parsed.GetValue(stacks)!);
                await Needs.Of(workspace, "archive list").Buckets().Keys(names).RequireAsync();
                using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
                var archive = StateArchive.Of(workspace, buckets);
                var listed = await Wave.RunAsync(names, stack => archive.ListAsync(stack, cancellation));
                Write(output, listed.SelectMany(entries => entries).Select(entry => entry.Manifest));
                output.Json(
                    new
                    {
                        stacks = names.Zip(
                            listed,
                            (name, entries) => new { name, versions = entries.Select(entry => entry.Manifest) }
                        ),
                    }
                );
                return ExitCode.Done;
            }
        );
    }

    /// <summary>Writes the versions for people.</summary>
    internal static void Write(CommandOutput output, IEnumerable<Manifest> manifests) =>
        output.Rows(
            [
                new("Stack"),
                new("Version"),
                new("When (UTC)"),
                new("Who"),
                new("Commit"),
                new("Outcome"),
                new("Resources") { IsRight = true },
                new("Size") { IsRight = true },
            ],
            manifests.Select(manifest =>
                (IReadOnlyList<string>)
                    [
                        manifest.Stack,
                        manifest.Version,
                        When(manifest.Started),
                        manifest.Actor,
                        Commit(manifest.Commit),
                        Said(manifest.Outcome),
                        manifest.Resources.ToString(CultureInfo.InvariantCulture),
                        Size(manifest.Size),
                    ]
            )
        );

    /// <summary>A time for people, in UTC.</summary>
    internal static string When(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>An outcome as the JSON output has it.</summary>
    internal static string Said(ApplyOutcome outcome) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{outcome}");

    /// <summary>A size for people.</summary>
    internal static string Size(long bytes) =>
        bytes < 1_000_000
            ? FormattableString.Invariant($"{bytes / 1e3:f1} kB")
            : FormattableString.Invariant($"{bytes / 1e6:f1} MB");

    // The short hash, with "-dirty" if files differed from the commit.
    private static string Commit(string? commit) =>
        commit?.Split('-') switch
        {
            null => "",
            [var hash] => Short(hash),
            [var hash, ..] => $"{Short(hash)}-dirty",
            _ => "",
        };

    private static string Short(string hash) => hash[..Math.Min(8, hash.Length)];
}
