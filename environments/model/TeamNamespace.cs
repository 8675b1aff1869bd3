namespace InfraCdktf.Environments.Model;

/// <summary>A namespace of one team: <c>{environment}-{team}</c>.</summary>
/// <param name="Name">The team, a DNS-1123 label.</param>
/// <param name="Contact">The contact of the team, such as its chat channel; <c>validate</c> prints it.</param>
public sealed record TeamNamespace(string Name, string Contact)
{
    /// <summary>
    /// The other teams of the environment with which its namespace exchanges traffic; the environment's name means the first
    /// namespace; null for all namespaces of the environment. Both ends must allow a connection, so a list has an effect without
    /// the other teams' lists.
    /// </summary>
    public IReadOnlyList<string>? TalksWith { get; init; }
}
