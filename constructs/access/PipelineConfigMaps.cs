using Constructs;
using HashiCorp.Cdktf;

namespace InfraCdktf.Constructs.Access;

/// <summary>The pipeline that creates a namespace.</summary>
/// <param name="PlanAccount">The account that plans the environment's stack.</param>
/// <param name="ApplyAccount">The account that applies it.</param>
/// <param name="Accounts">The namespace of both accounts.</param>
public sealed record NamespacePipeline(string PlanAccount, string ApplyAccount, string Accounts);

/// <summary>Input of <see cref="PipelineConfigMaps"/>.</summary>
public sealed record PipelineConfigMapsProps
{
    /// <summary>A namespace of the environment, as a reference to the resource.</summary>
    public required string Namespace { get; init; }

    /// <summary>The pipeline.</summary>
    public required NamespacePipeline Pipeline { get; init; }

    /// <summary>Labels of the bindings.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>
/// The pipeline's right to ConfigMaps in one namespace of its environment. Helm's records of releases are ConfigMaps with all
/// values, so a pipeline must not read those of other environments. The stack itself binds the two roles right after it has
/// created the namespace, with the verb <c>bind</c> for exactly these roles (<see cref="PipelineRoles"/>): before, there is
/// no namespace that a binding could be in (docs/adr/0019). So everything in the stack that is or needs a ConfigMap depends on
/// <see cref="Bound"/>.
/// </summary>
public sealed class PipelineConfigMaps : Construct
{
    /// <summary>The ClusterRole of the accounts that plan.</summary>
    public const string PlanRole = "pipeline-configmaps-plan";

    /// <summary>The ClusterRole of the accounts that apply.</summary>
    public const string ApplyRole = "pipeline-configmaps-apply";

    /// <summary>Binds both roles.</summary>
    public PipelineConfigMaps(Construct scope, string id, PipelineConfigMapsProps props)
        : base(scope, id)
    {
        Bound = [Bind("plan", PlanRole, props.Pipeline.PlanAccount), Bind("apply", ApplyRole, props.Pipeline.ApplyAccount)];

        ITerraformDependable Bind(string id, string role, string account) =>
            Bindings.InNamespace(this, id, props.Namespace, role, new(props.Pipeline.Accounts, account), props.Labels);
    }

    /// <summary>The bindings, for the <c>depends_on</c> of ConfigMaps and of Helm releases.</summary>
    public IReadOnlyList<ITerraformDependable> Bound { get; }

    /// <summary>Defines the two roles; the system stack does this once.</summary>
    public static void DefineRoles(Construct scope, IReadOnlyDictionary<string, string> labels)
    {
        ClusterRoles.Of(scope, "plan", PlanRole, [Rule(PipelineRoles.PlanVerbs)], labels);
        ClusterRoles.Of(scope, "apply", ApplyRole, [Rule(PipelineRoles.ApplyVerbs)], labels);
    }

    private static AccessRule Rule(IReadOnlyList<string> verbs) =>
        new([StackResourceKinds.ConfigMaps.Group], [StackResourceKinds.ConfigMaps.Resource], verbs);
}
