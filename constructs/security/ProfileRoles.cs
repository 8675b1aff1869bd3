using Constructs;
using HashiCorp.Cdktf.Providers.Kubernetes.ClusterRoleV1;
using InfraCdktf.Environments;

namespace InfraCdktf.Constructs.Security;

/// <summary>What <see cref="ProfileRoles"/> needs.</summary>
public sealed record ProfileRolesProps
{
    /// <summary>Labels of the roles.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>The access profiles as ClusterRoles: defined once, granting nothing until an environment binds one in a namespace of its own.</summary>
public sealed class ProfileRoles : Construct
{
    /// <summary>Makes one ClusterRole a profile.</summary>
    public ProfileRoles(Construct scope, string id, ProfileRolesProps props)
        : base(scope, id)
    {
        foreach (var profile in Enum.GetValues<Profile>())
        {
            _ = new ClusterRoleV1(
                this,
                AccessRules.Kebab(profile),
                new ClusterRoleV1Config
                {
                    Metadata = new ClusterRoleV1Metadata
                    {
                        Name = AccessRules.RoleName(profile),
                        Labels = props.Labels.ToDictionary(),
                    },
                    Rule = AccessRules
                        .Of(profile)
                        .Select(rule => new ClusterRoleV1Rule
                        {
                            ApiGroups = [.. rule.Groups],
                            Resources = [.. rule.Resources],
                            Verbs = [.. rule.Verbs],
                        })
                        .ToArray(),
                }
            );
        }
    }
}
