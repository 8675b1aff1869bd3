using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>An entry before it is in the archive: all its bytes, complete, so that it can be written at once or kept for later.</summary>
/// <param name="Manifest">What it will say.</param>
/// <param name="State">The state's bytes.</param>
/// <param name="Configuration">The packed stack directory.</param>
public sealed record ArchiveDraft(Manifest Manifest, byte[] State, byte[] Configuration)
{
    /// <summary>Puts an entry together.</summary>
    /// <param name="stack">The stack directory that was applied.</param>
    /// <param name="state">The state's bytes as they lie in the live bucket.</param>
    /// <param name="facts">Who, from which commit, with which program, since when.</param>
    /// <param name="outcome">How it went.</param>
    /// <param name="ended">When it ended.</param>
    /// <exception cref="PipelineException">The bytes are no state.</exception>
    public static ArchiveDraft Of(StackDirectory stack, byte[] state, RunContext facts, ApplyOutcome outcome, DateTimeOffset ended)
    {
        var file = StateFile.Parse(state);
        var configuration = StackPackage.Pack(stack.Path);
        var part = ArchivePart.Of(state);
        return new(
            new()
            {
                Stack = stack.Name,
                Version = VersionId.Of(file.Serial, part.Sha256, configuration.Digest),
                Serial = file.Serial,
                Lineage = file.Lineage,
                TerraformVersion = file.TerraformVersion,
                Providers = ProviderVersions.Of(stack),
                ToolVersion = facts.ToolVersion,
                Commit = facts.Commit,
                Actor = facts.Actor,
                Started = facts.Started,
                DurationSeconds = Math.Round((ended - facts.Started).TotalSeconds, 1),
                Outcome = outcome,
                Resources = file.Objects.Count,
                Parts = new Dictionary<string, ArchivePart>(StringComparer.Ordinal)
                {
                    [ArchivePart.State] = part,
                    [ArchivePart.Configuration] = ArchivePart.Of(configuration.Bytes),
                },
                KeyFingerprint = "",
            },
            state,
            configuration.Bytes
        );
    }
}
