namespace InfraCdktf.Environments.Linode;

/// <summary>An object-storage endpoint.</summary>
/// <param name="Host">Its host name.</param>
/// <param name="Type">E0 and E1 are legacy, E2 and E3 are for new projects.</param>
public sealed record ObjectStorageEndpoint(string Host, string Type);
