namespace InfraCdktf.Pipeline.State;

/// <summary>The command or place that shows a person whether an object exists and its id.</summary>
public static class WhereToLook
{
    private static readonly Dictionary<string, string> _linode = new()
    {
        ["linode_database_postgresql_v2"] = "linode-cli databases postgresql-list",
        ["linode_domain"] = "linode-cli domains list",
        ["linode_firewall"] = "linode-cli firewalls list",
        ["linode_lke_cluster"] = "linode-cli lke clusters-list",
        ["linode_object_storage_bucket"] = "linode-cli object-storage buckets-list",
        ["linode_object_storage_key"] = "linode-cli object-storage keys-list",
        ["linode_vpc"] = "linode-cli vpcs list",
        ["linode_vpc_subnet"] = "linode-cli vpcs list, then linode-cli vpcs subnets-list VPC",
    };

    /// <summary>The command, or a description of the place.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="name">The object's name in the configuration.</param>
    /// <param name="space">The object's namespace in the configuration; null if it has none.</param>
    public static string Of(string type, string? name, string? space)
    {
        var within = space is null ? "" : $" -n {space}";
        if (type == "helm_release")
            return $"helm status {name}{within}";
        if (!type.StartsWith("kubernetes_", StringComparison.Ordinal))
            return _linode.GetValueOrDefault(type) ?? "the Cloud Manager";
        return $"kubectl get {KindOf(type)} {name}{within}";
    }

    /// <summary>kubectl's word for a Kubernetes type: <c>kubernetes_network_policy_v1</c> is <c>networkpolicy</c>.</summary>
    public static string KindOf(string type) =>
        string.Concat(type["kubernetes_".Length..].Split('_').Where(part => part is not ("v1" or "v2" or "default")));
}
