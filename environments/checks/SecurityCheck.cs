using static System.FormattableString;
using static InfraCdktf.Environments.Checks.Quoting;
using Catalogue = InfraCdktf.Environments.Problems;

namespace InfraCdktf.Environments.Checks;

/// <summary>Security: Pod Security, secrets, exposure, access.</summary>
internal static class SecurityCheck
{
    /// <summary>SC-005.</summary>
    private const int FewestSecrets = 2;

    public static IEnumerable<Problem> Problems(Platform platform) =>
        [
            .. Place.Environments(platform).SelectMany(part => Environment(part.Environment, part.Place)),
            .. Place.Environments(platform).SelectMany(part => Access(part.Environment, part.Place)),
            .. platform
                .System.Access.Where(grant => grant.Profile is not (Profile.Viewer or Profile.Caretaker or Profile.PlatformAdmin))
                .Select(grant => Catalogue.SystemGrant.At($"system.access[{grant.Name}].profile", $"{grant.Profile}")),
            .. platform.Applications.Count > Platform.MostApplications
                ? [Catalogue.TooManyEnvironments.At("applications", Invariant($"{platform.Applications.Count} environments"))]
                : Array.Empty<Problem>(),
            .. platform.System.Exposure is { } exposure
                ? [Catalogue.SystemExposed.At("system.exposure", Quote(exposure.Subdomain))]
                : Array.Empty<Problem>(),
        ];

    private static IEnumerable<Problem> Environment(Environment environment, string place)
    {
        var isRestricted = environment.PodSecurity == PodSecurityLevel.Restricted;
        var hasReason = !string.IsNullOrWhiteSpace(environment.PodSecurityReason);
        if (isRestricted == hasReason)
            yield return Catalogue.PodSecurityReason.At(
                $"{place}.podSecurityReason",
                $"{environment.PodSecurity}, {(hasReason ? "with" : "without")} a reason"
            );
        if (environment.Secrets.Count < FewestSecrets)
            yield return Catalogue.TooFewSecrets.At($"{place}.secrets", Invariant($"{environment.Secrets.Count}"));
        foreach (var secret in environment.Secrets)
        {
            if (!AreKeys(secret.Keys))
                yield return Catalogue.SecretKeys.At(
                    $"{place}.secrets[{secret.Name}].keys",
                    Quote(string.Join(", ", secret.Keys))
                );
            if (secret.RotateAfterDays <= 0)
                yield return Catalogue.SecretRotation.At(
                    $"{place}.secrets[{secret.Name}].rotateAfterDays",
                    Invariant($"{secret.RotateAfterDays}")
                );
        }
    }

    private static IEnumerable<Problem> Access(Environment environment, string place)
    {
        foreach (var grant in environment.Access)
        {
            var at = $"{place}.access[{grant.Name}]";
            if (grant.Profile == Profile.PlatformAdmin)
                yield return Catalogue.PlatformAdminGranted.At($"{at}.profile", $"{grant.Profile}");
            if (Identity.IsReserved(grant.Name))
                yield return Catalogue.ReservedAccount.At($"{at}.name", Quote(grant.Name));
            foreach (var team in grant.Teams.Except(environment.Teams.Select(team => team.Name), StringComparer.Ordinal))
                yield return Catalogue.UnknownTeam.At($"{at}.teams", Quote(team));
        }
    }

    private static bool AreKeys(IReadOnlyList<string> keys) =>
        keys.Count > 0 && keys.All(KubernetesLabel.IsDataKey) && keys.Distinct(StringComparer.Ordinal).Count() == keys.Count;
}
