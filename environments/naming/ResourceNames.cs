using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Naming;

/// <summary>
/// The one naming function: <c>{project}-{environment}-{service}-{resource}</c> (004-names). What all environments share bears the name of
/// its stack (<c>core</c>, <c>state</c>) in the environment's place, which is why no environment may be called so.
/// <para>
/// Short forms, always used for their kind and never only when the long one is too long (a name must not change its shape with its
/// neighbours): a cluster is <c>{project}-core-lke</c>, a firewall <c>{project}-core-nodes-fw</c>, a database <c>{project}-{environment}-pg</c>.
/// Linode's labels for these end at 32 characters.
/// </para>
/// A pure function of the inventory; that every name fits its kind and that no two collide is checked at the door, from <see cref="All"/>.
/// </summary>
public sealed class ResourceNames
{
    private const string Core = "core";
    private const string State = "state";

    private readonly PlatformSpec _platform;

    private ResourceNames(PlatformSpec platform) => _platform = platform;

    /// <summary>The names of a platform.</summary>
    public static ResourceNames Of(PlatformSpec platform) => new(platform);

    /// <summary>The VPC's label.</summary>
    public string Vpc => Join(Core, "network", "vpc");

    /// <summary>The label of the subnet that the nodes sit in.</summary>
    public string NodesSubnet => Join(Core, "nodes", "subnet");

    /// <summary>The cluster's label.</summary>
    public string Cluster => Join(Core, "lke");

    /// <summary>The label of the firewall around the nodes.</summary>
    public string Firewall => Join(Core, "nodes", "fw");

    /// <summary>The label of the subnet that an environment's database sits in.</summary>
    public string DataStoreSubnet(EnvironmentSpec environment) => Of(environment, "datastore", "subnet");

    /// <summary>The label of an environment's database.</summary>
    public string Database(EnvironmentSpec environment) => Join(environment.Name.Text, "pg");

    /// <summary>The name of one of an environment's buckets. All accounts of a region share one space of names.</summary>
    public string Bucket(EnvironmentSpec environment, string purpose) => Of(environment, purpose, "bucket");

    /// <summary>The label of the limited key to all buckets of an environment.</summary>
    public string Key(EnvironmentSpec environment, KeyAccess access) => Of(environment, "objects", Resource(access));

    /// <summary>The label of a limited key to the state buckets: plans read, applies write.</summary>
    public string StateKey(KeyAccess access) => Join(State, "terraform", Resource(access));

    /// <summary>The label of the limited key to the archive of states.</summary>
    public string ArchiveKey => Join(State, "archive", Resource(KeyAccess.Write));

    /// <summary>The label of the unlimited key that <c>state bootstrap</c> works with, and revokes when it ends.</summary>
    public string BootstrapKey => Join(State, "bootstrap", "key");

    /// <summary>The name of anything else of an environment. A DNS-1123 label when its parts are and it is at most 63 characters long.</summary>
    public string Of(EnvironmentSpec environment, string service, string resource) => Join(environment.Name.Text, service, resource);

    /// <summary>What an override is called in policies (<c>allow-{this}-ingress</c>) and in the nodes' firewall.</summary>
    public static string Override(NetworkOverride one) => OverridePrefix + one.Name;

    /// <summary>How the name of every override begins, and of nothing else.</summary>
    public const string OverridePrefix = "override-";

    /// <summary>Every name above that the inventory gives rise to, with its kind and the place in the inventory that makes it.</summary>
    public IEnumerable<DerivedName> All =>
        [
            new(NameKind.Vpc, "project", Vpc),
            new(NameKind.Subnet, "project", NodesSubnet),
            new(NameKind.Cluster, "project", Cluster),
            new(NameKind.Firewall, "project", Firewall),
            .. _platform.Pools.Select(pool => new DerivedName(NameKind.Pool, $"pools[{pool.Name}].name", pool.Name)),
            .. Accesses.Select(access => new DerivedName(NameKind.Key, "project", StateKey(access))),
            new(NameKind.Key, "project", ArchiveKey),
            new(NameKind.Key, "project", BootstrapKey),
            new(NameKind.Bucket, "state.bucket", _platform.State.Bucket),
            new(NameKind.Bucket, "state.archiveBucket", _platform.State.ArchiveBucket),
            .. _platform.Overrides.Select(one => new DerivedName(NameKind.FirewallRule, $"{InventoryPath.Of(one)}.name", Override(one))),
            .. InventoryPath.Environments(_platform).SelectMany(part => OfEnvironment(part.Environment, part.Place)),
        ];

    private static KeyAccess[] Accesses => [KeyAccess.Read, KeyAccess.Write];

    private IEnumerable<DerivedName> OfEnvironment(EnvironmentSpec environment, string place)
    {
        yield return new(NameKind.Namespace, $"{place}.name", environment.Name.Text);
        yield return new(NameKind.Namespace, $"{place}.name", environment.AccessNamespace);
        if (environment is ApplicationEnvironmentSpec application)
            foreach (var name in OfApplication(application, place))
                yield return name;
        foreach (var bucket in environment.Buckets)
            yield return new(NameKind.Bucket, $"{place}.buckets[{bucket.Purpose}].purpose", Bucket(environment, bucket.Purpose));
        if (environment.Buckets.Count > 0)
            foreach (var access in Accesses)
                yield return new(NameKind.Key, $"{place}.name", Key(environment, access));
    }

    private IEnumerable<DerivedName> OfApplication(ApplicationEnvironmentSpec environment, string place)
    {
        foreach (var team in environment.Teams)
            yield return new(NameKind.Namespace, $"{place}.teams[{team.Name}].name", environment.NamespaceOf(team));
        if (environment.DataStore is null)
            yield break;
        yield return new(NameKind.Subnet, $"{place}.name", DataStoreSubnet(environment));
        yield return new(NameKind.Database, $"{place}.name", Database(environment));
    }

    private static string Resource(KeyAccess access) => access == KeyAccess.Write ? "write-key" : "read-key";

    private string Join(params ReadOnlySpan<string> parts) => $"{_platform.Project}-{string.Join('-', parts)}";
}
