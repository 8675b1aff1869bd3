using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>Objects of the Kubernetes API as JSON, with the platform's labels.</summary>
public static class KubernetesObject
{
    /// <summary>An object with a <c>spec</c>.</summary>
    public static JsonObject Of(string apiVersion, string kind, JsonObject metadata, JsonObject spec) =>
        new()
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = metadata,
            ["spec"] = spec,
        };

    /// <summary>The metadata of an object in the namespace named after an environment.</summary>
    public static JsonObject Metadata(PlatformSpec platform, EnvironmentSpec environment, string name) =>
        new()
        {
            ["name"] = name,
            ["namespace"] = environment.Name.Text,
            ["labels"] = Labels(platform, environment),
        };

    /// <summary>The metadata of an object without a namespace.</summary>
    public static JsonObject ClusterMetadata(PlatformSpec platform, EnvironmentSpec environment, string name) =>
        new() { ["name"] = name, ["labels"] = Labels(platform, environment) };

    /// <summary>The labels of every object of an environment.</summary>
    public static JsonObject Labels(PlatformSpec platform, EnvironmentSpec environment) =>
        [
            .. Environments
                .Naming.Labels.Kubernetes(platform, environment)
                .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)),
        ];
}
