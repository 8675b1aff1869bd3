using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rollback;

/// <summary>A version that stays as it is today although an older configuration is applied.</summary>
/// <param name="Name">"Terraform", or a provider's source address.</param>
/// <param name="Archived">What the archived configuration was applied with.</param>
/// <param name="Kept">What today's state was written with.</param>
public sealed record KeptVersion(string Name, string Archived, string Kept);

/// <summary>
/// Keeps newer programs in an older configuration. A state that a newer provider wrote is not read by an older one ("Resource instance managed by newer
/// provider version"), so a rollback takes configuration back and leaves Terraform and providers where they are.
/// </summary>
public static class KeptVersions
{
    /// <summary>What is newer today.</summary>
    /// <param name="archived">The version that is gone back to.</param>
    /// <param name="today">The newest version: the programs that wrote today's state.</param>
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

    /// <summary>Writes them into an unpacked configuration: constraints, and the lock file that holds today's providers with their checksums.</summary>
    /// <param name="kept">What stays.</param>
    /// <param name="archived">The unpacked stack; its files are changed.</param>
    /// <param name="today">The newest version of the stack, unpacked as well.</param>
    public static void Write(IReadOnlyList<KeptVersion> kept, StackDirectory archived, StackDirectory today)
    {
        var (terraform, now) = (archived.Configuration["terraform"]!.AsObject(), today.Configuration["terraform"]!.AsObject());
        // An upper bound of then must not shut out the Terraform of now.
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

    // Versions of releases are numbers; what is none is newer when it is another.
    private static bool IsNewer(string today, string archived) =>
        Version.TryParse(today, out var now) && Version.TryParse(archived, out var then)
            ? now > then
            : today.Length > 0 && archived.Length > 0 && today != archived;
}
