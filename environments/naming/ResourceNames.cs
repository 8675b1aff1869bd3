using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Naming;

/// <summary>
/// All names of resources: <c>{project}-{environment}-{service}-{resource}</c>. In the name of a resource that all environments
/// share, the name of its stack (<c>core</c>, <c>state</c>) replaces the environment; therefore no environment may have the name
/// of a stack.
/// <para>
/// Three kinds always have a short form, because Linode's labels for them have at most 32 characters: a cluster is
/// <c>{project}-core-lke</c>, a firewall <c>{project}-core-nodes-fw</c>, a database <c>{project}-{environment}-pg</c>.
/// </para>
/// A pure function of the inventory. <see cref="InventoryCheck"/> checks with <see cref="All"/> that every name has a valid
/// length and that no two names are the same.
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

    /// <summary>The label of the nodes' subnet.</summary>
    public string NodesSubnet => Join(Core, "nodes", "subnet");

    /// <summary>The cluster's label.</summary>
    public string Cluster => Join(Core, "lke");

    /// <summary>The label of the nodes' firewall.</summary>
    public string Firewall => Join(Core, "nodes", "fw");

    /// <summary>The label of the subnet of an environment's database.</summary>
    public string DataStoreSubnet(EnvironmentSpec environment) => Of(environment, "datastore", "subnet");

    /// <summary>The label of an environment's database.</summary>
    public string Database(EnvironmentSpec environment) => Join(environment.Name.Text, "pg");

    /// <summary>
    /// The name of one of an environment's buckets. It must be unique among the buckets of all accounts in the region.
    /// </summary>
    public string Bucket(EnvironmentSpec environment, string purpose) => Of(environment, purpose, "bucket");

    /// <summary>The uid of an environment's overview dashboard. Links use it, so it never changes.</summary>
    public string Dashboard(EnvironmentSpec environment) => Join(environment.Name.Text, "overview");

    /// <summary>The label of the limited key to all buckets of an environment.</summary>
    public string Key(EnvironmentSpec environment, KeyAccess access) => Of(environment, "objects", Resource(access));

    /// <summary>The label of a limited key to the state buckets: plans read, applies write.</summary>
    public string StateKey(KeyAccess access) => Join(State, "terraform", Resource(access));

    /// <summary>The label of the limited key to the archive of states.</summary>
    public string ArchiveKey => Join(State, "archive", Resource(KeyAccess.Write));

    /// <summary>The label of the unlimited key that <c>state bootstrap</c> uses, and revokes at its end.</summary>
    public string BootstrapKey => Join(State, "bootstrap", "key");

    /// <summary>
    /// The name of any other resource of an environment. A DNS-1123 label if its parts are and it has at most 63 characters.
    /// </summary>
    public string Of(EnvironmentSpec environment, string service, string resource) =>
        Join(environment.Name.Text, service, resource);

    /// <summary>The name of an override in policies (<c>allow-{name}-ingress</c>) and in the nodes' firewall.</summary>
    public static string Override(NetworkOverride one) => OverridePrefix + one.Name;

    /// <summary>The prefix of the names of overrides; no other name has it.</summary>
    public const string OverridePrefix = "override-";

    /// <summary>Every name above, with its kind and the path of the inventory's value that it is derived from.</summary>
    public IEnumerable<DerivedName> All
    {
        get
        {
            var inventory = InventoryValue.Of(_platform);
            var project = inventory.Of(platform => platform.Project).Path;
            return
            [
                new(NameKind.Vpc, project, Vpc),
                new(NameKind.Subnet, project, NodesSubnet),
                new(NameKind.Cluster, project, Cluster),
                new(NameKind.Firewall, project, Firewall),
                .. inventory.Pools().Select(pool => pool.Of(one => one.Name)).Select(name => Same(NameKind.Pool, name)),
                .. Accesses.Select(access => new DerivedName(NameKind.Key, project, StateKey(access))),
                new(NameKind.Key, project, ArchiveKey),
                new(NameKind.Key, project, BootstrapKey),
                Same(NameKind.Bucket, inventory.Of(platform => platform.State.Bucket)),
                Same(NameKind.Bucket, inventory.Of(platform => platform.State.ArchiveBucket)),
                .. inventory
                    .Overrides()
                    .Select(one => new DerivedName(
                        NameKind.FirewallRule,
                        one.Of(record => record.Name).Path,
                        Override(one.Value)
                    )),
                .. inventory.Environments().SelectMany(OfEnvironment),
            ];
        }
    }

    private static KeyAccess[] Accesses => [KeyAccess.Read, KeyAccess.Write];

    private static DerivedName Same(NameKind kind, InventoryValue<string> name) => new(kind, name.Path, name.Value);

    private IEnumerable<DerivedName> OfEnvironment(InventoryValue<EnvironmentSpec> environment)
    {
        var (spec, name) = (environment.Value, environment.Of(one => one.Name).Path);
        yield return new(NameKind.Namespace, name, spec.Name.Text);
        yield return new(NameKind.Namespace, name, spec.AccessNamespace);
        yield return new(NameKind.Dashboard, name, Dashboard(spec));
        if (spec is ApplicationEnvironmentSpec)
            foreach (var derived in OfApplication(environment.As<ApplicationEnvironmentSpec>()))
                yield return derived;
        foreach (var purpose in environment.Buckets().Select(bucket => bucket.Of(one => one.Purpose)))
            yield return new(NameKind.Bucket, purpose.Path, Bucket(spec, purpose.Value));
        if (spec.Buckets.Count > 0)
            foreach (var access in Accesses)
                yield return new(NameKind.Key, name, Key(spec, access));
    }

    private IEnumerable<DerivedName> OfApplication(InventoryValue<ApplicationEnvironmentSpec> environment)
    {
        var (spec, name) = (environment.Value, environment.Of(one => one.Name).Path);
        foreach (var team in environment.Teams())
            yield return new(NameKind.Namespace, team.Of(one => one.Name).Path, spec.NamespaceOf(team.Value));
        if (spec.DataStore is null)
            yield break;
        yield return new(NameKind.Subnet, name, DataStoreSubnet(spec));
        yield return new(NameKind.Database, name, Database(spec));
    }

    private static string Resource(KeyAccess access) => access == KeyAccess.Write ? "write-key" : "read-key";

    private string Join(params ReadOnlySpan<string> parts) => $"{_platform.Project}-{string.Join('-', parts)}";
}
