using System.Globalization;
using System.Text.RegularExpressions;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// Security: Pod Security, secrets (those that the shared services need included), access, and the number of environments that
/// the isolation probe supports.
/// </summary>
internal static partial class SecurityCheck
{
    private const int FewestSecrets = 2;

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory, IReadOnlyList<SecretSpec> needed) =>
        [
            .. inventory.Environments().SelectMany(PodSecurity),
            .. inventory.Environments().SelectMany(Registries),
            .. Secrets(inventory.Of(platform => platform.System)),
            .. Needed(inventory.Of(platform => platform.System), needed),
            .. inventory.Environments().SelectMany(Access),
            .. SystemAccess(inventory),
            .. Count(inventory.Of(platform => platform.Applications)),
        ];

    private static IEnumerable<Problem> PodSecurity(InventoryValue<EnvironmentSpec> environment)
    {
        var reason = environment.Of(spec => spec.PodSecurityReason);
        var level = environment.Value.PodSecurity;
        var hasReason = !string.IsNullOrWhiteSpace(reason.Value);
        if (level == PodSecurityLevel.Restricted == hasReason)
            yield return ProblemCatalog.PodSecurityReason.At(
                reason.Path,
                $"{level}, {(hasReason ? "with" : "without")} a reason"
            );
    }

    private static IEnumerable<Problem> Registries(InventoryValue<EnvironmentSpec> environment)
    {
        var registries = environment.Of(spec => spec.ImageRegistries);
        if (registries.Value.Count == 0)
            yield return ProblemCatalog.ImageRegistry.At(registries.Path, "none");
        foreach (var registry in environment.ImageRegistries())
            if (!IsRegistry(registry.Value))
                yield return ProblemCatalog.ImageRegistry.At(registry.Path, Quote(registry.Value));
    }

    private static IEnumerable<Problem> Secrets(InventoryValue<SystemEnvironmentSpec> system)
    {
        var secrets = system.Of(spec => spec.Secrets);
        if (secrets.Value.Count < FewestSecrets)
            yield return ProblemCatalog.TooFewSecrets.At(secrets.Path, Invariant($"{secrets.Value.Count}"));
        foreach (var keys in system.Secrets().Select(secret => secret.Of(one => one.Keys)))
            if (!AreKeys(keys.Value))
                yield return ProblemCatalog.SecretKeys.At(keys.Path, Quote(string.Join(", ", keys.Value)));
    }

    /// <summary>The Secrets and keys that shared services need and the system environment does not have.</summary>
    private static IEnumerable<Problem> Needed(InventoryValue<SystemEnvironmentSpec> system, IReadOnlyList<SecretSpec> needed)
    {
        var secrets = system.Of(spec => spec.Secrets);
        foreach (var group in needed.GroupBy(secret => secret.Name, StringComparer.Ordinal))
        {
            var keys = group.SelectMany(secret => secret.Keys).Distinct(StringComparer.Ordinal).ToList();
            var given = secrets.Value.Where(secret => secret.Name == group.Key).ToList();
            var givenKeys = given.SelectMany(secret => secret.Keys).ToList();
            if (given.Count == 0 || keys.Except(givenKeys, StringComparer.Ordinal).Any())
                yield return ProblemCatalog.SharedServiceSecret.At(
                    secrets.Path.Item(group.Key),
                    given.Count == 0 ? "no such Secret" : $"keys {Quote(string.Join(", ", givenKeys))}",
                    $"a Secret with the keys {string.Join(", ", keys)}"
                );
        }
    }

    private static IEnumerable<Problem> Access(InventoryValue<EnvironmentSpec> environment)
    {
        var teams = environment.Value is ApplicationEnvironmentSpec application
            ? application.Teams.Select(team => team.Name).ToList()
            : [];
        foreach (var grant in environment.Access())
        {
            var (name, profile) = (grant.Of(one => one.Name), grant.Of(one => one.Profile));
            if (profile.Value == AccessProfile.PlatformAdmin)
                yield return ProblemCatalog.PlatformAdminGranted.At(profile.Path, $"{profile.Value}");
            if (AccountNames.IsReserved(name.Value))
                yield return ProblemCatalog.ReservedAccount.At(name.Path, Quote(name.Value));
            foreach (var team in grant.Value.Teams.Except(teams, StringComparer.Ordinal))
                yield return ProblemCatalog.UnknownTeam.At(grant.Of(one => one.Teams).Path, Quote(team));
        }
    }

    /// <summary>Grants in the system environment. A grant of PlatformAdmin has its own problem.</summary>
    private static IEnumerable<Problem> SystemAccess(InventoryValue<PlatformSpec> inventory) =>
        inventory
            .Of(platform => platform.System)
            .As<EnvironmentSpec>()
            .Access()
            .Select(grant => grant.Of(one => one.Profile))
            .Where(profile =>
                profile.Value is not (AccessProfile.Viewer or AccessProfile.Restarter or AccessProfile.PlatformAdmin)
            )
            .Select(profile => ProblemCatalog.SystemGrant.At(profile.Path, $"{profile.Value}"));

    private static IEnumerable<Problem> Count(InventoryValue<IReadOnlyList<ApplicationEnvironmentSpec>> applications)
    {
        if (applications.Value.Count > PlatformSpec.MostApplications)
            yield return ProblemCatalog.TooManyEnvironments.At(
                applications.Path,
                Invariant($"{applications.Value.Count} environments")
            );
    }

    private static bool IsRegistry(string text) =>
        Registry().Match(text) is { Success: true } match
        && (match.Groups["port"] is not { Success: true } port || int.Parse(port.Value, CultureInfo.InvariantCulture) <= 65535);

    // The host and the path of a name in the format of distribution/reference: without a dot or a port it would be a path on
    // docker.io. A label of a host does not begin or end with a hyphen, and a port has no leading zero.
    [GeneratedRegex(
        @"^(localhost|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+)(:(?<port>[1-9][0-9]{0,4}))?"
            + @"(/[a-z0-9]+([._-]+[a-z0-9]+)*)*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Registry();

    private static bool AreKeys(IReadOnlyList<string> keys) =>
        keys.Count > 0 && keys.All(KubernetesLabel.IsDataKey) && keys.Distinct(StringComparer.Ordinal).Count() == keys.Count;
}
