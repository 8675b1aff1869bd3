using System.Text.Json.Nodes;
using InfraCdktf.Environments;

namespace InfraCdktf.Constructs.Platform;

/// <summary>The metadata of our objects.</summary>
internal static class ObjectMetadata
{
    /// <summary>Metadata of an object in an environment's own namespace.</summary>
    public static JsonObject Of(Environments.Platform platform, Environment environment, string name) =>
        new()
        {
            ["name"] = name,
            ["namespace"] = environment.Name.Text,
            ["labels"] = Standard(platform, environment),
        };

    /// <summary>Metadata of an object that lies in no namespace.</summary>
    public static JsonObject ClusterWide(Environments.Platform platform, Environment environment, string name) =>
        new() { ["name"] = name, ["labels"] = Standard(platform, environment) };

    private static JsonObject Standard(Environments.Platform platform, Environment environment) =>
        [.. Labels.Kubernetes(platform, environment).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))];
}
