namespace InfraCdktf.Environments.Model;

/// <summary>How the outside reaches services of the environment.</summary>
/// <param name="Subdomain">The label under the platform's DNS zone: services are <c>{service}.{Subdomain}.{zone}</c>.</param>
public sealed record Exposure(string Subdomain);
