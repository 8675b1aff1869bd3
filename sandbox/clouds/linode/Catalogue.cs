using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>Linode's regions, plans and versions. Source: catalogue.json, which names its own source.</summary>
internal sealed class Catalogue
{
    public JsonNode Json { get; } = Resource.Json("linode/catalogue.json");

    public JsonNode? Region(string? id) => id is null ? null : Json["regions"]![id];

    public bool HasType(string? id) => id is not null && Json["types"]![id] is not null;

    public JsonNode? DatabaseType(string? id) => id is null ? null : Json["database_types"]![id];

    public bool HasEngine(string? id) => Json.Texts("database_engines").Contains(id);

    /// <summary>Fails if a region is unknown or lacks a capability.</summary>
    /// <exception cref="Behaviour.ProviderException">The error with Linode's text.</exception>
    public void Require(string? region, string capability, string what)
    {
        if (Region(region) is not { } found)
            throw new ProviderException("[400] [region] Region is not valid");
        if (!found.Texts("capabilities").Contains(capability))
            throw new ProviderException($"[400] [region] {what} not supported in region {region}");
    }
}
