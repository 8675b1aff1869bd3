namespace InfraCdktf.Environments.Model;

/// <summary>LKE's tiers.</summary>
public enum ClusterTier
{
    /// <summary>Nodes in our VPC, Cilium, firewall on the pools, audit logs, private databases.</summary>
    Enterprise,

    /// <summary>The economy choice: Calico, nodes in no VPC (so no private database), a firewall controller in the cluster, no audit stream.</summary>
    Standard,
}
