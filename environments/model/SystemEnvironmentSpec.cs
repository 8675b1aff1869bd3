namespace InfraCdktf.Environments.Model;

/// <summary>
/// The environment of the platform's shared services. It has no teams, no data store, and no service of an application team.
/// </summary>
public sealed record SystemEnvironmentSpec : EnvironmentSpec
{
    /// <summary>
    /// The number of Services of type LoadBalancer: each is a billed NodeBalancer. One, for the shared gateway.
    /// </summary>
    public required int LoadBalancers { get; init; }

    /// <summary>The Secrets that the shared services need at their start, at least two: names and keys, never values.</summary>
    public required IReadOnlyList<SecretSpec> Secrets { get; init; }

    /// <summary>
    /// The namespace of the agents that need access to their node, <c>{environment}-agents</c>: privileged, DaemonSets of the
    /// platform only, with the same quota as the first namespace, which is restricted.
    /// </summary>
    public string AgentsNamespace => $"{Name}-agents";

    /// <summary>The gateway is one of its services, so its ingress is all traffic of the gateway.</summary>
    public override IReadOnlyList<string>? IngressNamespaces => null;
}
