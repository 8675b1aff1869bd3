namespace InfraCdktf.Environments.Model;

/// <summary>
/// The capacity and the Secrets that the shared services need, as plain data. The program collects them from its services: the
/// inventory check compares them with the inventory, and uses no construct.
/// </summary>
/// <param name="Workloads">Their workloads, without Helm hooks.</param>
/// <param name="Secrets">The Secrets and keys that they need at their start.</param>
public sealed record SharedServiceNeeds(IReadOnlyList<Workload> Workloads, IReadOnlyList<SecretSpec> Secrets)
{
    /// <summary>The rules that the nodes' firewall has without an override.</summary>
    public int FirewallRules { get; init; }

    /// <summary>The needs of a platform without shared services.</summary>
    public static SharedServiceNeeds None { get; } = new([], []);
}
