using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Naming;

/// <summary>
/// The names of the accounts that act on the cluster, beside those of <see cref="EnvironmentSpec.Access"/>. All of them are ServiceAccounts in an
/// access namespace (<see cref="EnvironmentSpec.AccessNamespace"/>): LKE has no identity provider.
/// </summary>
public static class AccountNames
{
    /// <summary>The account of the rare hour, in the access namespace of system. Nobody holds a token for it.</summary>
    public const string BreakGlass = "break-glass";

    /// <summary>The ServiceAccount that Kubernetes makes in every namespace.</summary>
    public const string Default = "default";

    private const string PlanPrefix = "plan-";
    private const string ApplyPrefix = "apply-";

    /// <summary>The account that plans an environment's stack, in the access namespace of system.</summary>
    public static string Plan(EnvironmentSpec environment) => $"{PlanPrefix}{environment.Name}";

    /// <summary>The account that applies an environment's stack, in the access namespace of system.</summary>
    public static string Apply(EnvironmentSpec environment) => $"{ApplyPrefix}{environment.Name}";

    /// <summary>How the API server and the audit log name an account: <c>system:serviceaccount:{namespace}:{account}</c>.</summary>
    public static string UserName(string space, string account) => $"system:serviceaccount:{space}:{account}";

    /// <summary>Whether a name belongs to an account of Kubernetes or of the platform, so that nobody else may have it.</summary>
    public static bool IsReserved(string account) =>
        account is Default or BreakGlass
        || account.StartsWith(PlanPrefix, StringComparison.Ordinal)
        || account.StartsWith(ApplyPrefix, StringComparison.Ordinal);

    /// <summary>The accounts of an environment that may renew their own tokens: its grants; in system also those of all pipelines.</summary>
    public static IReadOnlyList<string> WithRenewal(PlatformSpec platform, EnvironmentSpec environment) =>
        [
            .. environment.Access.Select(grant => grant.Name),
            .. environment == platform.System ? platform.Applications.SelectMany(one => new[] { Plan(one), Apply(one) }) : [],
        ];

    /// <summary>The accounts of an environment whose tokens another account requests: in system the break-glass account.</summary>
    public static IReadOnlyList<string> WithoutRenewal(PlatformSpec platform, EnvironmentSpec environment) =>
        environment == platform.System ? [BreakGlass] : [];
}
