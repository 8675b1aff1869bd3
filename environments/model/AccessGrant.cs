namespace InfraCdktf.Environments.Model;

/// <summary>One person, or one workflow of a team, who may do what a profile allows in the environment's namespaces.</summary>
/// <param name="Name">A DNS-1123 label; becomes a ServiceAccount, because LKE has no identity provider of its own. One for each person: the audit
/// log then says who it was.</param>
/// <param name="Profile">What it may do.</param>
public sealed record AccessGrant(string Name, AccessProfile Profile)
{
    /// <summary>The teams whose namespaces alone are opened; with none, all namespaces of the environment are.</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];
}
