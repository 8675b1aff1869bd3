using System.CommandLine;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Archive;

/// <summary><c>archive show</c>: shows one version and verifies its digests.</summary>
public static class ArchiveShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = StateCommand.Stack();
        var version = StateCommand.Version();
        return context.Verb(
            "show",
            "Show one archived version and the addresses in it, and verify its digests; exit 1 if a digest is wrong.",
            [stack, version],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var name = StateCommand.Named(workspace, parsed.GetValue(stack)!);
                await Needs.Of(workspace, "archive show").Buckets().Keys([name]).RequireAsync();
                using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
                var archive = StateArchive.Of(workspace, buckets);
                var entry = await archive.FindAsync(name, parsed.GetValue(version)!, cancellation);
                var problems = await archive.VerifyAsync(entry, cancellation);
                var addresses =
                    problems.Count > 0
                        ? []
                        : StateFile
                            .Parse(await archive.ReadStateAsync(entry, cancellation))
                            .Objects.Select(item => item.Address)
                            .ToList();
                Write(output, entry.Manifest, addresses, problems);
                output.Json(
                    new
                    {
                        entry.Manifest,
                        addresses,
                        problems,
                    }
                );
                return problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static void Write(
        CommandOutput output,
        Manifest manifest,
        IReadOnlyList<string> addresses,
        IReadOnlyList<string> problems
    )
    {
        (string Name, string? Value)[] facts =
        [
            ("stack", manifest.Stack),
            ("version", manifest.Version),
            ("outcome", ArchiveListCommand.Said(manifest.Outcome)),
            ("reason", manifest.Reason),
            ("started", $"{ArchiveListCommand.When(manifest.Started)} UTC"),
            ("took", FormattableString.Invariant($"{manifest.DurationSeconds:f1} s")),
            ("actor", manifest.Actor),
            ("commit", manifest.Commit),
            ("serial", FormattableString.Invariant($"{manifest.Serial}")),
            ("lineage", manifest.Lineage),
            ("plan", manifest.PlanDigest),
            ("terraform", manifest.TerraformVersion),
            .. manifest.Providers.Select(provider => ("provider", (string?)$"{provider.Key} {provider.Value}")),
            ("program", manifest.ToolVersion),
            ("state key", manifest.KeyFingerprint),
            .. manifest.Parts.Select(part =>
                (part.Key, (string?)$"{ArchiveListCommand.Size(part.Value.Size)}, SHA-256 {part.Value.Sha256}")
            ),
        ];
        foreach (var (name, value) in facts.Where(fact => fact.Value is not (null or "")))
            output.Line($"{name, -14} {value}");
        output.Line($"{"resources", -14} {manifest.Resources}");
        foreach (var address in addresses)
            output.Line($"  {address}");
        foreach (var problem in problems)
            output.Line(problem);
        if (problems.Count == 0)
            output.Line("Every digest is correct.");
    }
}
