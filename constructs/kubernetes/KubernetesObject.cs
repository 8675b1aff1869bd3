using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>The metadata of our objects.</summary>
internal static class KubernetesObject
{
    /// <summary>Metadata of an object in an environment's own namespace.</summary>
    public static JsonObject Of(PlatformSpec platform, EnvironmentSpec environment, string name) =>
        new()
        {
            ["name"] = name,
            ["namespace"] = environment.Name.Text,
            ["labels"] = Standard(platform, environment),
        };

    /// <summary>Metadata of an object that lies in no namespace.</summary>
    public static JsonObject ClusterWide(PlatformSpec platform, EnvironmentSpec environment, string name) =>
        new() { ["name"] = name, ["labels"] = Standard(platform, environment) };

    private static JsonObject Standard(PlatformSpec platform, EnvironmentSpec environment) =>
        [.. Labels.Kubernetes(platform, environment).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))];
}
