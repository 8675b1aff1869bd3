using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Access;

/// <summary>What <see cref="ProfileRoles"/> needs.</summary>
public sealed record ProfileRolesProps
{
    /// <summary>Labels of the roles.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The namespace that break-glass lies in.</summary>
    public required string Accounts { get; init; }

    /// <summary>What bounds the tokens of break-glass and counts its use: it is there before the right is.</summary>
    public required ITerraformDependable Admission { get; init; }
}

/// <summary>
/// The access profiles as ClusterRoles: defined once, granting nothing until an environment binds one in a namespace of its own. One alone
/// is bound here and everywhere: platform-admin to break-glass, an account for which nobody holds a token.
/// </summary>
public sealed class ProfileRoles : Construct
{
    /// <summary>Makes one ClusterRole a profile, and the binding of break-glass.</summary>
    public ProfileRoles(Construct scope, string id, ProfileRolesProps props)
        : base(scope, id)
    {
        foreach (AccessProfile profile in Enum.GetValues<AccessProfile>())
        {
            ClusterRoles.Of(
                this,
                Id(profile),
                AccessRules.RoleName(profile),
                AccessRules.Of(profile),
                props.Labels
            );
        }
        Bindings.Everywhere(
            this,
            "break-glass-binding",
            AccessRules.RoleName(AccessProfile.PlatformAdmin),
            new(props.Accounts, AccountNames.BreakGlass),
            props.Labels,
            props.Admission
        );
    }

    // An id is a state address and outlives a rename: the restarter profile was called caretaker when its role was first applied.
    private static string Id(AccessProfile profile) =>
        profile == AccessProfile.Restarter ? "caretaker" : AccessRules.Kebab(profile);
}
