using Constructs;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Access;

/// <summary>What <see cref="AccessProfiles"/> needs.</summary>
public sealed record AccessProfilesProps
{
    /// <summary>The namespace that is opened.</summary>
    public required string Namespace { get; init; }

    /// <summary>The namespace that the accounts lie in (<see cref="AccessNamespace"/>).</summary>
    public required string Accounts { get; init; }

    /// <summary>Labels of the bindings.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Who may do what.</summary>
    public required IReadOnlyList<AccessGrant> Grants { get; init; }
}

/// <summary>
/// Who may do what in one namespace: a RoleBinding for each grant, of its account to its profile's ClusterRole. Nothing outside of the
/// namespace is ever granted.
/// </summary>
public sealed class AccessProfiles : Construct
{
    /// <summary>Makes the bindings.</summary>
    public AccessProfiles(Construct scope, string id, AccessProfilesProps props)
        : base(scope, id)
    {
        foreach (var grant in props.Grants)
        {
            Bindings.InNamespace(
                this,
                $"{grant.Name}-binding",
                props.Namespace,
                AccessRules.RoleName(grant.Profile),
                new(props.Accounts, grant.Name),
                props.Labels
            );
        }
    }
}
