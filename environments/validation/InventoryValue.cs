using System.Runtime.CompilerServices;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// A value of the inventory and its path. Both come from the same lambda, so a path cannot differ from the value that it names:
/// <c>inventory.Of(platform => platform.State.Bucket)</c> has the path <c>state.bucket</c>.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Path">Its path.</param>
public sealed record InventoryValue<T>(T Value, InventoryPath Path)
{
    /// <summary>A property of the value, or a property of a property.</summary>
    /// <param name="read">Reads the property, and nothing else.</param>
    /// <param name="lambda">The source text of <paramref name="read"/>; the compiler gives it.</param>
    public InventoryValue<TPart> Of<TPart>(Func<T, TPart> read, [CallerArgumentExpression(nameof(read))] string lambda = "") =>
        new(read(Value), Path.Property(lambda));

    /// <summary>The same for a property that can be null: nothing if it is null.</summary>
    /// <inheritdoc cref="Of"/>
    public IEnumerable<InventoryValue<TPart>> Optional<TPart>(
        Func<T, TPart?> read,
        [CallerArgumentExpression(nameof(read))] string lambda = ""
    )
        where TPart : class => read(Value) is { } part ? [new(part, Path.Property(lambda))] : [];

    /// <summary>The items of a list property: <c>inventory.Each(platform => platform.Pools, pool => pool.Name)</c>.</summary>
    /// <param name="read">Reads the list, and nothing else.</param>
    /// <param name="key">The item's name, which the path shows in brackets.</param>
    /// <param name="lambda">The source text of <paramref name="read"/>; the compiler gives it.</param>
    public IReadOnlyList<InventoryValue<TItem>> Each<TItem>(
        Func<T, IReadOnlyList<TItem>> read,
        Func<TItem, string> key,
        [CallerArgumentExpression(nameof(read))] string lambda = ""
    )
    {
        var list = Of(read, lambda);
        return [.. list.Value.Select(item => new InventoryValue<TItem>(item, list.Path.Item(key(item))))];
    }

    /// <summary>Another form of the same value, with the same path: <c>name.Map(one => one.Text)</c>.</summary>
    public InventoryValue<TOther> Map<TOther>(Func<T, TOther> form) => new(form(Value), Path);

    /// <summary>The same value as one of its base types or derived types. Throws if it is not of that type.</summary>
    public InventoryValue<TOther> As<TOther>()
        where TOther : class => Map(value => (TOther)(object)value!);
}

/// <summary>The parts of the inventory that several checks and names need, with their paths.</summary>
public static class InventoryValue
{
    /// <summary>The whole inventory.</summary>
    public static InventoryValue<PlatformSpec> Of(PlatformSpec platform) => new(platform, InventoryPath.Root);

    /// <summary>All environments, first that of the shared services: <c>system</c>, <c>applications[staging]</c>.</summary>
    public static IEnumerable<InventoryValue<EnvironmentSpec>> Environments(this InventoryValue<PlatformSpec> inventory) =>
        inventory
            .Applications()
            .Select(environment => environment.As<EnvironmentSpec>())
            .Prepend(inventory.Of(platform => platform.System).As<EnvironmentSpec>());

    /// <summary>The application environments: <c>applications[staging]</c>.</summary>
    public static IReadOnlyList<InventoryValue<ApplicationEnvironmentSpec>> Applications(
        this InventoryValue<PlatformSpec> inventory
    ) => inventory.Each(platform => platform.Applications, environment => environment.Name.Text);

    /// <summary>The node pools: <c>pools[build]</c>.</summary>
    public static IReadOnlyList<InventoryValue<NodePool>> Pools(this InventoryValue<PlatformSpec> inventory) =>
        inventory.Each(platform => platform.Pools, pool => pool.Name);

    /// <summary>The networks that may reach the control plane: <c>controlPlaneAccess[office-vpn]</c>.</summary>
    public static IReadOnlyList<InventoryValue<AllowedNetwork>> ControlPlaneAccess(this InventoryValue<PlatformSpec> inventory) =>
        inventory.Each(platform => platform.ControlPlaneAccess, network => network.Name);

    /// <summary>The recorded overrides: <c>overrides[report-import]</c>.</summary>
    public static IReadOnlyList<InventoryValue<NetworkOverride>> Overrides(this InventoryValue<PlatformSpec> inventory) =>
        inventory.Each(platform => platform.Overrides, one => one.Name);

    /// <summary>The teams of an environment: <c>applications[staging].teams[shop]</c>.</summary>
    public static IReadOnlyList<InventoryValue<TeamNamespace>> Teams(
        this InventoryValue<ApplicationEnvironmentSpec> environment
    ) => environment.Each(spec => spec.Teams, team => team.Name);

    /// <summary>The outside destinations of an environment: <c>applications[staging].destinations[payments]</c>.</summary>
    public static IReadOnlyList<InventoryValue<OutsideDestination>> Destinations(
        this InventoryValue<ApplicationEnvironmentSpec> environment
    ) => environment.Each(spec => spec.Destinations, destination => destination.Name);

    /// <summary>The grants of an environment: <c>applications[staging].access[jane-doe]</c>.</summary>
    public static IReadOnlyList<InventoryValue<AccessGrant>> Access(this InventoryValue<EnvironmentSpec> environment) =>
        environment.Each(spec => spec.Access, grant => grant.Name);

    /// <summary>The image registries of an environment: <c>applications[staging].imageRegistries[ghcr.io/example]</c>.</summary>
    public static IReadOnlyList<InventoryValue<string>> ImageRegistries(this InventoryValue<EnvironmentSpec> environment) =>
        environment.Each(spec => spec.ImageRegistries, registry => registry);

    /// <summary>The buckets of an environment: <c>applications[staging].buckets[media]</c>.</summary>
    public static IReadOnlyList<InventoryValue<BucketSpec>> Buckets(this InventoryValue<EnvironmentSpec> environment) =>
        environment.Each(spec => spec.Buckets, bucket => bucket.Purpose);

    /// <summary>The Secrets of the system environment: <c>system.secrets[grafana-admin]</c>.</summary>
    public static IReadOnlyList<InventoryValue<SecretSpec>> Secrets(this InventoryValue<SystemEnvironmentSpec> system) =>
        system.Each(spec => spec.Secrets, secret => secret.Name);

    /// <summary>The admission exceptions of an environment: <c>system.admissionExceptions[OwnPool]</c>.</summary>
    public static IReadOnlyList<InventoryValue<AdmissionException>> AdmissionExceptions(
        this InventoryValue<EnvironmentSpec> environment
    ) => environment.Each(spec => spec.AdmissionExceptions, exception => $"{exception.Rule}");
}
