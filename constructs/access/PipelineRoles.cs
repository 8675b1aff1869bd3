using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Access;

/// <summary>Input of <see cref="PipelineRoles"/>.</summary>
public sealed record PipelineRolesProps
{
    /// <summary>The account that plans the environment's stack.</summary>
    public required string PlanAccount { get; init; }

    /// <summary>The account that applies the environment's stack.</summary>
    public required string ApplyAccount { get; init; }

    /// <summary>The namespace of the two accounts.</summary>
    public required string Accounts { get; init; }

    /// <summary>The kinds that the stack contains (<see cref="StackResourceKinds"/>).</summary>
    public required IReadOnlyList<ResourceKind> Kinds { get; init; }

    /// <summary>
    /// The admission policies, which limit the writer to its own environment: they exist before the right does.
    /// </summary>
    public required ITerraformDependable Admission { get; init; }

    /// <summary>Labels of roles and bindings.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>
/// The pipeline's rights for one environment: one account reads the kinds that its stack contains, one account writes them. Both
/// are cluster-wide, because the stack also contains namespaces; an admission policy limits the writer to the namespaces of its
/// own environment. ConfigMaps are the exception: both have them in the namespaces of the environment only
/// (<see cref="PipelineConfigMaps"/>). Neither reads a Secret. The writer may bind the profiles and the roles about ConfigMaps by
/// name, and so grant rights that it does not have itself, but no other role.
/// </summary>
public sealed class PipelineRoles : Construct
{
    /// <summary>What an account that plans does with objects.</summary>
    internal static IReadOnlyList<string> PlanVerbs { get; } = ["get", "list"];

    /// <summary>What an account that applies does with objects.</summary>
    internal static IReadOnlyList<string> ApplyVerbs { get; } = ["get", "list", "watch", "create", "update", "patch", "delete"];

    /// <summary>Creates the two roles and their bindings.</summary>
    public PipelineRoles(Construct scope, string id, PipelineRolesProps props)
        : base(scope, id)
    {
        AccessRule[] binding = props.Kinds.Contains(StackResourceKinds.RoleBindings)
            ?
            [
                new(["rbac.authorization.k8s.io"], ["clusterroles"], ["bind"])
                {
                    Names =
                    [
                        .. AccessRules.Granted.Select(AccessRules.RoleName),
                        PipelineConfigMaps.PlanRole,
                        PipelineConfigMaps.ApplyRole,
                    ],
                },
            ]
            : [];
        Role("plan", props.PlanAccount, [.. Rules(props.Kinds, PlanVerbs)], props);
        Role("apply", props.ApplyAccount, [.. Rules(props.Kinds, ApplyVerbs), .. binding], props);
    }

    private void Role(string id, string account, IReadOnlyList<AccessRule> rules, PipelineRolesProps props)
    {
        var name = $"pipeline-{account}";
        ClusterRoles.Of(this, id, name, rules, props.Labels);
        Bindings.Everywhere(this, $"{id}-binding", name, new(props.Accounts, account), props.Labels, props.Admission);
    }

    private static IEnumerable<AccessRule> Rules(IEnumerable<ResourceKind> kinds, IReadOnlyList<string> verbs) =>
        kinds
            .Where(kind => kind != StackResourceKinds.ConfigMaps)
            .GroupBy(kind => kind.Group)
            .Select(group => new AccessRule([group.Key], [.. group.Select(kind => kind.Resource)], verbs));
}
