namespace InfraCdktf.Environments.Model;

/// <summary>The environment of the platform's shared services. It has no teams, no data store, and no service of an application team.</summary>
public sealed record SystemEnvironmentSpec : EnvironmentSpec
{
    /// <summary>The number of Services of type LoadBalancer: each is a billed NodeBalancer. One, for the shared gateway.</summary>
    public required int LoadBalancers { get; init; }

    /// <summary>
    /// The namespace of agents that need the node itself (privileged; DaemonSets only): <c>{environment}-agents</c>, beside the restricted
    /// namespace of the shared services.
    /// </summary>
    public string AgentsNamespace => $"{Name}-agents";
}
