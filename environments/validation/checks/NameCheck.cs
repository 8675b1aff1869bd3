using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Environments.Values;
using static System.FormattableString;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>
/// Names: their form, the length of the names derived from them, reserved names, and names that are given twice.
/// </summary>
internal static class NameCheck
{
    /// <summary>The names of stacks, and the environment in the tags of shared resources.</summary>
    private static readonly string[] ReservedEnvironments = ["core", "state", Labels.Shared];

    /// <summary>The keys of an environment's buckets have these names beside the buckets (state addresses).</summary>
    private static readonly string[] ReservedPurposes = ["read", "write"];

    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        [
            .. Names(inventory)
                .Where(name => !DnsLabel.IsValid(name.Value))
                .Select(name => ProblemCatalog.InvalidName.At(name.Path, Quote(name.Value))),
            .. Starts(inventory)
                .Where(name => DnsLabel.IsValid(name.Value) && char.IsAsciiDigit(name.Value[0]))
                .Select(name => ProblemCatalog.LeadingDigit.At(name.Path, Quote(name.Value))),
            .. Lengths(inventory.Value),
            .. Reserved(inventory),
            .. Duplicates(inventory),
            .. Collisions(inventory.Value),
            .. DoubleHyphens(inventory),
        ];

    private static IEnumerable<InventoryValue<string>> Names(InventoryValue<PlatformSpec> inventory) =>
        [
            inventory.Of(platform => platform.Project),
            inventory.Of(platform => platform.Owner),
            .. inventory.Pools().Select(pool => pool.Of(one => one.Name)),
            .. inventory.ControlPlaneAccess().Select(network => network.Of(one => one.Name)),
            .. inventory.Overrides().Select(one => one.Of(record => record.Name)),
            inventory.Of(platform => platform.State.Bucket),
            inventory.Of(platform => platform.State.ArchiveBucket),
            .. inventory.Environments().SelectMany(Names),
            .. inventory.Applications().SelectMany(Names),
            .. Secrets(inventory),
        ];

    /// <summary>The names that are the beginning of a state address, an output or a variable.</summary>
    private static IEnumerable<InventoryValue<string>> Starts(InventoryValue<PlatformSpec> inventory) =>
        [.. inventory.Environments().Select(Name), .. Secrets(inventory)];

    private static IEnumerable<InventoryValue<string>> Names(InventoryValue<EnvironmentSpec> environment) =>
        [Name(environment), environment.Of(spec => spec.Owner), .. Lists(environment).SelectMany(list => list)];

    private static IEnumerable<InventoryValue<string>> Names(InventoryValue<ApplicationEnvironmentSpec> environment) =>
        [.. Lists(environment).SelectMany(list => list), .. Subdomain(environment)];

    private static InventoryValue<string> Name(InventoryValue<EnvironmentSpec> environment) =>
        environment.Of(spec => spec.Name).Map(name => name.Text);

    /// <summary>The names in each list of an environment.</summary>
    private static IEnumerable<IEnumerable<InventoryValue<string>>> Lists(InventoryValue<EnvironmentSpec> environment) =>
        [
            environment.Access().Select(grant => grant.Of(one => one.Name)),
            environment.Buckets().Select(bucket => bucket.Of(one => one.Purpose)),
        ];

    /// <summary>The names in each list that only an application environment has.</summary>
    private static IEnumerable<IEnumerable<InventoryValue<string>>> Lists(
        InventoryValue<ApplicationEnvironmentSpec> environment
    ) =>
        [
            environment.Teams().Select(team => team.Of(one => one.Name)),
            environment.Destinations().Select(destination => destination.Of(one => one.Name)),
        ];

    private static IEnumerable<InventoryValue<string>> Secrets(InventoryValue<PlatformSpec> inventory) =>
        inventory.Of(platform => platform.System).Secrets().Select(secret => secret.Of(one => one.Name));

    private static IEnumerable<InventoryValue<string>> Subdomain(InventoryValue<ApplicationEnvironmentSpec> environment) =>
        environment.Optional(spec => spec.Exposure).Select(exposure => exposure.Of(one => one.Subdomain));

    private static IEnumerable<Problem> Lengths(PlatformSpec platform) =>
        ResourceNames
            .Of(platform)
            .All.Concat(Labels.All(platform))
            .Where(name => name.Text.Length < name.Kind.MinLength || name.Text.Length > name.Kind.MaxLength)
            .Select(name =>
                ProblemCatalog.NameLength.At(
                    name.Path,
                    Invariant($"{Quote(name.Text)} ({name.Text.Length} characters)"),
                    Invariant($"{name.Kind.MinLength}-{name.Kind.MaxLength} characters for a {name.Kind.Title}")
                )
            );

    private static IEnumerable<Problem> Reserved(InventoryValue<PlatformSpec> inventory) =>
        [
            .. inventory
                .Environments()
                .Select(Name)
                .Where(name => ReservedEnvironments.Contains(name.Value) || IsReservedNamespace(name.Value, inventory.Value))
                .Select(name => ProblemCatalog.ReservedName.At(name.Path, Quote(name.Value))),
            .. inventory
                .Applications()
                .SelectMany(environment =>
                    environment.Teams().Select(team => (environment.Value.NamespaceOf(team.Value), team.Of(one => one.Name).Path))
                )
                .Where(name => IsReservedNamespace(name.Item1, inventory.Value))
                .Select(name => ProblemCatalog.ReservedName.At(name.Path, Quote(name.Item1))),
            .. inventory
                .Environments()
                .SelectMany(InventoryValue.Buckets)
                .Select(bucket => bucket.Of(one => one.Purpose))
                .Where(purpose => ReservedPurposes.Contains(purpose.Value))
                .Select(purpose => ProblemCatalog.ReservedName.At(purpose.Path, Quote(purpose.Value))),
        ];

    /// <summary>Namespaces that exist in every cluster, and the namespace of the platform's agents.</summary>
    private static bool IsReservedNamespace(string name, PlatformSpec platform) =>
        name == "default" || name == platform.System.AgentsNamespace || name.StartsWith("kube-", StringComparison.Ordinal);

    private static IEnumerable<Problem> Duplicates(InventoryValue<PlatformSpec> inventory) =>
        [
            .. Repeated(inventory.Pools().Select(pool => pool.Of(one => one.Name))),
            .. Repeated(inventory.ControlPlaneAccess().Select(network => network.Of(one => one.Name))),
            .. Repeated(inventory.Overrides().Select(one => one.Of(record => record.Name))),
            .. Repeated(inventory.Environments().Select(Name)),
            .. inventory.Environments().SelectMany(Lists).SelectMany(Repeated),
            .. inventory.Environments().SelectMany(environment => Repeated(Rules(environment))),
            .. inventory.Environments().SelectMany(environment => Repeated(environment.ImageRegistries())),
            .. inventory.Applications().SelectMany(Lists).SelectMany(Repeated),
            .. Repeated(Secrets(inventory)),
            .. Repeated(inventory.Applications().SelectMany(Subdomain)),
        ];

    private static IEnumerable<InventoryValue<string>> Rules(InventoryValue<EnvironmentSpec> environment) =>
        environment.AdmissionExceptions().Select(exception => exception.Of(one => one.Rule).Map(rule => $"{rule}"));

    /// <summary>Reports each name that is given more than once, at the path of its last use.</summary>
    private static IEnumerable<Problem> Repeated(IEnumerable<InventoryValue<string>> names) =>
        names
            .GroupBy(name => name.Value, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => ProblemCatalog.DuplicateName.At(group.Last().Path, Quote(group.Key)));

    /// <summary>
    /// One derived name from two paths. The same name twice in one list has the same path and is reported as a duplicate.
    /// </summary>
    private static IEnumerable<Problem> Collisions(PlatformSpec platform) =>
        ResourceNames
            .Of(platform)
            .All.GroupBy(name => (name.Kind, name.Text))
            .Select(group => group.DistinctBy(name => name.Path).ToList())
            .Where(names => names.Count > 1)
            .SelectMany(names =>
                names
                    .Skip(1)
                    .Select(name =>
                        ProblemCatalog.NameCollision.At(
                            name.Path,
                            $"{Quote(name.Text)}, as at {names[0].Path}",
                            $"a {name.Kind.Title} that no other path produces"
                        )
                    )
            );

    private static IEnumerable<Problem> DoubleHyphens(InventoryValue<PlatformSpec> inventory) =>
        inventory
            .Applications()
            .Where(environment => environment.Value.DataStore is not null)
            .Select(environment => Name(environment.As<EnvironmentSpec>()))
            .Prepend(inventory.Of(platform => platform.Project))
            .Where(name => name.Value.Contains("--", StringComparison.Ordinal))
            .Select(name => ProblemCatalog.DoubleHyphen.At(name.Path, Quote(name.Value)));
}
