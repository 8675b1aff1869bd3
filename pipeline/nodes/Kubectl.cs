using System.ComponentModel;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>
/// kubectl against the cluster of the caller's kubeconfig (<c>KUBECONFIG</c>, else <c>KUBE_CONFIG_PATH</c>, which Terraform reads). A failed call is a
/// <see cref="PipelineException"/> with kubectl's own words.
/// </summary>
/// <param name="workspace">Whose environment it runs in.</param>
public sealed class Kubectl(Workspace workspace)
{
    private const string Kubeconfig = "KUBECONFIG";

    /// <summary>Runs it and gives what it printed.</summary>
    /// <exception cref="PipelineException">It failed, is not there, or no kubeconfig is named.</exception>
    public async Task<string> RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellation,
        Action<string>? line = null
    )
    {
        var environment = new Dictionary<string, string>(workspace.Environment);
        if (!environment.ContainsKey(Kubeconfig))
        {
            environment[Kubeconfig] =
                environment.GetValueOrDefault("KUBE_CONFIG_PATH")
                ?? throw new PipelineException(
                    "No kubeconfig is named: set KUBECONFIG (or KUBE_CONFIG_PATH) to the file of this cluster. docs/runbooks/access-loss.md says where one comes from."
                );
        }
        ChildResult result;
        try
        {
            result = await ChildProcess.RunAsync("kubectl", arguments, workspace.Directory, environment, line, cancellation);
        }
        catch (Win32Exception missing)
        {
            throw new PipelineException(
                $"kubectl cannot be started: {missing.Message}. Install it (kubernetes.io/docs/tasks/tools) and put it on PATH."
            );
        }
        return result.ExitCode == 0
            ? result.Output
            : throw new PipelineException(
                $"kubectl {string.Join(' ', arguments)}: {result.Error.Trim()}\nSee that {Kubeconfig} names this cluster, that its account may do this (kubectl auth can-i), and that the control plane's list has your address (docs/runbooks/access-loss.md)."
            );
    }

    /// <summary>Runs it with <c>--output json</c>.</summary>
    /// <exception cref="PipelineException">It failed.</exception>
    public async Task<JsonNode> JsonAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        JsonNode.Parse(await RunAsync([.. arguments, "--output", "json"], cancellation))!;

    /// <summary>The objects of a kind, in one namespace or in all.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string kind, string? space, CancellationToken cancellation)
    {
        string[] where = space is null ? ["--all-namespaces"] : ["--namespace", space];
        var list = await JsonAsync(["get", kind, .. where], cancellation);
        return [.. list["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    /// <summary>Creates an object and gives it as the API server keeps it.</summary>
    public async Task<JsonNode> CreateAsync(JsonObject manifest, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"infra-cdktf-{Guid.NewGuid():N}.json");
        try
        {
            await using (var stream = PrivateFiles.Create(file))
            await using (var writer = new StreamWriter(stream))
                await writer.WriteAsync(manifest.ToJsonString());
            return await JsonAsync(["create", "--filename", file], cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Notes something where people look at a cluster: an Event about an object.</summary>
    /// <param name="space">The namespace of the Event; that of the object where it has one.</param>
    /// <param name="about">apiVersion, kind and name of the object, and its namespace where it has one.</param>
    /// <param name="reason">One word, for machines.</param>
    /// <param name="message">A sentence, for people.</param>
    /// <param name="warning">Whether it is more than a note.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<JsonNode> NoteAsync(
        string space,
        JsonObject about,
        string reason,
        string message,
        bool warning,
        CancellationToken cancellation
    )
    {
        var now = workspace.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", null);
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
}
