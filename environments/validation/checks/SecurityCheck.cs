using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Security: Pod Security, secrets, exposure, access.</summary>
internal static class SecurityCheck
{
    /// <summary>SC-005.</summary>
    private const int FewestSecrets = 2;

    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. InventoryPath.Environments(platform).SelectMany(part => Environment(part.Environment, part.Place)),
            .. InventoryPath.Environments(platform).SelectMany(part => Access(part.Environment, part.Place)),
            .. platform
                .System.Access.Where(grant => grant.Profile is not (AccessProfile.Viewer or AccessProfile.Restarter or AccessProfile.PlatformAdmin))
                .Select(grant => ProblemCatalog.SystemGrant.At($"system.access[{grant.Name}].profile", $"{grant.Profile}")),
            .. platform.Applications.Count > PlatformSpec.MostApplications
                ? [ProblemCatalog.TooManyEnvironments.At("applications", Invariant($"{platform.Applications.Count} environments"))]
                : Array.Empty<Problem>(),
            .. platform.System.Exposure is { } exposure
                ? [ProblemCatalog.SystemExposed.At("system.exposure", Quote(exposure.Subdomain))]
                : Array.Empty<Problem>(),
        ];

    private static IEnumerable<Problem> Environment(EnvironmentSpec environment, string place)
    {
        var isRestricted = environment.PodSecurity == PodSecurityLevel.Restricted;
        var hasReason = !string.IsNullOrWhiteSpace(environment.PodSecurityReason);
        if (isRestricted == hasReason)
            yield return ProblemCatalog.PodSecurityReason.At(
                $"{place}.podSecurityReason",
                $"{environment.PodSecurity}, {(hasReason ? "with" : "without")} a reason"
            );
        if (environment.Secrets.Count < FewestSecrets)
            yield return ProblemCatalog.TooFewSecrets.At($"{place}.secrets", Invariant($"{environment.Secrets.Count}"));
        foreach (var secret in environment.Secrets)
        {
            if (!AreKeys(secret.Keys))
                yield return ProblemCatalog.SecretKeys.At(
                    $"{place}.secrets[{secret.Name}].keys",
                    Quote(string.Join(", ", secret.Keys))
                );
            if (secret.RotateAfterDays <= 0)
                yield return ProblemCatalog.SecretRotation.At(
                    $"{place}.secrets[{secret.Name}].rotateAfterDays",
                    Invariant($"{secret.RotateAfterDays}")
                );
        }
    }

    private static IEnumerable<Problem> Access(EnvironmentSpec environment, string place)
    {
        foreach (var grant in environment.Access)
        {
            var at = $"{place}.access[{grant.Name}]";
            if (grant.Profile == AccessProfile.PlatformAdmin)
                yield return ProblemCatalog.PlatformAdminGranted.At($"{at}.profile", $"{grant.Profile}");
            if (AccountNames.IsReserved(grant.Name))
                yield return ProblemCatalog.ReservedAccount.At($"{at}.name", Quote(grant.Name));
            foreach (var team in grant.Teams.Except(environment.Teams.Select(team => team.Name), StringComparer.Ordinal))
                yield return ProblemCatalog.UnknownTeam.At($"{at}.teams", Quote(team));
        }
    }

    private static bool AreKeys(IReadOnlyList<string> keys) =>
        keys.Count > 0 && keys.All(KubernetesLabel.IsDataKey) && keys.Distinct(StringComparer.Ordinal).Count() == keys.Count;
}
