using InfraCdktf.Environments;

namespace InfraCdktf.Constructs.Security;

/// <summary>One line of a role: which verbs on which resources. Never a wildcard.</summary>
/// <param name="Groups">API groups; "" is the core group.</param>
/// <param name="Resources">Resources and subresources ("pods/log").</param>
/// <param name="Verbs">Verbs.</param>
public sealed record AccessRule(IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs);

/// <summary>
/// What each profile may do, verb by verb and resource by resource. No profile reads Secrets, writes roles, quotas or network
/// policies, escalates, binds or impersonates: those belong to the pipeline.
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

    private static readonly AccessRule[] s_restart =
    [
        new(["apps"], ["deployments", "statefulsets"], ["patch"]),
        new(["apps"], ["deployments/scale", "statefulsets/scale"], ["get", "update", "patch"]),
        new([""], ["pods"], ["delete"]),
        new([""], ["pods/eviction"], ["create"]),
    ];

    private static readonly AccessRule s_lookInside = new([""], ["pods/exec", "pods/portforward"], ["create"]);

    /// <summary>The rules of a profile, without duplicates.</summary>
    public static IReadOnlyList<AccessRule> Of(Profile profile) =>
        profile switch
        {
            Profile.Viewer => s_seeWorkloads,
            Profile.Developer => [.. s_seeWorkloads, .. s_restart, s_lookInside],
            Profile.Operator => [.. s_seeWorkloads, .. s_changeWorkloads, .. s_restart, s_lookInside],
            Profile.Deployer => [.. s_seeWorkloads, .. s_changeWorkloads],
            _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "No rules are written for this profile."),
        };

    /// <summary>The name of the profile's ClusterRole, which the system stack defines and the environments bind.</summary>
    public static string RoleName(Profile profile) => $"profile-{Kebab(profile)}";

    private static string Kebab(Profile profile) => profile.ToString().ToLowerInvariant();
}
