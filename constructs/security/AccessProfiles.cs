using Constructs;
using HashiCorp.Cdktf.Providers.Kubernetes.RoleBindingV1;
using HashiCorp.Cdktf.Providers.Kubernetes.ServiceAccountV1;
using InfraCdktf.Environments;

namespace InfraCdktf.Constructs.Security;

/// <summary>What <see cref="AccessProfiles"/> needs.</summary>
public sealed record AccessProfilesProps
{
    /// <summary>The namespace that is opened.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels of accounts and bindings.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Who may do what.</summary>
    public required IReadOnlyList<AccessGrant> Grants { get; init; }
}

/// <summary>
/// Who may do what in one namespace: a ServiceAccount for each grant (LKE has no identity provider, and the audit log then names who it was)
/// and a RoleBinding to the profile's ClusterRole. Nothing outside of the namespace is ever granted.
/// </summary>
public sealed class AccessProfiles : Construct
{
    /// <summary>Makes the accounts and the bindings.</summary>
    public AccessProfiles(Construct scope, string id, AccessProfilesProps props)
        : base(scope, id)
    {
        var labels = props.Labels.ToDictionary();
        foreach (var grant in props.Grants)
        {
            var account = new ServiceAccountV1(
                this,
                $"{grant.Name}-account",
                new ServiceAccountV1Config
                {
                    Metadata = new ServiceAccountV1Metadata
                    {
                        Name = grant.Name,
                        Namespace = props.Namespace,
                        Labels = labels,
                    },
                    // People and workflows ask for short-lived tokens; no pod runs as them.
                    AutomountServiceAccountToken = false,
                }
            );
            _ = new RoleBindingV1(
                this,
                $"{grant.Name}-binding",
                new RoleBindingV1Config
                {
                    Metadata = new RoleBindingV1Metadata
                    {
                        Name = $"{grant.Name}-{AccessRules.RoleName(grant.Profile)}",
                        Namespace = props.Namespace,
                        Labels = labels,
                    },
                    RoleRef = new RoleBindingV1RoleRef
                    {
                        ApiGroup = "rbac.authorization.k8s.io",
                        Kind = "ClusterRole",
                        Name = AccessRules.RoleName(grant.Profile),
                    },
                    Subject = new[]
                    {
                        new RoleBindingV1Subject
                        {
                            Kind = "ServiceAccount",
                            Name = account.Metadata.Name,
                            Namespace = props.Namespace,
                        },
                    },
                }
            );
        }
    }
}
