namespace InfraCdktf.Environments.Model;

/// <summary>A namespace of one team: <c>{environment}-{team}</c>.</summary>
/// <param name="Name">The team, a DNS-1123 label.</param>
/// <param name="Contact">Where the team is reached.</param>
public sealed record TeamNamespace(string Name, string Contact)
{
    /// <summary>The other teams of the environment whose namespaces its own talks with (the environment's name for its first one); null for all
    /// of the environment. Both ends must allow a connection, so it holds whatever the others say.</summary>
    public IReadOnlyList<string>? TalksWith { get; init; }
}
