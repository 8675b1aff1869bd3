using Constructs;
using HashiCorp.Cdktf.Providers.Kubernetes.DefaultServiceAccountV1;
using HashiCorp.Cdktf.Providers.Kubernetes.ResourceQuotaV1;
using InfraCdktf.Constructs.Network;

namespace InfraCdktf.Constructs.Namespaces;

/// <summary>Input of <see cref="DefaultNamespace"/>.</summary>
public sealed record DefaultNamespaceProps
{
    /// <summary>Labels of every object in it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>
/// The namespace <c>default</c>, which Kubernetes creates and which cannot be deleted. The platform does not use it: no pod, no
/// workload, no claim and no Secret can be created there, and all traffic is denied. Kubernetes keeps one Service and one
/// ConfigMap there (<c>kubernetes</c>, <c>kube-root-ca.crt</c>).
/// </summary>
public sealed class DefaultNamespace : Construct
{
    /// <summary>Its name.</summary>
    public const string Name = "default";

    /// <summary>Creates its bounds.</summary>
    public DefaultNamespace(Construct scope, string id, DefaultNamespaceProps props)
        : base(scope, id)
    {
        var labels = props.Labels.ToDictionary();
        _ = new ResourceQuotaV1(
            this,
            "quota",
            new ResourceQuotaV1Config
            {
                Metadata = new ResourceQuotaV1Metadata
                {
                    Name = "quota",
                    Namespace = Name,
                    Labels = labels,
                },
                Spec = new ResourceQuotaV1Spec { Hard = Hard() },
            }
        );
        _ = new DefaultServiceAccountV1(
            this,
            "default-account",
            new DefaultServiceAccountV1Config
            {
                Metadata = new DefaultServiceAccountV1Metadata { Namespace = Name, Labels = labels },
                AutomountServiceAccountToken = false,
            }
        );
        _ = new SegmentPolicy(
            this,
            "segment",
            new()
            {
                Namespace = Name,
                Labels = props.Labels,
                AllowRules = AllowRules.None,
            }
        );
    }

    private static Dictionary<string, string> Hard()
    {
        var hard = AccessNamespace.NoWorkloads.ToDictionary(count => count.Key, count => $"{count.Value}");
        hard["pods"] = "0";
        hard["services.loadbalancers"] = "0";
        hard["services.nodeports"] = "0";
        hard["services"] = "1";
        return hard;
    }
}
