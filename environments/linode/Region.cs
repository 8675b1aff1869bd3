namespace InfraCdktf.Environments.Linode;

/// <summary>A Linode region.</summary>
/// <param name="Capabilities">Its capabilities, as GET /regions spells them ("Kubernetes Enterprise").</param>
/// <param name="Endpoints">Its object-storage endpoints.</param>
public sealed record Region(IReadOnlyList<string> Capabilities, IReadOnlyList<ObjectStorageEndpoint> Endpoints);
