using System.Diagnostics;
using System.Text;
using System.Text.Json;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>The terraform processes of this machine.</summary>
internal static class TerraformProcess
{
    private const string OwnData = ".terraform";

    // Terraform's commands that lock the state of a backend. The first init of a directory has no data either, and locks nothing.
    private static readonly string[] s_locking =
    [
        "apply",
        "console",
        "destroy",
        "import",
        "plan",
        "refresh",
        "state",
        "taint",
        "untaint",
        "workspace",
    ];

    /// <summary>
    /// The ids of those that can hold a lock of this state: all but those that have ended, and those of which it is certain that
    /// they work on another state. What an init stored tells that; it can be read on Linux, for processes of this user.
    /// </summary>
    /// <param name="live">The bucket of the state.</param>
    /// <param name="key">The key of the state in it.</param>
    /// <param name="since">When the lock was taken. A process that started later does not hold it.</param>
    public static IReadOnlyList<int> OnState(BucketAddress live, string key, DateTimeOffset since) =>
        [
            .. Process
                .GetProcessesByName("terraform")
                .Where(process =>
                    StartedBefore(process, since)
                    && !ProcessIdentity.HasEnded(process.Id)
                    && WorksOn(process.Id, live, key) != false
                )
                .Select(process => process.Id)
                .Order(),
        ];

    // The second covers the resolution of both clocks.
    private static bool StartedBefore(Process process, DateTimeOffset since)
    {
        try
        {
            return process.StartTime.ToUniversalTime() <= since.UtcDateTime.AddSeconds(1);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false; // it has ended
        }
    }

    /// <summary>Null if it cannot be known.</summary>
    private static bool? WorksOn(int process, BucketAddress live, string key)
    {
        try
        {
            // proc(5). Terraform changes its working directory to that of -chdir.
            if (new FileInfo($"/proc/{process}/cwd").LinkTarget is not { } directory || !Directory.Exists(directory))
                return null;
            // In a container with other files the same path is another directory.
            if (Files(process) != Files("self"))
                return null;
            var data = Words(process, "environ")
                .LastOrDefault(variable => variable.StartsWith("TF_DATA_DIR=", StringComparison.Ordinal))
                ?.Split('=', 2)[1];
            var place = Path.GetFullPath(string.IsNullOrEmpty(data) ? OwnData : data, directory);
            // Somebody can have deleted it since: Terraform has read its backend when it takes the lock. Without a backend it
            // needs no data, if its providers run already.
            if (!Directory.Exists(place))
            {
                var needsData = data is not null || HasBackend(directory);
                return needsData && Words(process, "cmdline").Any(s_locking.Contains) ? null : false;
            }
            // Only an init for a backend writes the file.
            var stored = Path.Combine(place, "terraform.tfstate");
            return File.Exists(stored) ? Stores(stored, live, key) : false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // it belongs to another user, or an init is writing
        }
    }

    private static string? Files(object process) => new FileInfo($"/proc/{process}/ns/mnt").LinkTarget;

    private static bool HasBackend(string directory) =>
        Directory
            .EnumerateFiles(directory, "*.tf*")
            .Where(file => file.EndsWith(".tf", StringComparison.Ordinal) || file.EndsWith(".tf.json", StringComparison.Ordinal))
            .Any(file => File.ReadAllText(file).Contains("backend", StringComparison.Ordinal));

    private static string[] Words(int process, string file) =>
        Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/{file}")).Split('\0');

    /// <summary>Null if it cannot be known.</summary>
    private static bool? Stores(string file, BucketAddress live, string key)
    {
        using var stored = JsonDocument.Parse(File.ReadAllBytes(file));
        if (stored.RootElement.ValueKind != JsonValueKind.Object)
            return null;
        if (
            !stored.RootElement.TryGetProperty("backend", out var backend)
            || Text(backend, "type") != "s3"
            || !backend.TryGetProperty("config", out var settings)
            || Text(settings, "bucket") != live.Name
            || Text(settings, "key") != key
        )
            return false;
        // "endpoint" is the argument that "endpoints" has replaced. Without both the environment can name the endpoint.
        var endpoint = settings.TryGetProperty("endpoints", out var endpoints) ? Text(endpoints, "s3") : null;
        return Uri.TryCreate(endpoint ?? Text(settings, "endpoint"), UriKind.Absolute, out var address)
            ? address == live.Endpoint
            : null;
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
