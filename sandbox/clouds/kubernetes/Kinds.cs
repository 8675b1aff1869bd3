namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>
/// The API's name of the kind of a resource type: `kubernetes_network_policy_v1` is `networkpolicies.networking.k8s.io`.
/// </summary>
internal sealed record Kind(string Plural, string Group)
{
    private static readonly Dictionary<string, string> _groups = new()
    {
        ["daemonsets"] = "apps",
        ["deployments"] = "apps",
        ["statefulsets"] = "apps",
        ["jobs"] = "batch",
        ["cronjobs"] = "batch",
        ["roles"] = "rbac.authorization.k8s.io",
        ["rolebindings"] = "rbac.authorization.k8s.io",
        ["clusterroles"] = "rbac.authorization.k8s.io",
        ["clusterrolebindings"] = "rbac.authorization.k8s.io",
        ["networkpolicies"] = "networking.k8s.io",
        ["ingresses"] = "networking.k8s.io",
        ["ingressclasses"] = "networking.k8s.io",
        ["storageclasses"] = "storage.k8s.io",
        ["csidrivers"] = "storage.k8s.io",
        ["priorityclasses"] = "scheduling.k8s.io",
        ["poddisruptionbudgets"] = "policy",
        ["horizontalpodautoscalers"] = "autoscaling",
        ["endpointslices"] = "discovery.k8s.io",
        ["runtimeclasses"] = "node.k8s.io",
        ["apiservices"] = "apiregistration.k8s.io",
        ["certificatesigningrequests"] = "certificates.k8s.io",
        ["mutatingwebhookconfigurations"] = "admissionregistration.k8s.io",
        ["validatingwebhookconfigurations"] = "admissionregistration.k8s.io",
    };

    /// <summary>The name in error messages: `namespaces`, `roles.rbac.authorization.k8s.io`.</summary>
    public override string ToString() => Group == "" ? Plural : $"{Plural}.{Group}";

    public static Kind Of(string resourceType)
    {
        var words = resourceType.Split('_')[1..];
        var single = string.Concat(words[^1][0] == 'v' && words[^1].Any(char.IsAsciiDigit) ? words[..^1] : words);
        var plural = single switch
        {
            "endpoints" => single,
            _ when single.EndsWith('s') => single + "es",
            _ when single.EndsWith('y') => single[..^1] + "ies",
            _ => single + "s",
        };
        return new Kind(plural, _groups.GetValueOrDefault(plural, ""));
    }
}
