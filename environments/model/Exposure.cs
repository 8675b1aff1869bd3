namespace InfraCdktf.Environments.Model;

/// <summary>The host names of the environment's services on the Internet.</summary>
/// <param name="Subdomain">The label under the platform's DNS zone: services are <c>{service}.{Subdomain}.{zone}</c>.</param>
public sealed record Exposure(string Subdomain);
