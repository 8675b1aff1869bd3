using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Admission;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Access;

/// <summary>What <see cref="PipelineRoles"/> needs.</summary>
public sealed record PipelineRolesProps
{
    /// <summary>Whose stack is planned and applied.</summary>
    public required EnvironmentSpec Environment { get; init; }

    /// <summary>The namespace that the two accounts lie in.</summary>
    public required string Accounts { get; init; }

    /// <summary>The kinds that the stack contains (<see cref="StackResourceKinds"/>).</summary>
    public required IReadOnlyList<ResourceKind> Kinds { get; init; }

    /// <summary>What keeps the writer in its own environment (<see cref="AdmissionPolicies.Boundary"/>): it is there before the right is.</summary>
    public required ITerraformDependable Admission { get; init; }

    /// <summary>Labels of roles and bindings.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>
/// What the pipeline may do for one environment: one account reads the kinds that its stack contains, one writes them. Both cluster-wide,
/// because namespaces are made by them too; an admission policy keeps the writer in the namespaces of its own environment. None of them
/// reads a Secret. The writer may bind the profiles by name, and so grant what it does not hold itself, and no other role.
/// </summary>
public sealed class PipelineRoles : Construct
{
    private static readonly string[] s_plan = ["get", "list"];
    private static readonly string[] s_apply = ["get", "list", "watch", "create", "update", "patch", "delete"];

    /// <summary>Makes the two roles and binds them.</summary>
    public PipelineRoles(Construct scope, string id, PipelineRolesProps props)
        : base(scope, id)
    {
        AccessRule[] binding = props.Kinds.Contains(StackResourceKinds.RoleBindings)
            ?
            [
                new(["rbac.authorization.k8s.io"], ["clusterroles"], ["bind"])
                {
                    Names = [.. AccessRules.Granted.Select(AccessRules.RoleName)],
                },
            ]
            : [];
        Role("plan", AccountNames.Plan(props.Environment), [.. Rules(props.Kinds, s_plan)], props);
        Role("apply", AccountNames.Apply(props.Environment), [.. Rules(props.Kinds, s_apply), .. binding], props);
    }

    private void Role(string id, string account, IReadOnlyList<AccessRule> rules, PipelineRolesProps props)
    {
        var name = $"pipeline-{account}";
        ClusterRoles.Of(this, id, name, rules, props.Labels);
        Bindings.Everywhere(this, $"{id}-binding", name, new(props.Accounts, account), props.Labels, props.Admission);
    }

    private static IEnumerable<AccessRule> Rules(IEnumerable<ResourceKind> kinds, string[] verbs) =>
        kinds
            .GroupBy(kind => kind.Group)
            .Select(group => new AccessRule([group.Key], [.. group.Select(kind => kind.Resource)], verbs));
}
