using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.ClusterRoleBindingV1;
using HashiCorp.Cdktf.Providers.Kubernetes.RoleBindingV1;

namespace InfraCdktf.Constructs.Access;

/// <summary>A ServiceAccount.</summary>
/// <param name="Namespace">Where it lies.</param>
/// <param name="Name">Its name.</param>
internal sealed record Account(string Namespace, string Name);

/// <summary>Bindings of one role to one account. A binding's name tells the role, because it can never point to another one.</summary>
internal static class Bindings
{
    private const string Api = "rbac.authorization.k8s.io";
    private const string ServiceAccount = "ServiceAccount";

    /// <summary>The account may do in one namespace what a ClusterRole says.</summary>
    public static void InNamespace(
        Construct scope,
        string id,
        string space,
        string clusterRole,
        Account account,
        IReadOnlyDictionary<string, string> labels
    ) => Bind(scope, id, $"{account.Name}-{clusterRole}", space, "ClusterRole", clusterRole, account, labels);

    /// <summary>The account may do what a Role of its own namespace says.</summary>
    public static void AtHome(
        Construct scope,
        string id,
        string role,
        Account account,
        IReadOnlyDictionary<string, string> labels
    ) => Bind(scope, id, role, account.Namespace, "Role", role, account, labels);

    /// <summary>The account, and nobody else, may do everywhere what a ClusterRole says, once <paramref name="after"/> is there.</summary>
    public static void Everywhere(
        Construct scope,
        string id,
        string clusterRole,
        Account account,
        IReadOnlyDictionary<string, string> labels,
        ITerraformDependable after
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
                DependsOn = [after],
            }
        );

    private static void Bind(
        Construct scope,
        string id,
        string name,
        string space,
        string kind,
        string role,
        Account account,
        IReadOnlyDictionary<string, string> labels
    ) =>
        _ = new RoleBindingV1(
            scope,
            id,
            new RoleBindingV1Config
            {
                Metadata = new RoleBindingV1Metadata
                {
                    Name = name,
                    Namespace = space,
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
