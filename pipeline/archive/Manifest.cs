using System.Text.Json;
using System.Text.Json.Serialization;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// The manifest of an archive entry. It is written last, so an entry exists only if it is complete. It has no addresses and no
/// values of objects, so the output of <c>archive list</c> may be shown anywhere.
/// </summary>
public sealed record Manifest
{
    /// <summary>The JSON options of manifests and audit records.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>The version of the entry (<see cref="VersionId"/>): "42-0a1b2c3d".</summary>
    public required string Version { get; init; }

    /// <summary>The state's serial.</summary>
    public required long Serial { get; init; }

    /// <summary>The state's lineage. Another lineage means that the state was created again from nothing.</summary>
    public required string Lineage { get; init; }

    /// <summary>The version of Terraform that wrote the state.</summary>
    public required string TerraformVersion { get; init; }

    /// <summary>Providers by their source address, with their versions.</summary>
    public required IReadOnlyDictionary<string, string> Providers { get; init; }

    /// <summary>The version of this program.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The commit that was applied, with "-dirty" if files differed from it; null if it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The actor: the account on GitHub, or the user of the machine.</summary>
    public required string Actor { get; init; }

    /// <summary>When the operation started, by the clock of the machine that ran it.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The duration in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The operation and its result.</summary>
    public required ApplyOutcome Outcome { get; init; }

    /// <summary>The digest of the applied plan (<see cref="PlanDigest"/>); null if no saved plan was applied.</summary>
    public string? PlanDigest { get; init; }

    /// <summary>
    /// The digest of the configuration's files (<see cref="StackPackage.Digest"/>). Unlike the digest of the packed part it does
    /// not depend on the compression. Null in entries of earlier versions of this program.
    /// </summary>
    public string? ConfigurationDigest { get; init; }

    /// <summary>The number of managed objects in the state.</summary>
    public required int Resources { get; init; }

    /// <summary>The parts, by their names.</summary>
    public required IReadOnlyDictionary<string, ArchivePart> Parts { get; init; }

    /// <summary>The fingerprint of the state key that encrypts the parts and this manifest.</summary>
    public required string KeyFingerprint { get; init; }

    /// <summary>The reason, if the operation needs one.</summary>
    public string? Reason { get; init; }

    /// <summary>The version that a rollback (its configuration) or a restore (its state) went back to; null otherwise.</summary>
    public string? WentBackTo { get; init; }

    /// <summary>The findings of the preflight before the apply.</summary>
    public IReadOnlyList<JsonElement> Findings { get; init; } = [];

    /// <summary>The result of <c>verify</c> after the apply; null if it did not run.</summary>
    public JsonElement? Verify { get; init; }

    /// <summary>The size of all parts in bytes.</summary>
    [JsonIgnore]
    public long Size => Parts.Values.Sum(part => part.Size);

    /// <summary>True if this version is good, so that <c>last-good</c> may select it.</summary>
    [JsonIgnore]
    public bool IsGood =>
        Outcome is not (ApplyOutcome.Failed or ApplyOutcome.Destroyed or ApplyOutcome.Replaced or ApplyOutcome.Unreadable);

    /// <summary>The manifest as JSON in UTF-8.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads <see cref="ToBytes"/>.</summary>
    /// <exception cref="JsonException">The content is not a manifest, or has an unknown format.</exception>
    public static Manifest Read(ReadOnlySpan<byte> content)
    {
        var manifest = JsonSerializer.Deserialize<Manifest>(content, Json) ?? throw new JsonException("The manifest is null.");
        return manifest.Format == 1
            ? manifest
            : throw new JsonException(
                $"The manifest has format {manifest.Format}; allowed: 1. Use the version of this program that wrote it, or a "
                    + "newer one."
            );
    }
}
