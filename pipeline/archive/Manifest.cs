using System.Text.Json;
using System.Text.Json.Serialization;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// What an entry of the archive says about itself. It is written last, so an entry is there only when all of it is. It holds addresses of nothing and no
/// value of anything: what <c>state list</c> shows may be shown anywhere.
/// </summary>
public sealed record Manifest
{
    /// <summary>Manifests and audit records as JSON.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>Which entry it is (<see cref="VersionId"/>): "42-0a1b2c3d".</summary>
    public required string Version { get; init; }

    /// <summary>The state's serial.</summary>
    public required long Serial { get; init; }

    /// <summary>The state's lineage: another one means that the stack was begun anew.</summary>
    public required string Lineage { get; init; }

    /// <summary>The Terraform that wrote the state.</summary>
    public required string TerraformVersion { get; init; }

    /// <summary>Providers by their source address, with their versions.</summary>
    public required IReadOnlyDictionary<string, string> Providers { get; init; }

    /// <summary>The version of this program.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The commit that was applied, with "-dirty" when files differed from it; null when it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>Who did it: the account on GitHub, or the user of the machine.</summary>
    public required string Actor { get; init; }

    /// <summary>When it began, by the clock of the machine that did it.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>How it went.</summary>
    public required ApplyOutcome Outcome { get; init; }

    /// <summary>Says which plan was applied (<see cref="PlanDigest"/>); null when none of ours was.</summary>
    public string? PlanDigest { get; init; }

    /// <summary>Managed objects in the state.</summary>
    public required int Resources { get; init; }

    /// <summary>The parts, by their names.</summary>
    public required IReadOnlyDictionary<string, ArchivePart> Parts { get; init; }

    /// <summary>Which state key encrypts the parts and this manifest.</summary>
    public required string KeyFingerprint { get; init; }

    /// <summary>Why, where somebody had to say so.</summary>
    public string? Reason { get; init; }

    /// <summary>The version whose configuration a rollback, or whose state a restore, brought back; null otherwise.</summary>
    public string? WentBackTo { get; init; }

    /// <summary>What the preflight found before the apply.</summary>
    public IReadOnlyList<JsonElement> Findings { get; init; } = [];

    /// <summary>What <c>verify</c> found after it; null when it was not asked.</summary>
    public JsonElement? Verify { get; init; }

    /// <summary>Bytes of all parts.</summary>
    [JsonIgnore]
    public long Size => Parts.Values.Sum(part => part.Size);

    /// <summary>True when this is a condition worth going back to.</summary>
    [JsonIgnore]
    public bool IsGood =>
        Outcome is not (ApplyOutcome.Failed or ApplyOutcome.Destroyed or ApplyOutcome.Replaced or ApplyOutcome.Unreadable);

    /// <summary>As bytes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads <see cref="ToBytes"/>.</summary>
    /// <exception cref="JsonException">It is no manifest of a format known here.</exception>
    public static Manifest Read(ReadOnlySpan<byte> content)
    {
        var manifest = JsonSerializer.Deserialize<Manifest>(content, Json) ?? throw new JsonException("The manifest is null.");
        return manifest.Format == 1
            ? manifest
            : throw new JsonException(
                $"The manifest has format {manifest.Format}; this program reads 1. Use the version that wrote it, or a newer one."
            );
    }
}
