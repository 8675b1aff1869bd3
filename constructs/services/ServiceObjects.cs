using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Services;

/// <summary>Objects of a shared service in a release of their own (<c>charts/manifests</c>).</summary>
/// <param name="Release">The release's name and its construct id; it never changes.</param>
/// <param name="Order">Whether they exist before or after the charts of all services.</param>
/// <param name="Objects">The complete objects. Without an object there is no release.</param>
public sealed record ServiceObjects(string Release, InstallOrder Order, IReadOnlyList<JsonObject> Objects);

/// <summary>When objects are installed.</summary>
public enum InstallOrder
{
    /// <summary>Before the charts: objects that their pods need at the start.</summary>
    BeforeCharts,

    /// <summary>After the charts: custom resources of their CRDs.</summary>
    AfterCharts,
}
