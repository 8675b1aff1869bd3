using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>
/// Runs kubectl against the cluster of the caller's kubeconfig (<c>KUBECONFIG</c>, else <c>KUBE_CONFIG_PATH</c>, which Terraform
/// reads). A failed call is a <see cref="PipelineException"/> with the error text of kubectl.
/// </summary>
/// <param name="workspace">Has the environment variables for kubectl.</param>
public sealed class Kubectl(Workspace workspace)
{
    private const string Kubeconfig = "KUBECONFIG";

    /// <summary>
    /// kubectl for the cluster that Terraform deploys to: <c>KUBE_CONFIG_PATH</c>, which its providers read, has priority.
    /// </summary>
    public static Kubectl OfTerraform(Workspace workspace) =>
        new(
            workspace.Environment.GetValueOrDefault("KUBE_CONFIG_PATH") is { Length: > 0 } path
                ? workspace with
                {
                    Environment = new Dictionary<string, string>(workspace.Environment) { [Kubeconfig] = path },
                }
                : workspace
        );

    /// <summary>kubectl with the account of another kubeconfig file.</summary>
    public static Kubectl With(Workspace workspace, string kubeconfig) =>
        new(workspace with { Environment = new Dictionary<string, string>(workspace.Environment) { [Kubeconfig] = kubeconfig } });

    /// <summary>The kubeconfig files of the caller; empty if none is named.</summary>
    public static IReadOnlyList<string> Files(Workspace workspace) =>
        (
            workspace.Environment.GetValueOrDefault(Kubeconfig)
            ?? workspace.Environment.GetValueOrDefault("KUBE_CONFIG_PATH")
            ?? ""
        ).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs kubectl and returns its standard output.</summary>
    /// <exception cref="PipelineException">kubectl failed or is not installed, or no kubeconfig is named.</exception>
    public async Task<string> RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellation,
        Action<string>? line = null
    )
    {
        var result = await ResultAsync(arguments, cancellation, line);
        return result.ExitCode == 0
            ? result.Output
            : throw new PipelineException(
                $"kubectl {string.Join(' ', arguments)}: {result.Error.Trim()}\n"
                    + $"Check that {Kubeconfig} names this cluster, that its account has the right (kubectl auth can-i), "
                    + "and that the allow-list of the control plane has your address (docs/runbooks/access-loss.md)."
            );
    }

    /// <summary>Runs kubectl and returns its exit code and both streams, for a caller that expects a refusal.</summary>
    /// <exception cref="PipelineException">kubectl is not installed, or no kubeconfig is named.</exception>
    public async Task<ChildResult> ResultAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellation,
        Action<string>? line = null
    )
    {
        if (_changing.Contains(arguments[0]) && !arguments.Any(IsTrial))
            Effects.Note($"the cluster (kubectl {arguments[0]})");
        var environment = CallerVariables.ForKubectl(workspace.Environment);
        try
        {
            return await ChildProcess.RunAsync("kubectl", arguments, workspace.Directory, environment, line, cancellation);
        }
        catch (Win32Exception missing)
        {
            throw new PipelineException(
                $"kubectl cannot be started: {missing.Message}. "
                    + "Install kubectl (kubernetes.io/docs/tasks/tools) and add it to PATH."
            );
        }
    }

    /// <summary>
    /// The user name that the API server gives the caller: <c>system:serviceaccount:{namespace}:{account}</c> for an account.
    /// </summary>
    /// <exception cref="PipelineException">kubectl failed.</exception>
    public async Task<string> UserNameAsync(CancellationToken cancellation) =>
        (string)(await JsonAsync(["auth", "whoami"], cancellation))["status"]!["userInfo"]!["username"]!;

    /// <summary>Runs kubectl with <c>--output json</c>.</summary>
    /// <exception cref="PipelineException">kubectl failed.</exception>
    public async Task<JsonNode> JsonAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        JsonNode.Parse(await RunAsync([.. arguments, "--output", "json"], cancellation))!;

    /// <summary>The objects of a kind, in one namespace or in all namespaces.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string kind, string? space, CancellationToken cancellation)
    {
        string[] where = space is null ? ["--all-namespaces"] : ["--namespace", space];
        var list = await JsonAsync(["get", kind, .. where], cancellation);
        return [.. list["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    /// <summary>Sends an object to a path of the API (POST), for a caller that expects a refusal.</summary>
    public Task<ChildResult> PostAsync(string path, JsonObject body, CancellationToken cancellation) =>
        WithFileAsync(body.ToJsonString(), file => ResultAsync(["create", "--raw", path, "--filename", file], cancellation));

    /// <summary>Creates an object and returns it as the API server stores it.</summary>
    public Task<JsonNode> CreateAsync(JsonObject manifest, CancellationToken cancellation) =>
        WithFileAsync(manifest.ToJsonString(), file => JsonAsync(["create", "--filename", file], cancellation));

    /// <summary>
    /// Applies objects on the server (server-side apply). Fields of other managers that are also in the objects become ours.
    /// </summary>
    /// <param name="manifests">The objects; together they may be megabytes.</param>
    /// <param name="manager">The name under which the API server records the fields.</param>
    /// <param name="dryRun">The API server checks them, with its admission, and stores nothing.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="PipelineException">The API server refuses one: the reasons for all of them.</exception>
    public Task<string> ApplyAsync(
        IReadOnlyList<JsonObject> manifests,
        string manager,
        bool dryRun,
        CancellationToken cancellation
    )
    {
        string[] apply = ["apply", "--server-side", "--force-conflicts", "--field-manager", manager];
        return WithFileAsync(
            // One after the other: for a List kubectl would load all schemas and validate itself.
            string.Join('\n', manifests.Select(manifest => manifest.ToJsonString())),
            file =>
                RunAsync([.. apply, .. dryRun ? ["--dry-run=server"] : Array.Empty<string>(), "--filename", file], cancellation)
        );
    }

    /// <summary>The objects of a text in YAML or JSON, as kubectl reads them; asks no cluster.</summary>
    /// <exception cref="PipelineException">The text is not a series of objects.</exception>
    public Task<IReadOnlyList<JsonObject>> ReadManifestsAsync(string text, CancellationToken cancellation) =>
        WithFileAsync<IReadOnlyList<JsonObject>>(
            text,
            async file =>
            {
                // With --local it patches only what it prints, here by nothing.
                string[] read = ["patch", "--local", "--type=merge", "--patch={}", "--filename", file, "--output", "json"];
                var result = await ResultAsync(read, cancellation);
                return result.ExitCode == 0
                    ? Documents(result.Output)
                    : throw new PipelineException(
                        result.Error.Trim().Replace($"\"{file}\"", "the text", StringComparison.Ordinal)
                    );
            }
        );

    /// <summary>Creates an Event about an object.</summary>
    /// <param name="space">The namespace of the Event; the namespace of the object if it has one.</param>
    /// <param name="about">apiVersion, kind and name of the object, and its namespace if it has one.</param>
    /// <param name="reason">One word, for machines.</param>
    /// <param name="message">A sentence, for people.</param>
    /// <param name="warning">Whether the Event has the type Warning; else Normal.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<JsonNode> NoteAsync(
        string space,
        JsonObject about,
        string reason,
        string message,
        bool warning,
        CancellationToken cancellation
    )
    {
        var now = workspace.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return CreateAsync(
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Event",
                ["metadata"] = new JsonObject { ["generateName"] = $"{(string)about["name"]!}.", ["namespace"] = space },
                ["involvedObject"] = about,
                ["reason"] = reason,
                ["message"] = message,
                ["type"] = warning ? "Warning" : "Normal",
                ["source"] = new JsonObject { ["component"] = "infra-cdktf" },
                ["firstTimestamp"] = now,
                ["lastTimestamp"] = now,
                ["count"] = 1,
            },
            cancellation
        );
    }

    private static readonly HashSet<string> _changing =
    [
        "annotate",
        "apply",
        "cordon",
        "create",
        "delete",
        "drain",
        "label",
        "patch",
        "replace",
        "taint",
        "uncordon",
    ];

    // The API server checks it and stores nothing, or no server is asked at all.
    private static bool IsTrial(string argument) =>
        argument == "--local"
        || argument.StartsWith("--dry-run", StringComparison.Ordinal)
        || argument.EndsWith("?dryRun=All", StringComparison.Ordinal);

    // kubectl prints several objects one after the other.
    private static List<JsonObject> Documents(string output)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(output), new() { AllowMultipleValues = true });
        var documents = new List<JsonObject>();
        while (reader.Read())
            documents.Add(JsonNode.Parse(ref reader)!.AsObject());
        return documents;
    }

    // A manifest is too long for a command line, and may have secret values.
    private static async Task<T> WithFileAsync<T>(string content, Func<string, Task<T>> use)
    {
        var file = Path.Combine(Path.GetTempPath(), $"infra-cdktf-{Guid.NewGuid():N}.yaml");
        try
        {
            await using (var stream = PrivateFiles.Create(file))
            await using (var writer = new StreamWriter(stream))
                await writer.WriteAsync(content);
            return await use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
