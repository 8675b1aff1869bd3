using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>Which providers a stack directory was applied with.</summary>
public static partial class ProviderVersions
{
    /// <summary>The versions that Terraform locked; for what it did not lock (providers that it was attached to), the exact ones that the configuration demands.</summary>
    public static IReadOnlyDictionary<string, string> Of(StackDirectory stack)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, provider) in stack.Configuration["terraform"]?["required_providers"]?.AsObject() ?? [])
            if (provider?["source"]?.GetValue<string>() is { } source && provider["version"]?.GetValue<string>() is { } version)
                versions[AddressOf(source)] = version;
        var file = Path.Combine(stack.Path, StackPackage.LockFile);
        if (File.Exists(file))
            foreach (Match match in Locked().Matches(File.ReadAllText(file)))
                versions[match.Groups["source"].Value] = match.Groups["version"].Value;
        return versions;
    }

    /// <summary>The full address of a source as a configuration writes it: short forms are HashiCorp's ("helm").</summary>
    public static string AddressOf(string source) =>
        source.Contains('/') ? $"registry.terraform.io/{source}" : $"registry.terraform.io/hashicorp/{source}";

    // provider "registry.terraform.io/linode/linode" {
    //   version     = "3.13.0"
    [GeneratedRegex("""^provider "(?<source>[^"]+)" \{\s+version\s+= "(?<version>[^"]+)"$""", RegexOptions.Multiline)]
    private static partial Regex Locked();
}
