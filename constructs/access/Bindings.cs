using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.ClusterRoleBindingV1;
using HashiCorp.Cdktf.Providers.Kubernetes.RoleBindingV1;

namespace InfraCdktf.Constructs.Access;

/// <summary>A ServiceAccount.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal sealed record Account(string Namespace, string Name);

/// <summary>
/// Bindings of one role to one account. A binding's name contains the role, because Kubernetes does not allow another role in it.
/// </summary>
internal static class Bindings
{
    private const string Api = "rbac.authorization.k8s.io";
    private const string ServiceAccount = "ServiceAccount";

    /// <summary>The account gets the rights of a ClusterRole in one namespace.</summary>
    public static ITerraformDependable InNamespace(
        Construct scope,
        string id,
        string namespaceName,
        string clusterRole,
        Account account,
        IReadOnlyDictionary<string, string> labels
    ) => Bind(scope, id, $"{account.Name}-{clusterRole}", namespaceName, "ClusterRole", clusterRole, account, labels);

    /// <summary>The account gets the rights of a Role of its own namespace.</summary>
    public static ITerraformDependable InOwnNamespace(
        Construct scope,
        string id,
        string role,
        Account account,
        IReadOnlyDictionary<string, string> labels
    ) => Bind(scope, id, role, account.Namespace, "Role", role, account, labels);

    /// <summary>
    /// The account gets the rights of a ClusterRole in the whole cluster, after <paramref name="dependsOn"/> exists.
    /// </summary>
    public static void Everywhere(
        Construct scope,
        string id,
        string clusterRole,
        Account account,
        IReadOnlyDictionary<string, string> labels,
        ITerraformDependable dependsOn
    ) =>
        _ = new ClusterRoleBindingV1(
            scope,
            id,
            new ClusterRoleBindingV1Config
            {
                Metadata = new ClusterRoleBindingV1Metadata { Name = clusterRole, Labels = labels.ToDictionary() },
                RoleRef = new ClusterRoleBindingV1RoleRef
                {
                    ApiGroup = Api,
                    Kind = "ClusterRole",
                    Name = clusterRole,
                },
                Subject = new[]
                {
                    new ClusterRoleBindingV1Subject
                    {
                        Kind = ServiceAccount,
                        Name = account.Name,
                        Namespace = account.Namespace,
                    },
                },
                DependsOn = [dependsOn],
            }
        );

    private static RoleBindingV1 Bind(
        Construct scope,
        string id,
        string name,
        string namespaceName,
        string kind,
        string role,
        Account account,
        IReadOnlyDictionary<string, string> labels
    ) =>
        new(
            scope,
            id,
            new RoleBindingV1Config
            {
                Metadata = new RoleBindingV1Metadata
                {
                    Name = name,
                    Namespace = namespaceName,
                    Labels = labels.ToDictionary(),
                },
                RoleRef = new RoleBindingV1RoleRef
                {
                    ApiGroup = Api,
                    Kind = kind,
                    Name = role,
                },
                Subject = new[]
                {
                    new RoleBindingV1Subject
                    {
                        Kind = ServiceAccount,
                        Name = account.Name,
                        Namespace = account.Namespace,
                    },
                },
            }
        );
}
