using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>The providers that a stack directory was applied with.</summary>
public static partial class ProviderVersions
{
    /// <summary>
    /// The versions in Terraform's lock file. For providers that are not in it (Terraform was attached to them), the exact
    /// versions that the configuration requires.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(StackDirectory stack)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, provider) in stack.Configuration["terraform"]?["required_providers"]?.AsObject() ?? [])
            if (provider?["source"]?.GetValue<string>() is { } source && provider["version"]?.GetValue<string>() is { } version)
                versions[AddressOf(source)] = version;
        foreach (var (address, version) in Locked(stack.Path))
            versions[address] = version;
        return versions;
    }

    /// <summary>The versions in the lock file of a directory, by address; empty if it has none.</summary>
    public static IReadOnlyDictionary<string, string> Locked(string directory)
    {
        var file = Path.Combine(directory, StackPackage.LockFile);
        return LockedProvider()
            .Matches(File.Exists(file) ? File.ReadAllText(file) : "")
            .ToDictionary(match => match.Groups["source"].Value, match => match.Groups["version"].Value);
    }

    /// <summary>The full address of a source in a configuration. A short form ("helm") is a provider of HashiCorp.</summary>
    public static string AddressOf(string source) =>
        source.Contains('/') ? $"registry.terraform.io/{source}" : $"registry.terraform.io/hashicorp/{source}";

    // provider "registry.terraform.io/linode/linode" {
    //   version     = "3.13.0"
    [GeneratedRegex("""^provider "(?<source>[^"]+)" \{\s+version\s+= "(?<version>[^"]+)"$""", RegexOptions.Multiline)]
    private static partial Regex LockedProvider();
}
