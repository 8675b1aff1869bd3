namespace InfraCdktf.Environments.Model;

/// <summary>An environment for application teams.</summary>
public sealed record ApplicationEnvironmentSpec : EnvironmentSpec
{
    /// <summary>
    /// Teams with a namespace of their own, in addition to the namespace with the environment's name. Every namespace has the
    /// same quota, limits and policies.
    /// </summary>
    public IReadOnlyList<TeamNamespace> Teams { get; init; } = [];

    /// <summary>Its managed PostgreSQL; null for none.</summary>
    public DataStore? DataStore { get; init; }

    /// <summary>Its host names on the Internet; null if no service is reachable from outside.</summary>
    public Exposure? Exposure { get; init; }

    /// <summary>Addresses outside the cluster that pods with the destination's label may reach.</summary>
    public IReadOnlyList<OutsideDestination> Destinations { get; init; } = [];

    /// <summary>Why pods with the API-server label may reach the API server; null if no pod may.</summary>
    public string? ApiServerReason { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Namespaces => Teams.Select(NamespaceOf).Prepend(Name.Text);

    /// <summary>The namespace of one of its teams: <c>{environment}-{team}</c>.</summary>
    public string NamespaceOf(TeamNamespace team) => $"{Name}-{team.Name}";

    /// <inheritdoc/>
    public override IEnumerable<string> NamespacesOf(AccessGrant grant) =>
        grant.Teams.Count == 0
            ? Namespaces
            : Teams.Where(team => grant.Teams.Contains(team.Name, StringComparer.Ordinal)).Select(NamespaceOf);
}
