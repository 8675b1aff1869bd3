using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;
using Env = InfraCdktf.Environments.Model.EnvironmentSpec;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>One broken inventory.</summary>
/// <param name="Name">What is broken, in words.</param>
/// <param name="Break">Breaks the shipped inventory.</param>
/// <param name="Kind">The problem that must be reported.</param>
/// <param name="Place">Where.</param>
public sealed record BrokenInventory(string Name, Func<PlatformSpec, PlatformSpec> Break, ProblemKind Kind, string Place)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Code} {Name}";
}

/// <summary>The shipped inventory, broken in every way that the catalogue knows; several ways for rules with several edges.</summary>
internal static class BrokenInventories
{
    public static IReadOnlyList<BrokenInventory> All { get; } =
    [
        .. Names(),
        .. Contacts(),
        .. Addresses(),
        .. Cluster(),
        .. RegionsAndStorage(),
        .. Capacity(),
        .. DataStores(),
        .. Security(),
        .. Operations(),
        .. Segments(),
        .. Overrides(),
    ];

    private static IEnumerable<BrokenInventory> Names() =>
        [
            new("project in upper case", p => p with { Project = "Infra" }, ProblemCatalog.InvalidName, "project"),
            new(
                "environment with an underscore",
                p => Staging(p, e => e with { Name = "pre_prod" }),
                ProblemCatalog.InvalidName,
                "applications[pre_prod].name"
            ),
            new(
                "owner with a space",
                p => Staging(p, e => e with { Owner = "the team" }),
                ProblemCatalog.InvalidName,
                "applications[staging].owner"
            ),
            new(
                "team that is no label",
                p => Staging(p, e => e with { Teams = [new("-a", "#team-a")] }),
                ProblemCatalog.InvalidName,
                "applications[staging].teams[-a].name"
            ),
            new(
                "subdomain with a dot",
                p => Staging(p, e => e with { Exposure = new("a.b") }),
                ProblemCatalog.InvalidName,
                "applications[staging].exposure.subdomain"
            ),
            new(
                "project that no cluster label has room for",
                p => p with { Project = new string('p', 25) },
                ProblemCatalog.NameLength,
                "project"
            ),
            new(
                "environment that no database label has room for",
                p => Staging(p, e => e with { Name = "pre-production-acceptance" }),
                ProblemCatalog.NameLength,
                "applications[pre-production-acceptance].name"
            ),
            new(
                "pool of 16 characters",
                p => Pool(p, "build", pool => pool with { Name = "build-and-test-1" }),
                ProblemCatalog.NameLength,
                "pools[build-and-test-1].name"
            ),
            new(
                "bucket of 2 characters",
                p => p with { State = p.State with { Bucket = "tf" } },
                ProblemCatalog.NameLength,
                "state.bucket"
            ),
            new("owner that no tag has room for", p => p with { Owner = new string('o', 45) }, ProblemCatalog.NameLength, "owner"),
            new(
                "environment called like a stack",
                p => Staging(p, e => e with { Name = "core" }),
                ProblemCatalog.ReservedName,
                "applications[core].name"
            ),
            new(
                "environment in Kubernetes' names",
                p => Staging(p, e => e with { Name = "kube-system" }),
                ProblemCatalog.ReservedName,
                "applications[kube-system].name"
            ),
            new(
                "team whose namespace is the agents'",
                p => p with { System = p.System with { Teams = [new("agents", "#agents")] } },
                ProblemCatalog.ReservedName,
                "system.teams[agents].name"
            ),
            new(
                "two pools of one name",
                p => Pool(p, "build", pool => pool with { Name = "system" }),
                ProblemCatalog.DuplicateName,
                "pools[system].name"
            ),
            new(
                "an environment twice",
                p => p with { Applications = [.. p.Applications, InfraCdktf.Environments.Development.Environment] },
                ProblemCatalog.DuplicateName,
                "applications[development].name"
            ),
            new(
                "an application environment called system",
                p => Staging(p, e => e with { Name = "system" }),
                ProblemCatalog.DuplicateName,
                "applications[system].name"
            ),
            new(
                "two buckets of one purpose",
                p => Staging(p, e => e with { Buckets = [.. e.Buckets, new("media", false, 0)] }),
                ProblemCatalog.DuplicateName,
                "applications[staging].buckets[media].purpose"
            ),
            new(
                "an admission rule excused twice",
                p =>
                    Staging(
                        p,
                        e =>
                            e with
                            {
                                AdmissionExceptions =
                                [
                                    new(WorkloadRule.PinnedImages, EnforcementMode.Warn, "A vendor's image."),
                                    new(WorkloadRule.PinnedImages, EnforcementMode.Off, "A vendor's image."),
                                ],
                            }
                    ),
                ProblemCatalog.DuplicateName,
                "applications[staging].admissionExceptions[PinnedImages].rule"
            ),
            new(
                "two environments under one subdomain",
                p => Staging(p, e => e with { Exposure = new("dev") }),
                ProblemCatalog.DuplicateName,
                "applications[staging].exposure.subdomain"
            ),
            new(
                "a team whose namespace is another environment's",
                p => Development(Staging(p, e => e with { Name = "development-qa" }), e => e with { Teams = [new("qa", "#qa")] }),
                ProblemCatalog.NameCollision,
                "applications[development-qa].name"
            ),
            new(
                "one bucket for live state and archive",
                p => p with { State = p.State with { ArchiveBucket = p.State.Bucket } },
                ProblemCatalog.NameCollision,
                "state.archiveBucket"
            ),
            new(
                "two hyphens in a subnet's label",
                p => Staging(p, e => e with { Name = "pre--prod" }),
                ProblemCatalog.DoubleHyphen,
                "applications[pre--prod].name"
            ),
            new(
                "a team whose namespace is that of the accounts",
                p => Staging(p, e => e with { Teams = [new("access", "#access")] }),
                ProblemCatalog.NameCollision,
                "applications[staging].teams[access].name"
            ),
        ];

    private static IEnumerable<BrokenInventory> Contacts() =>
        [
            new(
                "no purpose",
                p => Staging(p, e => e with { Purpose = " " }),
                ProblemCatalog.MissingText,
                "applications[staging].purpose"
            ),
            new(
                "an admission rule excused without a reason",
                p => Staging(p, e => e with { AdmissionExceptions = [new(WorkloadRule.PinnedImages, EnforcementMode.Warn, " ")] }),
                ProblemCatalog.MissingText,
                "applications[staging].admissionExceptions[PinnedImages].reason"
            ),
            new(
                "a network without a reason",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.0/28", "")] },
                ProblemCatalog.MissingText,
                "controlPlaneAccess[vpn].reason"
            ),
            new(
                "an e-mail address without a domain",
                p => p with { Contacts = p.Contacts with { Security = "security@" } },
                ProblemCatalog.InvalidEmail,
                "contacts.security"
            ),
            new(
                "a channel without #",
                p => p with { Contacts = p.Contacts with { Channel = "platform" } },
                ProblemCatalog.InvalidChannel,
                "contacts.channel"
            ),
            new(
                "a route to a channel with a space",
                p => Staging(p, e => e with { AlertRoutes = [new("#the channel", [Severity.Critical, Severity.Warning])] }),
                ProblemCatalog.InvalidChannel,
                "applications[staging].alertRoutes[#the channel].channel"
            ),
            new(
                "a repository without TLS",
                p => p with { Repository = "http://github.com/example/infra" },
                ProblemCatalog.InvalidRepository,
                "repository"
            ),
            new(
                "a repository with a trailing slash",
                p => p with { Repository = "https://github.com/example/infra/" },
                ProblemCatalog.InvalidRepository,
                "repository"
            ),
            new("a zone of one label", p => p with { DnsZone = "localhost" }, ProblemCatalog.InvalidDnsZone, "dnsZone"),
            new("a zone with a trailing dot", p => p with { DnsZone = "example.com." }, ProblemCatalog.InvalidDnsZone, "dnsZone"),
            new(
                "a zone without room for a service",
                p => p with { DnsZone = string.Join('.', Enumerable.Repeat(new string('z', 60), 4))[..200] },
                ProblemCatalog.InvalidDnsZone,
                "dnsZone"
            ),
        ];

    private static IEnumerable<BrokenInventory> Addresses() =>
        [
            new(
                "a VPC that is no range",
                p => p with { Addresses = p.Addresses with { Vpc = "10.64.0.0" } },
                ProblemCatalog.InvalidRange,
                "addresses.vpc"
            ),
            new(
                "a subnet with host bits",
                p => Store(p, s => s with { Subnet = "10.64.17.1/24" }),
                ProblemCatalog.InvalidRange,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "a bare address in the allow list",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.7", "Engineers.")] },
                ProblemCatalog.InvalidRange,
                "controlPlaneAccess[vpn].range"
            ),
            new(
                "public nodes",
                p => p with { Addresses = new("203.0.0.0/16", "203.0.0.0/20") },
                ProblemCatalog.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "IPv6 nodes",
                p => p with { Addresses = p.Addresses with { Nodes = "2001:db8::/64" } },
                ProblemCatalog.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "a database among the nodes",
                p => Store(p, s => s with { Subnet = "10.64.1.0/24" }),
                ProblemCatalog.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "a database among another's",
                p => Store(p, s => s with { Subnet = "10.64.16.128/25" }),
                ProblemCatalog.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "a database outside of the VPC",
                p => Store(p, s => s with { Subnet = "10.65.0.0/24" }),
                ProblemCatalog.OutsideVpc,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "nodes among LKE's pods",
                p => p with { Addresses = new("10.2.0.0/16", "10.2.0.0/20") },
                ProblemCatalog.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "a VPC that holds LKE's services",
                p => p with { Addresses = new("10.128.0.0/9", "10.200.0.0/20") },
                ProblemCatalog.ReservedRange,
                "addresses.vpc"
            ),
            new(
                "nodes in Linode's network",
                p => p with { Addresses = new("192.168.0.0/16", "192.168.128.0/20") },
                ProblemCatalog.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "a subnet of two addresses",
                p => Store(p, s => s with { Subnet = "10.64.17.0/31" }),
                ProblemCatalog.SubnetPrefix,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "nodes in 16 addresses",
                p => p with { Addresses = p.Addresses with { Nodes = "10.64.0.0/28" } },
                ProblemCatalog.SubnetTooSmall,
                "addresses.nodes"
            ),
            new(
                "the internet in the allow list",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "0.0.0.0/0", "Convenience.")] },
                ProblemCatalog.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            new(
                "the IPv6 internet in the allow list",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "::/0", "Convenience.")] },
                ProblemCatalog.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            new(
                "an empty allow list",
                p => p with { ControlPlaneAccess = [] },
                ProblemCatalog.NoControlPlaneAccess,
                "controlPlaneAccess"
            ),
        ];

    private static IEnumerable<BrokenInventory> Cluster() =>
        [
            new(
                "a pool of none",
                p => Pool(p, "build", pool => pool with { MinNodes = 0 }),
                ProblemCatalog.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "a pool of 11",
                p => Pool(p, "build", pool => pool with { MaxNodes = 11 }),
                ProblemCatalog.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "bounds the wrong way round",
                p => Pool(p, "build", pool => pool with { MinNodes = 5, MaxNodes = 4 }),
                ProblemCatalog.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "every pool tainted",
                p => Pool(p, "application", pool => pool with { Taints = [new("dedicated", "application", "NoSchedule")] }),
                ProblemCatalog.NoGeneralPool,
                "pools"
            ),
            new("no pool", p => p with { Pools = [] }, ProblemCatalog.NoGeneralPool, "pools"),
            new(
                "an unknown plan",
                p => Pool(p, "build", pool => pool with { Type = "m5.large" }),
                ProblemCatalog.UnknownPlan,
                "pools[build].type"
            ),
            new(
                "an environment on no pool",
                p => Staging(p, e => e with { Pool = "applications" }),
                ProblemCatalog.UnknownPool,
                "applications[staging].pool"
            ),
            new(
                "a short version on enterprise",
                p => p with { KubernetesVersion = "1.34" },
                ProblemCatalog.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "an exact version on standard",
                p => Standard(p) with { KubernetesVersion = "v1.34.6+lke2" },
                ProblemCatalog.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "a version before 1.30",
                p => p with { KubernetesVersion = "v1.29.9+lke1" },
                ProblemCatalog.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "no high availability on enterprise",
                p => p with { HighAvailability = false },
                ProblemCatalog.HighAvailability,
                "highAvailability"
            ),
            new(
                "a taint of no effect",
                p => Pool(p, "build", pool => pool with { Taints = [new("dedicated", "build", "NoRun")] }),
                ProblemCatalog.InvalidTaint,
                "pools[build].taints[dedicated]"
            ),
            new(
                "a node label of Kubernetes'",
                p =>
                    Pool(
                        p,
                        "build",
                        pool => pool with { Labels = new Dictionary<string, string> { ["node.kubernetes.io/role"] = "build" } }
                    ),
                ProblemCatalog.InvalidNodeLabel,
                "pools[build].labels[node.kubernetes.io/role]"
            ),
            new(
                "a node label with a space",
                p => Pool(p, "build", pool => pool with { Labels = new Dictionary<string, string> { ["use"] = "to build" } }),
                ProblemCatalog.InvalidNodeLabel,
                "pools[build].labels[use]"
            ),
        ];

    private static IEnumerable<BrokenInventory> RegionsAndStorage() =>
        [
            new("an unknown region", p => p with { Region = "us-east-1" }, ProblemCatalog.UnknownRegion, "region"),
            new("a region without enterprise", p => p with { Region = "au-mel" }, ProblemCatalog.MissingCapability, "region"),
            new(
                "a standby without object storage",
                p => p with { StandbyRegion = "no-osl-1" },
                ProblemCatalog.MissingCapability,
                "standbyRegion"
            ),
            new("a standby in the same region", p => p with { StandbyRegion = p.Region }, ProblemCatalog.SameStandby, "standbyRegion"),
            new(
                "a legacy endpoint",
                p => p with { State = p.State with { Endpoint = "us-ord-1.linodeobjects.com" } },
                ProblemCatalog.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "another region's endpoint",
                p => p with { State = p.State with { Endpoint = "us-sea-9.linodeobjects.com" } },
                ProblemCatalog.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "29 versions of the state",
                p => p with { State = p.State with { Versions = 29 } },
                ProblemCatalog.StateVersions,
                "state.versions"
            ),
            new(
                "89 days of audit",
                p => p with { State = p.State with { AuditDays = 89 } },
                ProblemCatalog.AuditDays,
                "state.auditDays"
            ),
            new(
                "a bucket that expired yesterday",
                p => Staging(p, e => e with { Buckets = [new("media", false, -1)] }),
                ProblemCatalog.BucketExpiry,
                "applications[staging].buckets[media].expireAfterDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> Capacity() =>
        [
            new(
                "memory in a unit that is none",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "24GB" } }),
                ProblemCatalog.InvalidQuantity,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "no pods",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 0 } }),
                ProblemCatalog.NotPositive,
                "applications[staging].quota.pods"
            ),
            new(
                "no default request",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestCpu = "0" } }),
                ProblemCatalog.NotPositive,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "a default request above the limit",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestMemory = "512Mi" } }),
                ProblemCatalog.DefaultsOutOfOrder,
                "applications[staging].containers.requestMemory"
            ),
            new(
                "a maximum above the quota",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "50" } }),
                ProblemCatalog.DefaultsOutOfOrder,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "requests above limits",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "49" } }),
                ProblemCatalog.RequestsAboveLimits,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "a container larger than a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxMemory = "16Gi" } }),
                ProblemCatalog.LargerThanNode,
                "applications[staging].containers.maxMemory"
            ),
            new(
                "a container with all CPUs of a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "8" } }),
                ProblemCatalog.LargerThanNode,
                "applications[staging].containers.maxCpu"
            ),
            new(
                "quotas above a smaller pool",
                p => Pool(p, "application", pool => pool with { MaxNodes = 5 }),
                ProblemCatalog.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "quotas of four team namespaces",
                p => Staging(p, e => e with { Teams = [new("a", "#a"), new("b", "#b"), new("c", "#c"), new("d", "#d")] }),
                ProblemCatalog.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "29 services",
                p => Staging(p, e => e with { Services = new(29, 2) }),
                ProblemCatalog.TooFewServices,
                "applications[staging].services.count"
            ),
            new(
                "services above the pods",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 89 } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.pods"
            ),
            new(
                "services above the CPU",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "8999m" } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "services above the memory",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "11Gi" } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "services above the CPU limits",
                p => Staging(p, e => e with { Quota = e.Quota with { LimitsCpu = "44" } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.limitsCpu"
            ),
            new(
                "a load balancer of a team",
                p => Staging(p, e => e with { Quota = e.Quota with { LoadBalancers = 1 } }),
                ProblemCatalog.LoadBalancers,
                "applications[staging].quota.loadBalancers"
            ),
        ];

    private static IEnumerable<BrokenInventory> DataStores() =>
        [
            new(
                "PostgreSQL 14",
                p => Store(p, s => s with { PostgresVersion = 14 }),
                ProblemCatalog.PostgresVersion,
                "applications[staging].dataStore.postgresVersion"
            ),
            new(
                "PostgreSQL 18",
                p => Store(p, s => s with { PostgresVersion = 18 }),
                ProblemCatalog.PostgresVersion,
                "applications[staging].dataStore.postgresVersion"
            ),
            new(
                "an unknown database plan",
                p => Store(p, s => s with { Type = "db.t3" }),
                ProblemCatalog.UnknownDatabasePlan,
                "applications[staging].dataStore.type"
            ),
            new(
                "two nodes on a shared plan",
                p => Store(p, s => s with { Type = "g6-standard-2", Nodes = 2 }),
                ProblemCatalog.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "four nodes",
                p => Store(p, s => s with { Nodes = 4 }),
                ProblemCatalog.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "an eighth day",
                p => Store(p, s => s with { MaintenanceDay = 8 }),
                ProblemCatalog.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceDay"
            ),
            new(
                "a 25th hour",
                p => Store(p, s => s with { MaintenanceHour = 24 }),
                ProblemCatalog.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceHour"
            ),
            new(
                "a private database on standard",
                Standard,
                ProblemCatalog.PrivateDatabaseOnStandard,
                "applications[staging].dataStore"
            ),
        ];

    private static IEnumerable<BrokenInventory> Security() =>
        [
            new(
                "baseline without a reason",
                p => Staging(p, e => e with { PodSecurity = PodSecurityLevel.Baseline }),
                ProblemCatalog.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "a reason without need",
                p => Staging(p, e => e with { PodSecurityReason = "Once." }),
                ProblemCatalog.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "one secret",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0]] }),
                ProblemCatalog.TooFewSecrets,
                "applications[staging].secrets"
            ),
            new(
                "a secret without keys",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("empty", [], 90)] }),
                ProblemCatalog.SecretKeys,
                "applications[staging].secrets[empty].keys"
            ),
            new(
                "a key with a space",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("spaced", ["pass word"], 90)] }),
                ProblemCatalog.SecretKeys,
                "applications[staging].secrets[spaced].keys"
            ),
            new(
                "a secret that is never rotated",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("old", ["password"], 0)] }),
                ProblemCatalog.SecretRotation,
                "applications[staging].secrets[old].rotateAfterDays"
            ),
            new(
                "more application environments than a probe looks at",
                p =>
                    p with
                    {
                        Applications =
                        [
                            .. p.Applications,
                            .. Enumerable
                                .Range(0, PlatformSpec.MostApplications)
                                .Select(number => p.Applications[0] with { Name = $"extra-{number}" }),
                        ],
                    },
                ProblemCatalog.TooManyEnvironments,
                "applications"
            ),
            new(
                "the system published",
                p => p with { System = p.System with { Exposure = new("ops") } },
                ProblemCatalog.SystemExposed,
                "system.exposure"
            ),
            new(
                "break-glass's profile granted",
                p => Staging(p, e => e with { Access = [new("jane-doe", AccessProfile.PlatformAdmin)] }),
                ProblemCatalog.PlatformAdminGranted,
                "applications[staging].access[jane-doe].profile"
            ),
            .. new[] { AccessProfile.Developer, AccessProfile.Operator, AccessProfile.Deployer }.Select(profile => new BrokenInventory(
                $"a {profile} among the shared services",
                p => p with { System = p.System with { Access = [new("jane-doe", profile)] } },
                ProblemCatalog.SystemGrant,
                "system.access[jane-doe].profile"
            )),
            new(
                "a grant for a team of somebody else",
                p => Staging(p, e => e with { Access = [new("jane-doe", AccessProfile.Viewer) { Teams = ["shop"] }] }),
                ProblemCatalog.UnknownTeam,
                "applications[staging].access[jane-doe].teams"
            ),
            .. new[] { "default", "break-glass", "plan-staging", "apply-anything" }.Select(name => new BrokenInventory(
                $"a person called {name}",
                p => Staging(p, e => e with { Access = [new(name, AccessProfile.Viewer)] }),
                ProblemCatalog.ReservedAccount,
                $"applications[staging].access[{name}].name"
            )),
        ];

    private static IEnumerable<BrokenInventory> Operations() =>
        [
            new(
                "no alert route",
                p => Staging(p, e => e with { AlertRoutes = [] }),
                ProblemCatalog.NoAlertRoute,
                "applications[staging].alertRoutes"
            ),
            new(
                "no route for warnings",
                p => Staging(p, e => e with { AlertRoutes = [new("#a", [Severity.Critical])] }),
                ProblemCatalog.SeverityUncovered,
                "applications[staging].alertRoutes"
            ),
            new(
                "a CPU share in percent",
                p => Staging(p, e => e with { Thresholds = new() { CpuShare = 85 } }),
                ProblemCatalog.Threshold,
                "applications[staging].thresholds.cpuShare"
            ),
            new(
                "no failed request allowed",
                p => Staging(p, e => e with { Thresholds = new() { RequestSuccess = 1 } }),
                ProblemCatalog.Threshold,
                "applications[staging].thresholds.requestSuccess"
            ),
            new("no budget", p => Staging(p, e => e with { Budget = new(0) }), ProblemCatalog.Budget, "applications[staging].budget"),
            new(
                "a schedule of four fields",
                p => Staging(p, e => e with { OffHours = new("Europe/Berlin", "0 20 * *", "0 7 * * 1-5") }),
                ProblemCatalog.InvalidCron,
                "applications[staging].offHours.scaleDown"
            ),
            new(
                "a time zone by its abbreviation",
                p => Staging(p, e => e with { OffHours = new("CEST", "0 20 * * 1-5", "0 7 * * 1-5") }),
                ProblemCatalog.UnknownTimeZone,
                "applications[staging].offHours.timeZone"
            ),
            new(
                "logs that are not kept",
                p => Staging(p, e => e with { Retention = e.Retention with { LogsDays = 0 } }),
                ProblemCatalog.RetentionDays,
                "applications[staging].retention.logsDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> Segments() =>
        [
            new("no port to scrape", p => p with { MetricsPorts = [] }, ProblemCatalog.InvalidPorts, "metricsPorts"),
            new(
                "a team that talks with nobody's",
                p => Staging(p, e => e with { Teams = [new("shop", "#shop") { TalksWith = ["bank"] }] }),
                ProblemCatalog.UnknownNeighbour,
                "applications[staging].teams[shop].talksWith"
            ),
            new(
                "a destination of no address",
                p => Destination(p, d => d with { Ranges = [] }),
                ProblemCatalog.InvalidRange,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "the Internet as a destination",
                p => Destination(p, d => d with { Ranges = ["0.0.0.0/0"] }),
                ProblemCatalog.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "half of the Internet as a destination",
                p => Destination(p, d => d with { Ranges = ["::/1"] }),
                ProblemCatalog.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "another environment's database as a destination",
                p => Destination(p, d => d with { Ranges = ["10.64.18.0/24"] }),
                ProblemCatalog.NotPublic,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "a destination on no port",
                p => Destination(p, d => d with { Ports = [0] }),
                ProblemCatalog.InvalidPorts,
                "applications[staging].destinations[payments].ports"
            ),
            new(
                "a destination without a reason",
                p => Destination(p, d => d with { Reason = " " }),
                ProblemCatalog.MissingText,
                "applications[staging].destinations[payments].reason"
            ),
            new(
                "a destination twice",
                p => Staging(p, e => e with { Destinations = [s_payments, s_payments] }),
                ProblemCatalog.DuplicateName,
                "applications[staging].destinations[payments].name"
            ),
            new(
                "the API server for no reason",
                p => Staging(p, e => e with { ApiServerReason = "" }),
                ProblemCatalog.MissingText,
                "applications[staging].apiServerReason"
            ),
        ];

    private static IEnumerable<BrokenInventory> Overrides() =>
        [
            Override("without an approver", one => one with { Approvers = [] }, ProblemCatalog.NotApproved, "approvers"),
            Override("with a blank approver", one => one with { Approvers = [" "] }, ProblemCatalog.NotApproved, "approvers"),
            Override(
                "approved by who asked",
                one => one with { Approvers = ["grace", "ADA"] },
                ProblemCatalog.OwnApproval,
                "approvers"
            ),
            Override(
                "approved by who asked, with a blank behind the name",
                one => one with { Approvers = ["grace", "ada "] },
                ProblemCatalog.OwnApproval,
                "approvers"
            ),
            Override(
                "between environments, one approver twice, with a blank before the name",
                one => one with { Approvers = ["grace", " grace"] },
                ProblemCatalog.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments, one approver",
                one => one with { Approvers = ["grace"] },
                ProblemCatalog.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments, one approver twice",
                one => one with { Approvers = ["grace", "Grace"] },
                ProblemCatalog.TwoApprovers,
                "approvers"
            ),
            Override(
                "that ends before it begins",
                one => one with { Expires = one.Opened.AddDays(-1) },
                ProblemCatalog.OverrideDates,
                "expires"
            ),
            Override("of 91 days", one => one with { Expires = one.Opened.AddDays(91) }, ProblemCatalog.OverrideTooLong, "expires"),
            Override("for nobody knows what", one => one with { Reason = "" }, ProblemCatalog.MissingText, "reason"),
            Override("without a ticket", one => one with { Ticket = "" }, ProblemCatalog.MissingText, "ticket"),
            Override("asked for by nobody", one => one with { RequestedBy = "" }, ProblemCatalog.MissingText, "requestedBy"),
            Override(
                "to an unknown environment",
                one => Opening(one, pods => pods with { To = pods.To with { Namespace = "stagin" } }),
                ProblemCatalog.UnknownNamespace,
                "opens.to.namespace"
            ),
            Override(
                "of a whole namespace",
                one => Opening(one, pods => pods with { From = pods.From with { Pods = new Dictionary<string, string>() } }),
                ProblemCatalog.OverridePods,
                "opens.from.pods"
            ),
            Override(
                "to where it comes from",
                one => Opening(one, pods => pods with { To = pods.From }),
                ProblemCatalog.OverrideInside,
                "opens.to.namespace"
            ),
            Override("on no port", one => Opening(one, pods => pods with { Ports = [] }), ProblemCatalog.InvalidPorts, "opens.ports"),
            Override(
                "on a range backwards",
                one => Opening(one, pods => pods with { Ports = [new(90, 80)] }),
                ProblemCatalog.InvalidPorts,
                "opens.ports"
            ),
            Override(
                "to all addresses",
                one => one with { Scope = new OverrideScope.Outside(SampleOverrides.Reports, "0.0.0.0/0", [new(443)]) },
                ProblemCatalog.RangeTooWide,
                "opens.to"
            ),
            Override(
                "to another environment's database",
                one => one with { Scope = new OverrideScope.Outside(SampleOverrides.Reports, "10.64.18.0/24", [new(443)]) },
                ProblemCatalog.NotPublic,
                "opens.to"
            ),
            Override(
                "of the nodes to all addresses",
                one => one with { Scope = new OverrideScope.Nodes("0.0.0.0/0", [new(22)]) },
                ProblemCatalog.RangeTooWide,
                "opens.from"
            ),
            Override(
                "of the nodes in two protocols",
                one => one with { Scope = new OverrideScope.Nodes("198.51.100.0/24", [new(53), new(53, null, PortProtocol.Udp)]) },
                ProblemCatalog.InvalidPorts,
                "opens.ports"
            ),
            Override(
                "of the control plane to all addresses",
                one => one with { Scope = new OverrideScope.ControlPlane("::/0") },
                ProblemCatalog.RangeTooWide,
                "opens.from"
            ),
            Override(
                "of the control plane to a bare address",
                one => one with { Scope = new OverrideScope.ControlPlane("203.0.113.64") },
                ProblemCatalog.InvalidRange,
                "opens.from"
            ),
            Override("twice", one => one, ProblemCatalog.DuplicateName, "name", times: 2),
            new(
                "an override that no firewall rule has room for",
                p => p with { Overrides = [SampleOverrides.Pods with { Name = "abcdefghijklmnopqrstuvwx" }] },
                ProblemCatalog.NameLength,
                "overrides[abcdefghijklmnopqrstuvwx].name"
            ),
        ];

    private static BrokenInventory Override(
        string name,
        Func<NetworkOverride, NetworkOverride> change,
        ProblemKind kind,
        string place,
        int times = 1
    ) =>
        new(
            $"an override {name}",
            p => p with { Overrides = [.. Enumerable.Repeat(change(SampleOverrides.Pods), times)] },
            kind,
            $"overrides[report-import].{place}"
        );

    private static NetworkOverride Opening(NetworkOverride one, Func<OverrideScope.Pods, OverrideScope.Pods> change) =>
        one with
        {
            Scope = change((OverrideScope.Pods)one.Scope),
        };

    private static readonly OutsideDestination s_payments = new(
        "payments",
        "Cards are charged there.",
        ["198.51.100.0/24"],
        [443]
    );

    private static PlatformSpec Destination(PlatformSpec platform, Func<OutsideDestination, OutsideDestination> change) =>
        Staging(platform, environment => environment with { Destinations = [change(s_payments)] });

    private static PlatformSpec Standard(PlatformSpec platform) =>
        platform with
        {
            Tier = ClusterTier.Standard,
            KubernetesVersion = "1.34",
        };

    private static PlatformSpec Development(PlatformSpec platform, Func<EnvironmentSpec, EnvironmentSpec> change) => Application(platform, "development", change);

    private static PlatformSpec Staging(PlatformSpec platform, Func<EnvironmentSpec, EnvironmentSpec> change) => Application(platform, "staging", change);

    private static PlatformSpec Store(PlatformSpec platform, Func<DataStore, DataStore> change) =>
        Staging(platform, environment => environment with { DataStore = change(environment.DataStore!) });

    private static PlatformSpec Application(PlatformSpec platform, string name, Func<EnvironmentSpec, EnvironmentSpec> change) =>
        platform with
        {
            Applications =
            [
                .. platform.Applications.Select(environment => environment.Name.Text == name ? change(environment) : environment),
            ],
        };

    private static PlatformSpec Pool(PlatformSpec platform, string name, Func<NodePool, NodePool> change) =>
        platform with
        {
            Pools = [.. platform.Pools.Select(pool => pool.Name == name ? change(pool) : pool)],
        };
}
