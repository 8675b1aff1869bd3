using Constructs;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Access;

/// <summary>Input of <see cref="AccessProfiles"/>.</summary>
public sealed record AccessProfilesProps
{
    /// <summary>The namespace of the bindings.</summary>
    public required string Namespace { get; init; }

    /// <summary>The namespace of the accounts.</summary>
    public required string Accounts { get; init; }

    /// <summary>Labels of the bindings.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The grants.</summary>
    public required IReadOnlyList<AccessGrant> Grants { get; init; }
}

/// <summary>
/// The access grants of one namespace: one RoleBinding per grant, from its account to its profile's ClusterRole. No right outside
/// the namespace is granted.
/// </summary>
public sealed class AccessProfiles : Construct
{
    /// <summary>Creates the bindings.</summary>
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
