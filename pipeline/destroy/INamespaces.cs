using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.Destroy;

/// <summary>What the end of a namespace depends on in the cluster.</summary>
public interface INamespaces
{
    /// <summary>A namespace; null if it does not exist.</summary>
    Task<JsonObject?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>The aggregated APIs that do not answer, with the reason. Namespaces do not end while there is one.</summary>
    Task<IReadOnlyList<string>> BrokenApisAsync(CancellationToken cancellation);
}

/// <summary>The cluster that Terraform deploys to.</summary>
/// <param name="workspace">Has the environment variables for kubectl.</param>
public sealed class KubectlNamespaces(Workspace workspace) : INamespaces
{
    private readonly Kubectl _kubectl = Kubectl.OfTerraform(workspace);

    /// <inheritdoc/>
    public async Task<JsonObject?> FindAsync(string name, CancellationToken cancellation)
    {
        var text = await _kubectl.RunAsync(["get", "namespace", name, "--ignore-not-found", "--output", "json"], cancellation);
        return string.IsNullOrWhiteSpace(text) ? null : JsonNode.Parse(text)!.AsObject();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> BrokenApisAsync(CancellationToken cancellation)
    {
        var apis = (await _kubectl.JsonAsync(["get", "apiservices"], cancellation))["items"]!.AsArray();
        return
        [
            .. from api in apis
            from condition in api!["status"]?["conditions"] as JsonArray ?? []
            where condition!["type"]?.GetValue<string>() == "Available" && condition["status"]?.GetValue<string>() != "True"
            select $"{api["metadata"]!["name"]} ({condition["message"] ?? condition["reason"]})",
        ];
    }
}
