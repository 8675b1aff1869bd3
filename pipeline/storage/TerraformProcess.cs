using System.Diagnostics;
using System.Text;
using System.Text.Json;
using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>The terraform processes of this machine.</summary>
internal static class TerraformProcess
{
    private const string OwnData = ".terraform";

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
            var data = Encoding
                .UTF8.GetString(File.ReadAllBytes($"/proc/{process}/environ"))
                .Split('\0')
                .LastOrDefault(variable => variable.StartsWith("TF_DATA_DIR=", StringComparison.Ordinal))
                ?.Split('=', 2)[1];
            var stored = Path.Combine(
                Path.GetFullPath(string.IsNullOrEmpty(data) ? OwnData : data, directory),
                "terraform.tfstate"
            );
            return File.Exists(stored) && Stores(stored, live, key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // it belongs to another user, or an init is writing
        }
    }

    private static bool Stores(string file, BucketAddress live, string key)
    {
        using var stored = JsonDocument.Parse(File.ReadAllBytes(file));
        return stored.RootElement.TryGetProperty("backend", out var backend)
            && Text(backend, "type") == "s3"
            && backend.TryGetProperty("config", out var settings)
            && Text(settings, "bucket") == live.Name
            && Text(settings, "key") == key
            && settings.TryGetProperty("endpoints", out var endpoints)
            && Uri.TryCreate(Text(endpoints, "s3"), UriKind.Absolute, out var endpoint)
            && endpoint == live.Endpoint;
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
