using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Naming;

/// <summary>
/// The names of the accounts with access to the cluster, in addition to those of <see cref="EnvironmentSpec.Access"/>. All are
/// ServiceAccounts in an access namespace (<see cref="EnvironmentSpec.AccessNamespace"/>), because LKE has no identity provider.
/// </summary>
public static class AccountNames
{
    /// <summary>The break-glass account, in the access namespace of system. No token for it exists in normal operation.</summary>
    public const string BreakGlass = "break-glass";

    /// <summary>The ServiceAccount that Kubernetes creates in every namespace.</summary>
    public const string Default = "default";

    private const string PlanPrefix = "plan-";
    private const string ApplyPrefix = "apply-";

    /// <summary>The account that plans an environment's stack, in the access namespace of system.</summary>
    public static string Plan(EnvironmentSpec environment) => $"{PlanPrefix}{environment.Name}";

    /// <summary>The account that applies an environment's stack, in the access namespace of system.</summary>
    public static string Apply(EnvironmentSpec environment) => $"{ApplyPrefix}{environment.Name}";

    /// <summary>
    /// The user name of an account in the API server and the audit log: <c>system:serviceaccount:{namespace}:{account}</c>.
    /// </summary>
    public static string UserName(string namespaceName, string account) => $"system:serviceaccount:{namespaceName}:{account}";

    /// <summary>True for the name of an account of Kubernetes or of the platform. A grant may not have such a name.</summary>
    public static bool IsReserved(string account) =>
        account is Default or BreakGlass
        || account.StartsWith(PlanPrefix, StringComparison.Ordinal)
        || account.StartsWith(ApplyPrefix, StringComparison.Ordinal);

    /// <summary>
    /// The accounts of an environment that may renew their own tokens: its grants; in system also those of all pipelines.
    /// </summary>
    public static IReadOnlyList<string> WithRenewal(PlatformSpec platform, EnvironmentSpec environment) =>
        [
            .. environment.Access.Select(grant => grant.Name),
            .. environment == platform.System ? platform.Applications.SelectMany(one => new[] { Plan(one), Apply(one) }) : [],
        ];

    /// <summary>
    /// The accounts of an environment whose tokens another account requests: in system the break-glass account.
    /// </summary>
    public static IReadOnlyList<string> WithoutRenewal(PlatformSpec platform, EnvironmentSpec environment) =>
        environment == platform.System ? [BreakGlass] : [];
}
