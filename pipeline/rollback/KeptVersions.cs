using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>A program version that stays although an older configuration is applied.</summary>
/// <param name="Name">"Terraform", or a provider's source address.</param>
/// <param name="Archived">The version that the archived configuration was applied with.</param>
/// <param name="Kept">The version that wrote the current state.</param>
public sealed record KeptVersion(string Name, string Archived, string Kept);

/// <summary>
/// Keeps newer programs in an older configuration. An older provider cannot read a state that a newer one wrote ("Resource
/// instance managed by newer provider version"). So a rollback restores the configuration and keeps the current versions of
/// Terraform and providers.
/// </summary>
public static class KeptVersions
{
    /// <summary>The programs that are newer in the current version.</summary>
    /// <param name="archived">The version that the rollback goes back to.</param>
    /// <param name="today">The newest version, with the programs that wrote the current state.</param>
    public static IReadOnlyList<KeptVersion> Between(Manifest archived, Manifest today)
    {
        var kept = new List<KeptVersion>();
        if (IsNewer(today.TerraformVersion, archived.TerraformVersion))
            kept.Add(new("Terraform", archived.TerraformVersion, today.TerraformVersion));
        foreach (var (provider, version) in archived.Providers)
            if (today.Providers.GetValueOrDefault(provider) is { } now && IsNewer(now, version))
                kept.Add(new(provider, version, now));
        return kept;
    }

    /// <summary>
    /// Writes the versions into an unpacked configuration: the constraints, and the lock file with the current providers and
    /// their checksums.
    /// </summary>
    /// <param name="kept">The versions that stay.</param>
    /// <param name="archived">The unpacked stack. Its files are changed.</param>
    /// <param name="today">The newest version of the stack, unpacked too.</param>
    public static void Write(IReadOnlyList<KeptVersion> kept, StackDirectory archived, StackDirectory today)
    {
        var (terraform, now) = (archived.Configuration["terraform"]!.AsObject(), today.Configuration["terraform"]!.AsObject());
        // An old upper bound must not exclude the current Terraform.
        terraform["required_version"] = now["required_version"]?.DeepClone();
        foreach (var (_, provider) in terraform["required_providers"]?.AsObject() ?? [])
            if (kept.FirstOrDefault(version => version.Name == Address(provider!)) is { } newer)
                provider!["version"] = newer.Kept;
        File.WriteAllText(Path.Combine(archived.Path, StackDirectory.FileName), archived.Configuration.ToJsonString());

        var (to, from) = (Path.Combine(archived.Path, StackPackage.LockFile), Path.Combine(today.Path, StackPackage.LockFile));
        File.Delete(to);
        if (File.Exists(from))
            File.Copy(from, to);
    }

    private static string Address(JsonNode provider) => ProviderVersions.AddressOf(provider["source"]!.GetValue<string>());

    // Release versions are numbers. Another text counts as newer if it differs.
    private static bool IsNewer(string today, string archived) =>
        Version.TryParse(today, out var now) && Version.TryParse(archived, out var then)
            ? now > then
            : today.Length > 0 && archived.Length > 0 && today != archived;
}
