namespace InfraCdktf.Environments.Model;

/// <summary>LKE's tiers.</summary>
public enum ClusterTier
{
    /// <summary>Nodes in the platform's VPC, Cilium, a firewall on the pools, audit logs, private databases.</summary>
    Enterprise,

    /// <summary>
    /// The cheaper tier: Calico, nodes in no VPC (therefore no private database), a firewall controller in the cluster, no audit
    /// stream.
    /// </summary>
    Standard,
}
