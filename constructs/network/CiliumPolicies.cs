using System.Text.Json.Nodes;
using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Network;

/// <summary>Input of <see cref="CiliumPolicies"/>.</summary>
public sealed record CiliumPoliciesProps
{
    /// <summary>The namespace of the policies.</summary>
    public required string Namespace { get; init; }

    /// <summary>The policies (<see cref="CiliumPolicy"/>).</summary>
    public required IReadOnlyList<JsonObject> Policies { get; init; }

    /// <summary>The resources that must exist before.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];
}

/// <summary>The CiliumNetworkPolicies of one namespace, for traffic that a NetworkPolicy cannot express.</summary>
public sealed class CiliumPolicies : Manifests
{
    /// <summary>Creates the policies.</summary>
    public CiliumPolicies(Construct scope, string id, CiliumPoliciesProps props)
        : base(
            scope,
            id,
            new()
            {
                Name = ReleaseNames.CiliumPolicies,
                Namespace = props.Namespace,
                Objects = props.Policies,
                DependsOn = props.DependsOn,
            }
        ) { }
}
