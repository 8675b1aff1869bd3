using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Namespaces;

namespace InfraCdktf.Stacks;

/// <summary>The accounts of one environment's pipeline.</summary>
/// <param name="Environment">The environment's name.</param>
/// <param name="PlanAccount">The account that plans its stack.</param>
/// <param name="ApplyAccount">The account that applies its stack.</param>
/// <param name="Kinds">The kinds that its stack contains.</param>
internal sealed record PipelineAccounts(
    string Environment,
    string PlanAccount,
    string ApplyAccount,
    IReadOnlyList<ResourceKind> Kinds
);

/// <summary>Input of <see cref="SystemAccess"/>.</summary>
internal sealed record SystemAccessProps
{
    /// <summary>Labels of roles and bindings.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The namespace of the pipelines' accounts and of break-glass.</summary>
    public required string Accounts { get; init; }

    /// <summary>The custom resources of the shared services, which break-glass may read and write.</summary>
    public required IReadOnlyList<AccessRule> CustomResources { get; init; }

    /// <summary>The pipelines of the application environments.</summary>
    public required IReadOnlyList<PipelineAccounts> Pipelines { get; init; }

    /// <summary>The accounts of every environment.</summary>
    public required IReadOnlyList<AccessNamespaceProps> Environments { get; init; }

    /// <summary>The admission policies, which exist before the rights that they limit.</summary>
    public required ITerraformDependable Admission { get; init; }
}

/// <summary>
/// The profiles, the rights of the pipelines, and the accounts of all environments. They are together because an environment's
/// own pipeline must not decide who has access to it.
/// </summary>
internal static class SystemAccess
{
    /// <summary>
    /// Adds roles, bindings and accounts directly below the stack: a construct in between would be a part of every address.
    /// </summary>
    public static void AddTo(SystemStack stack, SystemAccessProps props)
    {
        _ = new ProfileRoles(
            stack,
            "profiles",
            new()
            {
                Labels = props.Labels,
                Accounts = props.Accounts,
                CustomResources = props.CustomResources,
                Admission = props.Admission,
            }
        );
        var pipelines = new Construct(stack, "pipelines");
        foreach (var pipeline in props.Pipelines)
            _ = new PipelineRoles(
                pipelines,
                pipeline.Environment,
                new()
                {
                    PlanAccount = pipeline.PlanAccount,
                    ApplyAccount = pipeline.ApplyAccount,
                    Accounts = props.Accounts,
                    Kinds = pipeline.Kinds,
                    Admission = props.Admission,
                    Labels = props.Labels,
                }
            );
        PipelineConfigMaps.DefineRoles(new Construct(stack, "pipeline-configmaps"), props.Labels);
        var access = new Construct(stack, "access");
        foreach (var environment in props.Environments)
            _ = new AccessNamespace(access, environment.Environment, environment);
    }
}
