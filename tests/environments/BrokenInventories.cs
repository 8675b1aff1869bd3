using InfraCdktf.Environments;
using InfraCdktf.Tests.Support;
using Env = InfraCdktf.Environments.Environment;

namespace InfraCdktf.Tests.Environments;

/// <summary>One broken inventory.</summary>
/// <param name="Name">What is broken, in words.</param>
/// <param name="Break">Breaks the shipped inventory.</param>
/// <param name="Kind">The problem that must be reported.</param>
/// <param name="Place">Where.</param>
public sealed record BrokenInventory(string Name, Func<Platform, Platform> Break, ProblemKind Kind, string Place)
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
            new("project in upper case", p => p with { Project = "Infra" }, Problems.InvalidName, "project"),
            new(
                "environment with an underscore",
                p => Staging(p, e => e with { Name = "pre_prod" }),
                Problems.InvalidName,
                "applications[pre_prod].name"
            ),
            new(
                "owner with a space",
                p => Staging(p, e => e with { Owner = "the team" }),
                Problems.InvalidName,
                "applications[staging].owner"
            ),
            new(
                "team that is no label",
                p => Staging(p, e => e with { Teams = [new("-a", "#team-a")] }),
                Problems.InvalidName,
                "applications[staging].teams[-a].name"
            ),
            new(
                "subdomain with a dot",
                p => Staging(p, e => e with { Exposure = new("a.b") }),
                Problems.InvalidName,
                "applications[staging].exposure.subdomain"
            ),
            new(
                "project that no cluster label has room for",
                p => p with { Project = new string('p', 25) },
                Problems.NameLength,
                "project"
            ),
            new(
                "environment that no database label has room for",
                p => Staging(p, e => e with { Name = "pre-production-acceptance" }),
                Problems.NameLength,
                "applications[pre-production-acceptance].name"
            ),
            new(
                "pool of 16 characters",
                p => Pool(p, "build", pool => pool with { Name = "build-and-test-1" }),
                Problems.NameLength,
                "pools[build-and-test-1].name"
            ),
            new(
                "bucket of 2 characters",
                p => p with { State = p.State with { Bucket = "tf" } },
                Problems.NameLength,
                "state.bucket"
            ),
            new("owner that no tag has room for", p => p with { Owner = new string('o', 45) }, Problems.NameLength, "owner"),
            new(
                "environment called like a stack",
                p => Staging(p, e => e with { Name = "core" }),
                Problems.ReservedName,
                "applications[core].name"
            ),
            new(
                "environment in Kubernetes' names",
                p => Staging(p, e => e with { Name = "kube-system" }),
                Problems.ReservedName,
                "applications[kube-system].name"
            ),
            new(
                "team whose namespace is the agents'",
                p => p with { System = p.System with { Teams = [new("agents", "#agents")] } },
                Problems.ReservedName,
                "system.teams[agents].name"
            ),
            new(
                "two pools of one name",
                p => Pool(p, "build", pool => pool with { Name = "system" }),
                Problems.DuplicateName,
                "pools[system].name"
            ),
            new(
                "an environment twice",
                p => p with { Applications = [.. p.Applications, InfraCdktf.Environments.Development.Environment] },
                Problems.DuplicateName,
                "applications[development].name"
            ),
            new(
                "an application environment called system",
                p => Staging(p, e => e with { Name = "system" }),
                Problems.DuplicateName,
                "applications[system].name"
            ),
            new(
                "two buckets of one purpose",
                p => Staging(p, e => e with { Buckets = [.. e.Buckets, new("media", false, 0)] }),
                Problems.DuplicateName,
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
                                    new(WorkloadRule.PinnedImages, Leniency.Warn, "A vendor's image."),
                                    new(WorkloadRule.PinnedImages, Leniency.Off, "A vendor's image."),
                                ],
                            }
                    ),
                Problems.DuplicateName,
                "applications[staging].admissionExceptions[PinnedImages].rule"
            ),
            new(
                "two environments under one subdomain",
                p => Staging(p, e => e with { Exposure = new("dev") }),
                Problems.DuplicateName,
                "applications[staging].exposure.subdomain"
            ),
            new(
                "a team whose namespace is another environment's",
                p => Development(Staging(p, e => e with { Name = "development-qa" }), e => e with { Teams = [new("qa", "#qa")] }),
                Problems.NameCollision,
                "applications[development-qa].name"
            ),
            new(
                "one bucket for live state and archive",
                p => p with { State = p.State with { ArchiveBucket = p.State.Bucket } },
                Problems.NameCollision,
                "state.archiveBucket"
            ),
            new(
                "two hyphens in a subnet's label",
                p => Staging(p, e => e with { Name = "pre--prod" }),
                Problems.DoubleHyphen,
                "applications[pre--prod].name"
            ),
            new(
                "a team whose namespace is that of the accounts",
                p => Staging(p, e => e with { Teams = [new("access", "#access")] }),
                Problems.NameCollision,
                "applications[staging].teams[access].name"
            ),
        ];

    private static IEnumerable<BrokenInventory> Contacts() =>
        [
            new(
                "no purpose",
                p => Staging(p, e => e with { Purpose = " " }),
                Problems.MissingText,
                "applications[staging].purpose"
            ),
            new(
                "an admission rule excused without a reason",
                p => Staging(p, e => e with { AdmissionExceptions = [new(WorkloadRule.PinnedImages, Leniency.Warn, " ")] }),
                Problems.MissingText,
                "applications[staging].admissionExceptions[PinnedImages].reason"
            ),
            new(
                "a network without a reason",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.0/28", "")] },
                Problems.MissingText,
                "controlPlaneAccess[vpn].reason"
            ),
            new(
                "an e-mail address without a domain",
                p => p with { Contacts = p.Contacts with { Security = "security@" } },
                Problems.InvalidEmail,
                "contacts.security"
            ),
            new(
                "a channel without #",
                p => p with { Contacts = p.Contacts with { Channel = "platform" } },
                Problems.InvalidChannel,
                "contacts.channel"
            ),
            new(
                "a route to a channel with a space",
                p => Staging(p, e => e with { AlertRoutes = [new("#the channel", [Severity.Critical, Severity.Warning])] }),
                Problems.InvalidChannel,
                "applications[staging].alertRoutes[#the channel].channel"
            ),
            new(
                "a repository without TLS",
                p => p with { Repository = "http://github.com/example/infra" },
                Problems.InvalidRepository,
                "repository"
            ),
            new(
                "a repository with a trailing slash",
                p => p with { Repository = "https://github.com/example/infra/" },
                Problems.InvalidRepository,
                "repository"
            ),
            new("a zone of one label", p => p with { DnsZone = "localhost" }, Problems.InvalidDnsZone, "dnsZone"),
            new("a zone with a trailing dot", p => p with { DnsZone = "example.com." }, Problems.InvalidDnsZone, "dnsZone"),
            new(
                "a zone without room for a service",
                p => p with { DnsZone = string.Join('.', Enumerable.Repeat(new string('z', 60), 4))[..200] },
                Problems.InvalidDnsZone,
                "dnsZone"
            ),
        ];

    private static IEnumerable<BrokenInventory> Addresses() =>
        [
            new(
                "a VPC that is no range",
                p => p with { Addresses = p.Addresses with { Vpc = "10.64.0.0" } },
                Problems.InvalidRange,
                "addresses.vpc"
            ),
            new(
                "a subnet with host bits",
                p => Store(p, s => s with { Subnet = "10.64.17.1/24" }),
                Problems.InvalidRange,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "a bare address in the allow list",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.7", "Engineers.")] },
                Problems.InvalidRange,
                "controlPlaneAccess[vpn].range"
            ),
            new(
                "public nodes",
                p => p with { Addresses = new("203.0.0.0/16", "203.0.0.0/20") },
                Problems.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "IPv6 nodes",
                p => p with { Addresses = p.Addresses with { Nodes = "2001:db8::/64" } },
                Problems.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "a database among the nodes",
                p => Store(p, s => s with { Subnet = "10.64.1.0/24" }),
                Problems.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "a database among another's",
                p => Store(p, s => s with { Subnet = "10.64.16.128/25" }),
                Problems.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "a database outside of the VPC",
                p => Store(p, s => s with { Subnet = "10.65.0.0/24" }),
                Problems.OutsideVpc,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "nodes among LKE's pods",
                p => p with { Addresses = new("10.2.0.0/16", "10.2.0.0/20") },
                Problems.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "a VPC that holds LKE's services",
                p => p with { Addresses = new("10.128.0.0/9", "10.200.0.0/20") },
                Problems.ReservedRange,
                "addresses.vpc"
            ),
            new(
                "nodes in Linode's network",
                p => p with { Addresses = new("192.168.0.0/16", "192.168.128.0/20") },
                Problems.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "a subnet of two addresses",
                p => Store(p, s => s with { Subnet = "10.64.17.0/31" }),
                Problems.SubnetPrefix,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "nodes in 16 addresses",
                p => p with { Addresses = p.Addresses with { Nodes = "10.64.0.0/28" } },
                Problems.SubnetTooSmall,
                "addresses.nodes"
            ),
            new(
                "the internet in the allow list",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "0.0.0.0/0", "Convenience.")] },
                Problems.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            new(
                "the IPv6 internet in the allow list",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "::/0", "Convenience.")] },
                Problems.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            new(
                "an empty allow list",
                p => p with { ControlPlaneAccess = [] },
                Problems.NoControlPlaneAccess,
                "controlPlaneAccess"
            ),
        ];

    private static IEnumerable<BrokenInventory> Cluster() =>
        [
            new(
                "a pool of none",
                p => Pool(p, "build", pool => pool with { MinNodes = 0 }),
                Problems.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "a pool of 11",
                p => Pool(p, "build", pool => pool with { MaxNodes = 11 }),
                Problems.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "bounds the wrong way round",
                p => Pool(p, "build", pool => pool with { MinNodes = 5, MaxNodes = 4 }),
                Problems.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "every pool tainted",
                p => Pool(p, "application", pool => pool with { Taints = [new("dedicated", "application", "NoSchedule")] }),
                Problems.NoGeneralPool,
                "pools"
            ),
            new("no pool", p => p with { Pools = [] }, Problems.NoGeneralPool, "pools"),
            new(
                "an unknown plan",
                p => Pool(p, "build", pool => pool with { Type = "m5.large" }),
                Problems.UnknownPlan,
                "pools[build].type"
            ),
            new(
                "an environment on no pool",
                p => Staging(p, e => e with { Pool = "applications" }),
                Problems.UnknownPool,
                "applications[staging].pool"
            ),
            new(
                "a short version on enterprise",
                p => p with { KubernetesVersion = "1.34" },
                Problems.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "an exact version on standard",
                p => Standard(p) with { KubernetesVersion = "v1.34.6+lke2" },
                Problems.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "a version before 1.30",
                p => p with { KubernetesVersion = "v1.29.9+lke1" },
                Problems.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "no high availability on enterprise",
                p => p with { HighAvailability = false },
                Problems.HighAvailability,
                "highAvailability"
            ),
            new(
                "a taint of no effect",
                p => Pool(p, "build", pool => pool with { Taints = [new("dedicated", "build", "NoRun")] }),
                Problems.InvalidTaint,
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
                Problems.InvalidNodeLabel,
                "pools[build].labels[node.kubernetes.io/role]"
            ),
            new(
                "a node label with a space",
                p => Pool(p, "build", pool => pool with { Labels = new Dictionary<string, string> { ["use"] = "to build" } }),
                Problems.InvalidNodeLabel,
                "pools[build].labels[use]"
            ),
        ];

    private static IEnumerable<BrokenInventory> RegionsAndStorage() =>
        [
            new("an unknown region", p => p with { Region = "us-east-1" }, Problems.UnknownRegion, "region"),
            new("a region without enterprise", p => p with { Region = "au-mel" }, Problems.MissingCapability, "region"),
            new(
                "a standby without object storage",
                p => p with { StandbyRegion = "no-osl-1" },
                Problems.MissingCapability,
                "standbyRegion"
            ),
            new("a standby in the same region", p => p with { StandbyRegion = p.Region }, Problems.SameStandby, "standbyRegion"),
            new(
                "a legacy endpoint",
                p => p with { State = p.State with { Endpoint = "us-ord-1.linodeobjects.com" } },
                Problems.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "another region's endpoint",
                p => p with { State = p.State with { Endpoint = "us-sea-9.linodeobjects.com" } },
                Problems.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "29 versions of the state",
                p => p with { State = p.State with { Versions = 29 } },
                Problems.StateVersions,
                "state.versions"
            ),
            new(
                "89 days of audit",
                p => p with { State = p.State with { AuditDays = 89 } },
                Problems.AuditDays,
                "state.auditDays"
            ),
            new(
                "a bucket that expired yesterday",
                p => Staging(p, e => e with { Buckets = [new("media", false, -1)] }),
                Problems.BucketExpiry,
                "applications[staging].buckets[media].expireAfterDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> Capacity() =>
        [
            new(
                "memory in a unit that is none",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "24GB" } }),
                Problems.InvalidQuantity,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "no pods",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 0 } }),
                Problems.NotPositive,
                "applications[staging].quota.pods"
            ),
            new(
                "no default request",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestCpu = "0" } }),
                Problems.NotPositive,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "a default request above the limit",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestMemory = "512Mi" } }),
                Problems.DefaultsOutOfOrder,
                "applications[staging].containers.requestMemory"
            ),
            new(
                "a maximum above the quota",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "50" } }),
                Problems.DefaultsOutOfOrder,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "requests above limits",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "49" } }),
                Problems.RequestsAboveLimits,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "a container larger than a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxMemory = "16Gi" } }),
                Problems.LargerThanNode,
                "applications[staging].containers.maxMemory"
            ),
            new(
                "a container with all CPUs of a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "8" } }),
                Problems.LargerThanNode,
                "applications[staging].containers.maxCpu"
            ),
            new(
                "quotas above a smaller pool",
                p => Pool(p, "application", pool => pool with { MaxNodes = 5 }),
                Problems.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "quotas of four team namespaces",
                p => Staging(p, e => e with { Teams = [new("a", "#a"), new("b", "#b"), new("c", "#c"), new("d", "#d")] }),
                Problems.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "29 services",
                p => Staging(p, e => e with { Services = new(29, 2) }),
                Problems.TooFewServices,
                "applications[staging].services.count"
            ),
            new(
                "services above the pods",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 89 } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.pods"
            ),
            new(
                "services above the CPU",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "8999m" } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "services above the memory",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "11Gi" } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "services above the CPU limits",
                p => Staging(p, e => e with { Quota = e.Quota with { LimitsCpu = "44" } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.limitsCpu"
            ),
            new(
                "a load balancer of a team",
                p => Staging(p, e => e with { Quota = e.Quota with { LoadBalancers = 1 } }),
                Problems.LoadBalancers,
                "applications[staging].quota.loadBalancers"
            ),
        ];

    private static IEnumerable<BrokenInventory> DataStores() =>
        [
            new(
                "PostgreSQL 14",
                p => Store(p, s => s with { PostgresVersion = 14 }),
                Problems.PostgresVersion,
                "applications[staging].dataStore.postgresVersion"
            ),
            new(
                "PostgreSQL 18",
                p => Store(p, s => s with { PostgresVersion = 18 }),
                Problems.PostgresVersion,
                "applications[staging].dataStore.postgresVersion"
            ),
            new(
                "an unknown database plan",
                p => Store(p, s => s with { Type = "db.t3" }),
                Problems.UnknownDatabasePlan,
                "applications[staging].dataStore.type"
            ),
            new(
                "two nodes on a shared plan",
                p => Store(p, s => s with { Type = "g6-standard-2", Nodes = 2 }),
                Problems.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "four nodes",
                p => Store(p, s => s with { Nodes = 4 }),
                Problems.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "an eighth day",
                p => Store(p, s => s with { MaintenanceDay = 8 }),
                Problems.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceDay"
            ),
            new(
                "a 25th hour",
                p => Store(p, s => s with { MaintenanceHour = 24 }),
                Problems.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceHour"
            ),
            new(
                "a private database on standard",
                Standard,
                Problems.PrivateDatabaseOnStandard,
                "applications[staging].dataStore"
            ),
        ];

    private static IEnumerable<BrokenInventory> Security() =>
        [
            new(
                "baseline without a reason",
                p => Staging(p, e => e with { PodSecurity = PodSecurityLevel.Baseline }),
                Problems.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "a reason without need",
                p => Staging(p, e => e with { PodSecurityReason = "Once." }),
                Problems.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "one secret",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0]] }),
                Problems.TooFewSecrets,
                "applications[staging].secrets"
            ),
            new(
                "a secret without keys",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("empty", [], 90)] }),
                Problems.SecretKeys,
                "applications[staging].secrets[empty].keys"
            ),
            new(
                "a key with a space",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("spaced", ["pass word"], 90)] }),
                Problems.SecretKeys,
                "applications[staging].secrets[spaced].keys"
            ),
            new(
                "a secret that is never rotated",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("old", ["password"], 0)] }),
                Problems.SecretRotation,
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
                                .Range(0, Platform.MostApplications)
                                .Select(number => p.Applications[0] with { Name = $"extra-{number}" }),
                        ],
                    },
                Problems.TooManyEnvironments,
                "applications"
            ),
            new(
                "the system published",
                p => p with { System = p.System with { Exposure = new("ops") } },
                Problems.SystemExposed,
                "system.exposure"
            ),
            new(
                "break-glass's profile granted",
                p => Staging(p, e => e with { Access = [new("jane-doe", Profile.PlatformAdmin)] }),
                Problems.PlatformAdminGranted,
                "applications[staging].access[jane-doe].profile"
            ),
            .. new[] { Profile.Developer, Profile.Operator, Profile.Deployer }.Select(profile => new BrokenInventory(
                $"a {profile} among the shared services",
                p => p with { System = p.System with { Access = [new("jane-doe", profile)] } },
                Problems.SystemGrant,
                "system.access[jane-doe].profile"
            )),
            new(
                "a grant for a team of somebody else",
                p => Staging(p, e => e with { Access = [new("jane-doe", Profile.Viewer) { Teams = ["shop"] }] }),
                Problems.UnknownTeam,
                "applications[staging].access[jane-doe].teams"
            ),
            .. new[] { "default", "break-glass", "plan-staging", "apply-anything" }.Select(name => new BrokenInventory(
                $"a person called {name}",
                p => Staging(p, e => e with { Access = [new(name, Profile.Viewer)] }),
                Problems.ReservedAccount,
                $"applications[staging].access[{name}].name"
            )),
        ];

    private static IEnumerable<BrokenInventory> Operations() =>
        [
            new(
                "no alert route",
                p => Staging(p, e => e with { AlertRoutes = [] }),
                Problems.NoAlertRoute,
                "applications[staging].alertRoutes"
            ),
            new(
                "no route for warnings",
                p => Staging(p, e => e with { AlertRoutes = [new("#a", [Severity.Critical])] }),
                Problems.SeverityUncovered,
                "applications[staging].alertRoutes"
            ),
            new(
                "a CPU share in percent",
                p => Staging(p, e => e with { Thresholds = new() { CpuShare = 85 } }),
                Problems.Threshold,
                "applications[staging].thresholds.cpuShare"
            ),
            new(
                "no failed request allowed",
                p => Staging(p, e => e with { Thresholds = new() { RequestSuccess = 1 } }),
                Problems.Threshold,
                "applications[staging].thresholds.requestSuccess"
            ),
            new("no budget", p => Staging(p, e => e with { Budget = new(0) }), Problems.Budget, "applications[staging].budget"),
            new(
                "a schedule of four fields",
                p => Staging(p, e => e with { OffHours = new("Europe/Berlin", "0 20 * *", "0 7 * * 1-5") }),
                Problems.InvalidCron,
                "applications[staging].offHours.scaleDown"
            ),
            new(
                "a time zone by its abbreviation",
                p => Staging(p, e => e with { OffHours = new("CEST", "0 20 * * 1-5", "0 7 * * 1-5") }),
                Problems.UnknownTimeZone,
                "applications[staging].offHours.timeZone"
            ),
            new(
                "logs that are not kept",
                p => Staging(p, e => e with { Retention = e.Retention with { LogsDays = 0 } }),
                Problems.RetentionDays,
                "applications[staging].retention.logsDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> Segments() =>
        [
            new("no port to scrape", p => p with { MetricsPorts = [] }, Problems.InvalidPorts, "metricsPorts"),
            new(
                "a team that talks with nobody's",
                p => Staging(p, e => e with { Teams = [new("shop", "#shop") { TalksWith = ["bank"] }] }),
                Problems.UnknownNeighbour,
                "applications[staging].teams[shop].talksWith"
            ),
            new(
                "a destination of no address",
                p => Destination(p, d => d with { Ranges = [] }),
                Problems.InvalidRange,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "the Internet as a destination",
                p => Destination(p, d => d with { Ranges = ["0.0.0.0/0"] }),
                Problems.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "half of the Internet as a destination",
                p => Destination(p, d => d with { Ranges = ["::/1"] }),
                Problems.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "another environment's database as a destination",
                p => Destination(p, d => d with { Ranges = ["10.64.18.0/24"] }),
                Problems.NotPublic,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "a destination on no port",
                p => Destination(p, d => d with { Ports = [0] }),
                Problems.InvalidPorts,
                "applications[staging].destinations[payments].ports"
            ),
            new(
                "a destination without a reason",
                p => Destination(p, d => d with { Reason = " " }),
                Problems.MissingText,
                "applications[staging].destinations[payments].reason"
            ),
            new(
                "a destination twice",
                p => Staging(p, e => e with { Destinations = [s_payments, s_payments] }),
                Problems.DuplicateName,
                "applications[staging].destinations[payments].name"
            ),
            new(
                "the API server for no reason",
                p => Staging(p, e => e with { ApiServerReason = "" }),
                Problems.MissingText,
                "applications[staging].apiServerReason"
            ),
        ];

    private static IEnumerable<BrokenInventory> Overrides() =>
        [
            Override("without an approver", one => one with { Approvers = [] }, Problems.NotApproved, "approvers"),
            Override("with a blank approver", one => one with { Approvers = [" "] }, Problems.NotApproved, "approvers"),
            Override(
                "approved by who asked",
                one => one with { Approvers = ["grace", "ADA"] },
                Problems.OwnApproval,
                "approvers"
            ),
            Override(
                "approved by who asked, with a blank behind the name",
                one => one with { Approvers = ["grace", "ada "] },
                Problems.OwnApproval,
                "approvers"
            ),
            Override(
                "between environments, one approver twice, with a blank before the name",
                one => one with { Approvers = ["grace", " grace"] },
                Problems.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments, one approver",
                one => one with { Approvers = ["grace"] },
                Problems.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments, one approver twice",
                one => one with { Approvers = ["grace", "Grace"] },
                Problems.TwoApprovers,
                "approvers"
            ),
            Override(
                "that ends before it begins",
                one => one with { Expires = one.Opened.AddDays(-1) },
                Problems.OverrideDates,
                "expires"
            ),
            Override("of 91 days", one => one with { Expires = one.Opened.AddDays(91) }, Problems.OverrideTooLong, "expires"),
            Override("for nobody knows what", one => one with { Reason = "" }, Problems.MissingText, "reason"),
            Override("without a ticket", one => one with { Ticket = "" }, Problems.MissingText, "ticket"),
            Override("asked for by nobody", one => one with { RequestedBy = "" }, Problems.MissingText, "requestedBy"),
            Override(
                "to an unknown environment",
                one => Opening(one, pods => pods with { To = pods.To with { Namespace = "stagin" } }),
                Problems.UnknownNamespace,
                "opens.to.namespace"
            ),
            Override(
                "of a whole namespace",
                one => Opening(one, pods => pods with { From = pods.From with { Pods = new Dictionary<string, string>() } }),
                Problems.OverridePods,
                "opens.from.pods"
            ),
            Override(
                "to where it comes from",
                one => Opening(one, pods => pods with { To = pods.From }),
                Problems.OverrideInside,
                "opens.to.namespace"
            ),
            Override("on no port", one => Opening(one, pods => pods with { Ports = [] }), Problems.InvalidPorts, "opens.ports"),
            Override(
                "on a range backwards",
                one => Opening(one, pods => pods with { Ports = [new(90, 80)] }),
                Problems.InvalidPorts,
                "opens.ports"
            ),
            Override(
                "to all addresses",
                one => one with { Opens = new Opening.Outside(SampleOverrides.Reports, "0.0.0.0/0", [new(443)]) },
                Problems.RangeTooWide,
                "opens.to"
            ),
            Override(
                "to another environment's database",
                one => one with { Opens = new Opening.Outside(SampleOverrides.Reports, "10.64.18.0/24", [new(443)]) },
                Problems.NotPublic,
                "opens.to"
            ),
            Override(
                "of the nodes to all addresses",
                one => one with { Opens = new Opening.Nodes("0.0.0.0/0", [new(22)]) },
                Problems.RangeTooWide,
                "opens.from"
            ),
            Override(
                "of the nodes in two protocols",
                one => one with { Opens = new Opening.Nodes("198.51.100.0/24", [new(53), new(53, null, PortProtocol.Udp)]) },
                Problems.InvalidPorts,
                "opens.ports"
            ),
            Override(
                "of the control plane to all addresses",
                one => one with { Opens = new Opening.ControlPlane("::/0") },
                Problems.RangeTooWide,
                "opens.from"
            ),
            Override(
                "of the control plane to a bare address",
                one => one with { Opens = new Opening.ControlPlane("203.0.113.64") },
                Problems.InvalidRange,
                "opens.from"
            ),
            Override("twice", one => one, Problems.DuplicateName, "name", times: 2),
            new(
                "an override that no firewall rule has room for",
                p => p with { Overrides = [SampleOverrides.Pods with { Name = "abcdefghijklmnopqrstuvwx" }] },
                Problems.NameLength,
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

    private static NetworkOverride Opening(NetworkOverride one, Func<Opening.Pods, Opening.Pods> change) =>
        one with
        {
            Opens = change((Opening.Pods)one.Opens),
        };

    private static readonly OutsideDestination s_payments = new(
        "payments",
        "Cards are charged there.",
        ["198.51.100.0/24"],
        [443]
    );

    private static Platform Destination(Platform platform, Func<OutsideDestination, OutsideDestination> change) =>
        Staging(platform, environment => environment with { Destinations = [change(s_payments)] });

    private static Platform Standard(Platform platform) =>
        platform with
        {
            Tier = ClusterTier.Standard,
            KubernetesVersion = "1.34",
        };

    private static Platform Development(Platform platform, Func<Env, Env> change) => Application(platform, "development", change);

    private static Platform Staging(Platform platform, Func<Env, Env> change) => Application(platform, "staging", change);

    private static Platform Store(Platform platform, Func<DataStore, DataStore> change) =>
        Staging(platform, environment => environment with { DataStore = change(environment.DataStore!) });

    private static Platform Application(Platform platform, string name, Func<Env, Env> change) =>
        platform with
        {
            Applications =
            [
                .. platform.Applications.Select(environment => environment.Name.Text == name ? change(environment) : environment),
            ],
        };

    private static Platform Pool(Platform platform, string name, Func<NodePool, NodePool> change) =>
        platform with
        {
            Pools = [.. platform.Pools.Select(pool => pool.Name == name ? change(pool) : pool)],
        };
}
