using System.Text.Json;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Access;

/// <summary>One rule of a role: verbs on resources. Never a wildcard.</summary>
/// <param name="Groups">API groups; "" is the core group.</param>
/// <param name="Resources">Resources and subresources ("pods/log").</param>
/// <param name="Verbs">Verbs.</param>
public sealed record AccessRule(IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs)
{
    /// <summary>The names of the objects that the rule is limited to; empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}

/// <summary>
/// The rules of each profile, by verb and resource. No profile that can be granted reads Secrets or writes roles, quotas or
/// network policies: only the pipeline and break-glass do. No profile has escalate, bind or impersonate.
/// </summary>
public static class AccessRules
{
    private static readonly string[] s_read = ["get", "list", "watch"];
    private static readonly string[] s_write = ["create", "update", "patch", "delete"];

    private static readonly AccessRule[] s_seeWorkloads =
    [
        new(
            [""],
            [
                "pods",
                "pods/log",
                "services",
                "endpoints",
                "configmaps",
                "events",
                "persistentvolumeclaims",
                "resourcequotas",
                "limitranges",
                "serviceaccounts",
            ],
            s_read
        ),
        new(["apps"], ["deployments", "statefulsets", "daemonsets", "replicasets"], s_read),
        new(["batch"], ["jobs", "cronjobs"], s_read),
        new(["autoscaling"], ["horizontalpodautoscalers"], s_read),
        new(["policy"], ["poddisruptionbudgets"], s_read),
        new(["networking.k8s.io"], ["networkpolicies"], s_read),
        new(["discovery.k8s.io"], ["endpointslices"], s_read),
        new(["events.k8s.io"], ["events"], s_read),
        new(["metrics.k8s.io"], ["pods"], ["get", "list"]),
        new(["gateway.networking.k8s.io"], ["httproutes"], s_read),
    ];

    private static readonly AccessRule[] s_changeWorkloads =
    [
        new([""], ["services", "configmaps", "persistentvolumeclaims", "serviceaccounts"], s_write),
        new(["apps"], ["deployments", "statefulsets"], s_write),
        new(["batch"], ["jobs", "cronjobs"], s_write),
        new(["autoscaling"], ["horizontalpodautoscalers"], s_write),
        new(["policy"], ["poddisruptionbudgets"], s_write),
        new(["gateway.networking.k8s.io"], ["httproutes"], s_write),
    ];

    private static readonly AccessRule[] s_restartPods =
    [
        new([""], ["pods"], ["delete"]),
        new([""], ["pods/eviction"], ["create"]),
    ];

    private static readonly AccessRule[] s_restart =
    [
        new(["apps"], ["deployments", "statefulsets"], ["patch"]),
        new(["apps"], ["deployments/scale", "statefulsets/scale"], ["get", "update", "patch"]),
        .. s_restartPods,
    ];

    private static readonly AccessRule s_lookInside = new([""], ["pods/exec", "pods/portforward"], ["create"]);

    // The rights of break-glass in addition to an operator's: everything that the platform consists of, and everything that
    // blocks all access when it fails (webhooks, policies, API services). Without escalate and bind, the API server refuses a
    // grant of rights that it does not have itself.
    private static readonly AccessRule[] s_repair =
    [
        new(
            [""],
            ["namespaces", "nodes", "persistentvolumes", "secrets", "resourcequotas", "limitranges", "endpoints"],
            [.. s_read, .. s_write]
        ),
        new([""], ["events"], ["create", "patch"]),
        new([""], ["serviceaccounts/token"], ["create"]),
        new(["apps"], ["daemonsets", "replicasets"], s_write),
        new(["networking.k8s.io"], ["networkpolicies"], s_write),
        new(["cilium.io"], ["ciliumnetworkpolicies"], [.. s_read, .. s_write]),
        new(
            ["rbac.authorization.k8s.io"],
            ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
            [.. s_read, .. s_write]
        ),
        new(
            ["admissionregistration.k8s.io"],
            [
                "validatingadmissionpolicies",
                "validatingadmissionpolicybindings",
                "validatingwebhookconfigurations",
                "mutatingwebhookconfigurations",
            ],
            [.. s_read, .. s_write]
        ),
        new(["apiextensions.k8s.io"], ["customresourcedefinitions"], [.. s_read, .. s_write]),
        new(["apiregistration.k8s.io"], ["apiservices"], [.. s_read, .. s_write]),
        new(["scheduling.k8s.io"], ["priorityclasses"], [.. s_read, .. s_write]),
        new(["storage.k8s.io"], ["storageclasses", "volumeattachments"], [.. s_read, .. s_write]),
        new(["coordination.k8s.io"], ["leases"], [.. s_read, .. s_write]),
        new(["discovery.k8s.io"], ["endpointslices"], s_write),
        new(["metrics.k8s.io"], ["nodes"], ["get", "list"]),
        new(["gateway.networking.k8s.io"], ["gatewayclasses", "gateways"], [.. s_read, .. s_write]),
        new(["gateway.envoyproxy.io"], ["envoyproxies", "clienttrafficpolicies"], [.. s_read, .. s_write]),
        new(["cert-manager.io"], ["certificates", "certificaterequests", "issuers", "clusterissuers"], [.. s_read, .. s_write]),
        new(["acme.cert-manager.io"], ["orders", "challenges"], [.. s_read, .. s_write]),
        new(
            ["monitoring.coreos.com"],
            ["prometheuses", "alertmanagers", "prometheusrules", "servicemonitors", "podmonitors"],
            [.. s_read, .. s_write]
        ),
        new(["bitnami.com"], ["sealedsecrets"], [.. s_read, .. s_write]),
    ];

    /// <summary>The profiles that the inventory may grant: all except the profile of break-glass.</summary>
    public static IReadOnlyList<AccessProfile> Granted { get; } =
    [.. Enum.GetValues<AccessProfile>().Where(profile => profile != AccessProfile.PlatformAdmin)];

    /// <summary>The rules of a profile.</summary>
    public static IReadOnlyList<AccessRule> Of(AccessProfile profile) =>
        profile switch
        {
            AccessProfile.Viewer => s_seeWorkloads,
            AccessProfile.Restarter => [.. s_seeWorkloads, .. s_restartPods],
            AccessProfile.Developer => [.. s_seeWorkloads, .. s_restart, s_lookInside],
            AccessProfile.Operator => [.. s_seeWorkloads, .. s_changeWorkloads, .. s_restart, s_lookInside],
            AccessProfile.Deployer => [.. s_seeWorkloads, .. s_changeWorkloads],
            AccessProfile.PlatformAdmin => [.. s_seeWorkloads, .. s_changeWorkloads, .. s_restart, s_lookInside, .. s_repair],
            _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "No rules are written for this profile."),
        };

    /// <summary>
    /// The name of the profile's ClusterRole. The system stack defines it; RoleBindings of the environments refer to it.
    /// </summary>
    public static string RoleName(AccessProfile profile) => $"profile-{Kebab(profile)}";

    /// <summary>A profile's name in kebab case: "platform-admin".</summary>
    public static string Kebab(AccessProfile profile) => JsonNamingPolicy.KebabCaseLower.ConvertName(profile.ToString());
}
