using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>A complete entry that is not in the archive yet. It can be written now or queued.</summary>
/// <param name="Manifest">The manifest of the entry.</param>
/// <param name="State">The state's bytes.</param>
/// <param name="Configuration">The packed stack directory.</param>
public sealed record ArchiveDraft(Manifest Manifest, byte[] State, byte[] Configuration)
{
    /// <summary>Creates a draft.</summary>
    /// <param name="stack">The stack directory that was applied.</param>
    /// <param name="state">The state's bytes in the live bucket.</param>
    /// <param name="facts">Actor, commit, program version and start time.</param>
    /// <param name="outcome">The result of the operation.</param>
    /// <param name="ended">When the operation ended.</param>
    /// <exception cref="PipelineException">The bytes are not a state.</exception>
    public static ArchiveDraft Of(
        StackDirectory stack,
        byte[] state,
        RunContext facts,
        ApplyOutcome outcome,
        DateTimeOffset ended
    )
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
                ConfigurationDigest = configuration.Digest,
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
