namespace InfraCdktf.Environments.Model;

/// <summary>The access of one person, or of one workflow of a team, to namespaces of the environment.</summary>
/// <param name="Name">
/// A DNS-1123 label. It becomes a ServiceAccount, because LKE has no identity provider of its own. Each person has a grant of
/// their own, so that the audit log names the person.
/// </param>
/// <param name="Profile">The rights.</param>
public sealed record AccessGrant(string Name, AccessProfile Profile)
{
    /// <summary>The teams whose namespaces the grant is limited to; empty for all namespaces of the environment.</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];
}
