using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Observability;

/// <summary>A Grafana dashboard.</summary>
/// <param name="Name">A DNS-1123 label; the ConfigMap is <c>dashboard-{Name}</c>, and its state address ends with that.</param>
/// <param name="File">The name of the file in the ConfigMap, with the suffix .json.</param>
/// <param name="Model">Grafana's JSON model.</param>
public sealed record Dashboard(string Name, string File, JsonObject Model);
