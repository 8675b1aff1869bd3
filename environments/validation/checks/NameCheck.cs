using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>Names: their form, their length once everything is derived from them, whose they are, and that none is taken twice.</summary>
internal static class NameCheck
{
    /// <summary>Namespaces that exist already or hold the platform's agents.</summary>
    private static readonly string[] ReservedNamespaces = ["default", "system-agents"];

    /// <summary>Stack names, and the word that tags what all share.</summary>
    private static readonly string[] ReservedEnvironments = ["core", "state", Labels.Shared];

    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. Places(platform)
                .Where(name => !DnsLabel.IsValid(name.Text))
                .Select(name => ProblemCatalog.InvalidName.At(name.Place, Quote(name.Text))),
            .. Lengths(platform),
            .. Reserved(platform),
            .. Duplicates(platform),
            .. Collisions(platform),
            .. DoubleHyphens(platform),
        ];

    private static IEnumerable<(string Text, string Place)> Places(PlatformSpec platform) =>
        [
            (platform.Project, "project"),
            (platform.Owner, "owner"),
            .. platform.Pools.Select(pool => (pool.Name, $"pools[{pool.Name}].name")),
            .. platform.ControlPlaneAccess.Select(network => (network.Name, $"controlPlaneAccess[{network.Name}].name")),
            .. platform.Overrides.Select(one => (one.Name, $"{InventoryPath.Of(one)}.name")),
            (platform.State.Bucket, "state.bucket"),
            (platform.State.ArchiveBucket, "state.archiveBucket"),
            .. InventoryPath.Environments(platform).SelectMany(part => Places(part.Environment, part.Place)),
        ];

    private static IEnumerable<(string Text, string Place)> Places(EnvironmentSpec environment, string place) =>
        [
            (environment.Name.Text, $"{place}.name"),
            (environment.Owner, $"{place}.owner"),
            .. environment.Access.Select(grant => (grant.Name, $"{place}.access[{grant.Name}].name")),
            .. environment.Buckets.Select(bucket => (bucket.Purpose, $"{place}.buckets[{bucket.Purpose}].purpose")),
            .. environment.Secrets.Select(secret => (secret.Name, $"{place}.secrets[{secret.Name}].name")),
            .. environment is ApplicationEnvironmentSpec application ? ApplicationPlaces(application, place) : [],
        ];

    private static IEnumerable<(string Text, string Place)> ApplicationPlaces(
        ApplicationEnvironmentSpec environment,
        string place
    ) =>
        [
            .. environment.Teams.Select(team => (team.Name, $"{place}.teams[{team.Name}].name")),
            .. environment.Destinations.Select(destination =>
                (destination.Name, $"{place}.destinations[{destination.Name}].name")
            ),
            .. environment.Exposure is { } exposure
                ? [(exposure.Subdomain, $"{place}.exposure.subdomain")]
                : Array.Empty<(string, string)>(),
        ];

    private static IEnumerable<Problem> Lengths(PlatformSpec platform) =>
        ResourceNames
            .Of(platform)
            .All.Concat(Labels.All(platform))
            .Where(name => name.Text.Length < name.Kind.MinLength || name.Text.Length > name.Kind.MaxLength)
            .Select(name =>
                ProblemCatalog.NameLength.At(
                    name.Place,
                    Invariant($"{Quote(name.Text)} ({name.Text.Length} characters)"),
                    Invariant($"{name.Kind.MinLength}-{name.Kind.MaxLength} characters for a {name.Kind.Title}")
                )
            );

    private static IEnumerable<Problem> Reserved(PlatformSpec platform) =>
        [
            .. InventoryPath
                .Environments(platform)
                .Where(part =>
                    ReservedEnvironments.Contains(part.Environment.Name.Text) || IsReservedNamespace(part.Environment.Name.Text)
                )
                .Select(part => ProblemCatalog.ReservedName.At($"{part.Place}.name", Quote(part.Environment.Name.Text))),
            .. InventoryPath
                .Applications(platform)
                .SelectMany(part =>
                    part.Environment.Teams.Select(team =>
                        (Namespace: part.Environment.NamespaceOf(team), Place: $"{part.Place}.teams[{team.Name}].name")
                    )
                )
                .Where(team => IsReservedNamespace(team.Namespace))
                .Select(team => ProblemCatalog.ReservedName.At(team.Place, Quote(team.Namespace))),
        ];

    private static bool IsReservedNamespace(string name) =>
        ReservedNamespaces.Contains(name) || name.StartsWith("kube-", StringComparison.Ordinal);

    private static IEnumerable<Problem> Duplicates(PlatformSpec platform) =>
        [
            .. Repeated(platform.Pools.Select(pool => pool.Name), name => $"pools[{name}].name"),
            .. Repeated(platform.ControlPlaneAccess.Select(network => network.Name), name => $"controlPlaneAccess[{name}].name"),
            .. Repeated(platform.Overrides.Select(one => one.Name), name => $"overrides[{name}].name"),
            .. Repeated(platform.Environments.Select(environment => environment.Name.Text), name => $"applications[{name}].name"),
            .. InventoryPath.Environments(platform).SelectMany(part => Duplicates(part.Environment, part.Place)),
            .. RepeatedSubdomains(platform),
        ];

    private static IEnumerable<Problem> Duplicates(EnvironmentSpec environment, string place) =>
        [
            .. Repeated(environment.Access.Select(grant => grant.Name), name => $"{place}.access[{name}].name"),
            .. Repeated(environment.Buckets.Select(bucket => bucket.Purpose), name => $"{place}.buckets[{name}].purpose"),
            .. Repeated(environment.Secrets.Select(secret => secret.Name), name => $"{place}.secrets[{name}].name"),
            .. Repeated(
                environment.AdmissionExceptions.Select(exception => $"{exception.Rule}"),
                rule => $"{place}.admissionExceptions[{rule}].rule"
            ),
            .. environment is ApplicationEnvironmentSpec application ? ApplicationDuplicates(application, place) : [],
        ];

    private static IEnumerable<Problem> ApplicationDuplicates(ApplicationEnvironmentSpec environment, string place) =>
        [
            .. Repeated(environment.Teams.Select(team => team.Name), name => $"{place}.teams[{name}].name"),
            .. Repeated(
                environment.Destinations.Select(destination => destination.Name),
                name => $"{place}.destinations[{name}].name"
            ),
        ];

    private static IEnumerable<Problem> Repeated(IEnumerable<string> names, Func<string, string> place) =>
        names
            .GroupBy(name => name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => ProblemCatalog.DuplicateName.At(place(group.Key), Quote(group.Key)));

    private static IEnumerable<Problem> RepeatedSubdomains(PlatformSpec platform) =>
        InventoryPath
            .Applications(platform)
            .Where(part => part.Environment.Exposure is not null)
            .GroupBy(part => part.Environment.Exposure!.Subdomain, StringComparer.Ordinal)
            .SelectMany(group => group.Skip(1))
            .Select(part =>
                ProblemCatalog.DuplicateName.At($"{part.Place}.exposure.subdomain", Quote(part.Environment.Exposure!.Subdomain))
            );

    /// <summary>One name from two places; the same name twice in one place is a duplicate, which is said already.</summary>
    private static IEnumerable<Problem> Collisions(PlatformSpec platform) =>
        ResourceNames
            .Of(platform)
            .All.GroupBy(name => (name.Kind, name.Text))
            .Select(group => group.DistinctBy(name => name.Place).ToList())
            .Where(names => names.Count > 1)
            .SelectMany(names =>
                names
                    .Skip(1)
                    .Select(name =>
                        ProblemCatalog.NameCollision.At(
                            name.Place,
                            $"{Quote(name.Text)}, as at {names[0].Place}",
                            $"a {name.Kind.Title} that is not taken"
                        )
                    )
            );

    private static IEnumerable<Problem> DoubleHyphens(PlatformSpec platform) =>
        new[] { (platform.Project, "project") }
            .Concat(
                InventoryPath
                    .Applications(platform)
                    .Where(part => part.Environment.DataStore is not null)
                    .Select(part => (part.Environment.Name.Text, $"{part.Place}.name"))
            )
            .Where(name => name.Item1.Contains("--", StringComparison.Ordinal))
            .Select(name => ProblemCatalog.DoubleHyphen.At(name.Item2, Quote(name.Item1)));
}
