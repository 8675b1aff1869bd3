using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Helm;

/// <summary>The records in the cluster that Terraform deploys to.</summary>
/// <param name="workspace">Has the environment variables for kubectl.</param>
public sealed class KubectlReleaseRecords(Workspace workspace) : IReleaseRecords
{
    private readonly Kubectl _kubectl = Kubectl.OfTerraform(workspace);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReleaseRecord>> ListAsync(string space, string selector, CancellationToken cancellation)
    {
        try
        {
            var list = await _kubectl.JsonAsync(
                ["get", "configmaps", "--namespace", space, "--selector", $"owner=helm,{selector}"],
                cancellation
            );
            return [.. list["items"]!.AsArray().Select(item => ReleaseRecord.Read(item!.AsObject()))];
        }
        catch (PipelineException)
        {
            // Before the first deploy there is no namespace, and so no binding that lets the pipeline read ConfigMaps in it.
            if (await IsMissingAsync(space, cancellation))
                return [];
            throw;
        }
    }

    private async Task<bool> IsMissingAsync(string space, CancellationToken cancellation) =>
        await _kubectl.ResultAsync(["get", "namespace", space, "--ignore-not-found", "--output", "name"], cancellation)
            is { ExitCode: 0, Output: "" };

    /// <inheritdoc/>
    public async Task DeleteAsync(ReleaseRecord record, CancellationToken cancellation)
    {
        if (record.Manifests is { Count: > 0 } manifests)
        {
            await WithFileAsync(
                string.Join("\n---\n", manifests),
                file =>
                    _kubectl.RunAsync(
                        ["delete", "--namespace", record.Namespace, "--ignore-not-found", "--wait=false", "--filename", file],
                        cancellation
                    )
            );
        }
        await _kubectl.RunAsync(["delete", "configmap", record.Name, "--namespace", record.Namespace], cancellation);
    }

    /// <inheritdoc/>
    public Task FailAsync(ReleaseRecord record, string description, CancellationToken cancellation) =>
        WithFileAsync(
            record.AsFailed(description).ToJsonString(),
            file =>
                _kubectl.RunAsync(
                    ["patch", "configmap", record.Name, "--namespace", record.Namespace, "--type=merge", "--patch-file", file],
                    cancellation
                )
        );

    // A record is too long for a command line, and may have secret values.
    private static async Task WithFileAsync(string content, Func<string, Task> use)
    {
        var file = Path.Combine(Path.GetTempPath(), $"infra-cdktf-{Guid.NewGuid():N}");
        try
        {
            await using (var stream = PrivateFiles.Create(file))
            await using (var writer = new StreamWriter(stream))
                await writer.WriteAsync(content);
            await use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
