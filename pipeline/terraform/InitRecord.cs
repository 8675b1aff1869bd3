using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>
/// Shows whether another <c>terraform init</c> would change anything. The record is a hash in Terraform's data directory: of the
/// backend and its settings, the required providers, the lock file, the program, and the environment variables of init. A fact
/// that cannot be read makes the record invalid.
/// </summary>
/// <param name="directory">The directory of the configuration.</param>
/// <param name="data">Terraform's data directory (<c>.terraform</c>).</param>
/// <param name="environment">The environment of Terraform.</param>
internal sealed class InitRecord(string directory, string data, IReadOnlyDictionary<string, string> environment)
{
    private const string Reattach = "TF_REATTACH_PROVIDERS";

    // They change nothing that init does, or another fact has them.
    private static readonly string[] _noFacts = ["TF_VAR_", "TF_LOG", "TF_TOKEN_", "TF_DATA_DIR", "TF_IN_AUTOMATION", Reattach];

    private string Place => Path.Combine(data, "infra-cdktf-init");

    /// <summary>True if nothing has changed since <see cref="Write"/>, and every provider is installed.</summary>
    public bool IsCurrent => File.Exists(Place) && Hash() == File.ReadAllText(Place);

    /// <summary>Records the facts of an init that succeeded.</summary>
    public void Write()
    {
        if (Hash() is { } hash)
            File.WriteAllText(Place, hash);
    }

    /// <summary>Removes the record before an init, which may fail after a part of its work.</summary>
    public void Remove()
    {
        if (File.Exists(Place))
            File.Delete(Place);
    }

    private string? Hash()
    {
        try
        {
            return Facts() is { } facts
                ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts.ToJsonString())))
                : null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private JsonObject? Facts()
    {
        var attached = Attached();
        if (Program() is not { } program || Configuration() is not { } configuration || !AreInstalled(attached))
            return null;
        return new()
        {
            ["program"] = program,
            ["configuration"] = configuration,
            ["lock"] = Content(Path.Combine(directory, StackPackage.LockFile)),
            ["attached"] = Texts(attached),
            // What the last init stored; a manual init changes it.
            ["backend"] = File.ReadAllText(Path.Combine(data, "terraform.tfstate")),
            ["workspace"] = Content(Path.Combine(data, "environment")),
            ["key"] = StateKey.TryParse(environment.GetValueOrDefault(StateKeys.TerraformVariable, ""))?.Fingerprint,
            ["settings"] = Content(Settings),
            ["environment"] = Texts(
                environment
                    .Where(variable =>
                        variable.Key.StartsWith("TF_", StringComparison.Ordinal)
                        && !_noFacts.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal))
                    )
                    .Select(variable => $"{variable.Key}={variable.Value}")
            ),
        };
    }

    // The CLI configuration: mirrors, caches and overrides of providers.
    private string Settings =>
        environment.GetValueOrDefault("TF_CLI_CONFIG_FILE")
        ?? Path.Combine(environment.GetValueOrDefault("HOME", ""), ".terraformrc");

    /// <summary>
    /// Backend, required providers, and the names of all providers that are used. Null for a configuration that this program does
    /// not write: modules and HCL files, which may need an init for other reasons.
    /// </summary>
    private JsonObject? Configuration()
    {
        var (blocks, providers) = (new List<string>(), new List<string>());
        foreach (var file in Directory.EnumerateFiles(directory, "*.tf*").Order(StringComparer.Ordinal))
        {
            if (!file.EndsWith(".tf.json", StringComparison.Ordinal))
                return null;
            var content = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            if (content.ContainsKey("module"))
                return null;
            if (content["terraform"] is { } block)
                blocks.Add(block.ToJsonString());
            providers.AddRange(Names(content, "provider"));
            foreach (var kind in new[] { "resource", "data", "ephemeral" })
                providers.AddRange(Names(content, kind).Select(type => type.Split('_')[0]));
        }
        return new() { ["terraform"] = Texts(blocks), ["providers"] = Texts(providers.Distinct()) };
    }

    private static IEnumerable<string> Names(JsonObject content, string kind) =>
        (content[kind]?.AsObject() ?? []).Select(item => item.Key);

    /// <summary>
    /// Path, size and time of the program. Null for a script: version managers install scripts that select the program.
    /// </summary>
    private string? Program()
    {
        var name = OperatingSystem.IsWindows() ? "terraform.exe" : "terraform";
        var path = environment
            .GetValueOrDefault("PATH", "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (path is null)
            return null;
        var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        using var content = file.OpenRead();
        return content.ReadByte() == '#' ? null : $"{file.FullName} {file.Length} {file.LastWriteTimeUtc:O}";
    }

    // Providers that run already: Terraform installs none of them.
    private IReadOnlyList<string> Attached() =>
        environment.GetValueOrDefault(Reattach) is { Length: > 0 } text
            ? [.. JsonNode.Parse(text)!.AsObject().Select(provider => provider.Key)]
            : [];

    private bool AreInstalled(IReadOnlyList<string> attached) =>
        ProviderVersions
            .Locked(directory)
            .Where(provider => !attached.Contains(provider.Key))
            .All(provider =>
                Path.Combine(data, "providers", provider.Key, provider.Value) is var version
                && Directory.Exists(version)
                && Directory
                    .EnumerateDirectories(version)
                    .Any(platform =>
                        Directory.Exists(platform) && Directory.EnumerateFiles(platform, "terraform-provider-*").Any()
                    )
            );

    private static string Content(string file) => File.Exists(file) ? File.ReadAllText(file) : "";

    private static JsonArray Texts(IEnumerable<string> texts) =>
        [.. texts.Order(StringComparer.Ordinal).Select(text => JsonValue.Create(text))];
}
