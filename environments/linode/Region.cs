using System.Text.Json;
using System.Text.Json.Serialization;

namespace InfraCdktf.Environments.Linode;

/// <summary>A Linode region.</summary>
/// <param name="Capabilities">What it offers, in the words of GET /regions ("Kubernetes Enterprise").</param>
/// <param name="Endpoints">Its object-storage endpoints.</param>
public sealed record Region(IReadOnlyList<string> Capabilities, IReadOnlyList<ObjectStorageEndpoint> Endpoints);
