using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>Manifests for tests that have no state.</summary>
internal static class Manifests
{
    public static readonly DateTimeOffset Day = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static Manifest Of(long serial, ApplyOutcome outcome = ApplyOutcome.Succeeded, string lineage = "one") =>
        new()
        {
            Stack = "core",
            Version = VersionId.Of(serial, lineage, ""),
            Serial = serial,
            Lineage = lineage,
            TerraformVersion = "1.11.4",
            Providers = new Dictionary<string, string> { ["registry.terraform.io/linode/linode"] = "3.13.0" },
            ToolVersion = "1.0.0",
            Actor = "somebody",
            Started = Day.AddMinutes(serial),
            DurationSeconds = 1.5,
            Outcome = outcome,
            Resources = 3,
            Parts = new Dictionary<string, ArchivePart> { ["state"] = new("ab", 7), ["configuration"] = new("cd", 5) },
            KeyFingerprint = "0123456789ab",
        };
}
