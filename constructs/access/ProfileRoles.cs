using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Access;

/// <summary>Input of <see cref="ProfileRoles"/>.</summary>
public sealed record ProfileRolesProps
{
    /// <summary>Labels of the roles.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The namespace of the break-glass account.</summary>
    public required string Accounts { get; init; }

    /// <summary>The custom resources of the shared services, which break-glass may read and write.</summary>
    public required IReadOnlyList<AccessRule> CustomResources { get; init; }

    /// <summary>
    /// The admission policies, which limit break-glass tokens and report their use: they exist before the right does.
    /// </summary>
    public required ITerraformDependable Admission { get; init; }
}

/// <summary>
/// The access profiles as ClusterRoles. They grant nothing until an environment binds one in a namespace of its own. One
/// exception is bound here, in the whole cluster: platform-admin to the break-glass account, for which no token exists until it
/// is requested.
/// </summary>
public sealed class ProfileRoles : Construct
{
    /// <summary>Creates one ClusterRole per profile, and the binding of break-glass.</summary>
    public ProfileRoles(Construct scope, string id, ProfileRolesProps props)
        : base(scope, id)
    {
        foreach (var profile in Enum.GetValues<AccessProfile>())
        {
            ClusterRoles.Of(
                this,
                Id(profile),
                AccessRules.RoleName(profile),
                Rules(profile, props.CustomResources),
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

    // An id is part of a state address, so it stays after a rename: the restarter profile was called caretaker when its role was
    // first applied.
    private static string Id(AccessProfile profile) =>
        profile == AccessProfile.Restarter ? "caretaker" : AccessRules.Kebab(profile);

    private static IEnumerable<AccessRule> Rules(AccessProfile profile, IReadOnlyList<AccessRule> customResources) =>
        profile == AccessProfile.PlatformAdmin
            ? AccessRules.Of(profile).Concat(customResources.OrderBy(rule => Position(rule.Groups[0])))
            : AccessRules.Of(profile);

    // The order of the first release: another order would show as a change in the plan. New groups follow.
    private static readonly string[] s_firstGroups =
    [
        "gateway.networking.k8s.io",
        "gateway.envoyproxy.io",
        "cert-manager.io",
        "acme.cert-manager.io",
        "monitoring.coreos.com",
        "bitnami.com",
    ];

    private static int Position(string group) =>
        Array.IndexOf(s_firstGroups, group) is >= 0 and var index ? index : s_firstGroups.Length;
}
