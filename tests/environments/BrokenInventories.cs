using InfraCdktf.Environments;
using InfraCdktf.Tests.Support;
using Env = InfraCdktf.Environments.Environment;

namespace InfraCdktf.Tests.Environments;

/// <summary>One inventory with a defect.</summary>
/// <param name="Name">The defect, as the test log shows it.</param>
/// <param name="Break">Adds the defect to the shipped inventory.</param>
/// <param name="Kind">The problem that the check must report.</param>
/// <param name="Place">The path of the defect in the inventory.</param>
public sealed record BrokenInventory(string Name, Func<Platform, Platform> Break, ProblemKind Kind, string Place)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Code} {Name}";
}

/// <summary>
/// The shipped inventory with one defect at a time: at least one for each problem code that does not depend on the current day,
/// and several for rules with several limits.
/// </summary>
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
        .. NetworkRules(),
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
                "team name that is not a DNS label",
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
                "project name too long for the cluster label",
                p => p with { Project = new string('p', 25) },
                Problems.NameLength,
                "project"
            ),
            new(
                "environment name too long for the database label",
                p => Staging(p, e => e with { Name = "pre-production-acceptance" }),
                Problems.NameLength,
                "applications[pre-production-acceptance].name"
            ),
            new(
                "pool name of 16 characters",
                p => Pool(p, "build", pool => pool with { Name = "build-and-test-1" }),
                Problems.NameLength,
                "pools[build-and-test-1].name"
            ),
            new(
                "bucket name of 2 characters",
                p => p with { State = p.State with { Bucket = "tf" } },
                Problems.NameLength,
                "state.bucket"
            ),
            new("owner too long for a tag", p => p with { Owner = new string('o', 45) }, Problems.NameLength, "owner"),
            new(
                "environment with the name of a stack",
                p => Staging(p, e => e with { Name = "core" }),
                Problems.ReservedName,
                "applications[core].name"
            ),
            new(
                "environment with a name reserved by Kubernetes",
                p => Staging(p, e => e with { Name = "kube-system" }),
                Problems.ReservedName,
                "applications[kube-system].name"
            ),
            new(
                "team namespace reserved for the agents",
                p => p with { System = p.System with { Teams = [new("agents", "#agents")] } },
                Problems.ReservedName,
                "system.teams[agents].name"
            ),
            new(
                "two pools with the same name",
                p => Pool(p, "build", pool => pool with { Name = "system" }),
                Problems.DuplicateName,
                "pools[system].name"
            ),
            new(
                "same environment twice",
                p => p with { Applications = [.. p.Applications, InfraCdktf.Environments.Development.Environment] },
                Problems.DuplicateName,
                "applications[development].name"
            ),
            new(
                "application environment named system",
                p => Staging(p, e => e with { Name = "system" }),
                Problems.DuplicateName,
                "applications[system].name"
            ),
            new(
                "two buckets with the same purpose",
                p => Staging(p, e => e with { Buckets = [.. e.Buckets, new("media", false, 0)] }),
                Problems.DuplicateName,
                "applications[staging].buckets[media].purpose"
            ),
            new(
                "two admission exceptions for the same rule",
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
                "two environments with the same subdomain",
                p => Staging(p, e => e with { Exposure = new("dev") }),
                Problems.DuplicateName,
                "applications[staging].exposure.subdomain"
            ),
            new(
                "team namespace with the name of another environment",
                p => Development(Staging(p, e => e with { Name = "development-qa" }), e => e with { Teams = [new("qa", "#qa")] }),
                Problems.NameCollision,
                "applications[development-qa].name"
            ),
            new(
                "same bucket for live state and archive",
                p => p with { State = p.State with { ArchiveBucket = p.State.Bucket } },
                Problems.NameCollision,
                "state.archiveBucket"
            ),
            new(
                "subnet label with two hyphens in a row",
                p => Staging(p, e => e with { Name = "pre--prod" }),
                Problems.DoubleHyphen,
                "applications[pre--prod].name"
            ),
            new(
                "team namespace with the name of the access namespace",
                p => Staging(p, e => e with { Teams = [new("access", "#access")] }),
                Problems.NameCollision,
                "applications[staging].teams[access].name"
            ),
        ];

    private static IEnumerable<BrokenInventory> Contacts() =>
        [
            new(
                "environment without a purpose",
                p => Staging(p, e => e with { Purpose = " " }),
                Problems.MissingText,
                "applications[staging].purpose"
            ),
            new(
                "admission exception without a reason",
                p => Staging(p, e => e with { AdmissionExceptions = [new(WorkloadRule.PinnedImages, Leniency.Warn, " ")] }),
                Problems.MissingText,
                "applications[staging].admissionExceptions[PinnedImages].reason"
            ),
            new(
                "allow-list entry without a reason",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.0/28", "")] },
                Problems.MissingText,
                "controlPlaneAccess[vpn].reason"
            ),
            new(
                "e-mail address without a domain",
                p => p with { Contacts = p.Contacts with { Security = "security@" } },
                Problems.InvalidEmail,
                "contacts.security"
            ),
            new(
                "channel without #",
                p => p with { Contacts = p.Contacts with { Channel = "platform" } },
                Problems.InvalidChannel,
                "contacts.channel"
            ),
            new(
                "alert route to a channel with a space",
                p => Staging(p, e => e with { AlertRoutes = [new("#the channel", [Severity.Critical, Severity.Warning])] }),
                Problems.InvalidChannel,
                "applications[staging].alertRoutes[#the channel].channel"
            ),
            new(
                "repository URL without TLS",
                p => p with { Repository = "http://github.com/example/infra" },
                Problems.InvalidRepository,
                "repository"
            ),
            new(
                "repository URL with a trailing slash",
                p => p with { Repository = "https://github.com/example/infra/" },
                Problems.InvalidRepository,
                "repository"
            ),
            new("DNS zone with one label", p => p with { DnsZone = "localhost" }, Problems.InvalidDnsZone, "dnsZone"),
            new("DNS zone with a trailing dot", p => p with { DnsZone = "example.com." }, Problems.InvalidDnsZone, "dnsZone"),
            new(
                "DNS zone too long for the host names of services",
                p => p with { DnsZone = string.Join('.', Enumerable.Repeat(new string('z', 60), 4))[..200] },
                Problems.InvalidDnsZone,
                "dnsZone"
            ),
        ];

    private static IEnumerable<BrokenInventory> Addresses() =>
        [
            new(
                "VPC without a prefix length",
                p => p with { Addresses = p.Addresses with { Vpc = "10.64.0.0" } },
                Problems.InvalidRange,
                "addresses.vpc"
            ),
            new(
                "subnet with host bits",
                p => Store(p, s => s with { Subnet = "10.64.17.1/24" }),
                Problems.InvalidRange,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "allow-list entry without a prefix length",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.7", "Engineers.")] },
                Problems.InvalidRange,
                "controlPlaneAccess[vpn].range"
            ),
            new(
                "node range with public addresses",
                p => p with { Addresses = new("203.0.0.0/16", "203.0.0.0/20") },
                Problems.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "node range with IPv6 addresses",
                p => p with { Addresses = p.Addresses with { Nodes = "2001:db8::/64" } },
                Problems.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "database subnet inside the node range",
                p => Store(p, s => s with { Subnet = "10.64.1.0/24" }),
                Problems.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "database subnet inside another database subnet",
                p => Store(p, s => s with { Subnet = "10.64.16.128/25" }),
                Problems.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "database subnet outside the VPC",
                p => Store(p, s => s with { Subnet = "10.65.0.0/24" }),
                Problems.OutsideVpc,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "node range inside LKE's pod range",
                p => p with { Addresses = new("10.2.0.0/16", "10.2.0.0/20") },
                Problems.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "VPC that contains LKE's service range",
                p => p with { Addresses = new("10.128.0.0/9", "10.200.0.0/20") },
                Problems.ReservedRange,
                "addresses.vpc"
            ),
            new(
                "node range inside Linode's private network",
                p => p with { Addresses = new("192.168.0.0/16", "192.168.128.0/20") },
                Problems.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "database subnet with two addresses",
                p => Store(p, s => s with { Subnet = "10.64.17.0/31" }),
                Problems.SubnetPrefix,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "node range with 16 addresses",
                p => p with { Addresses = p.Addresses with { Nodes = "10.64.0.0/28" } },
                Problems.SubnetTooSmall,
                "addresses.nodes"
            ),
            new(
                "allow-list with all IPv4 addresses",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "0.0.0.0/0", "Convenience.")] },
                Problems.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            new(
                "allow-list with all IPv6 addresses",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "::/0", "Convenience.")] },
                Problems.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            new("empty allow-list", p => p with { ControlPlaneAccess = [] }, Problems.NoControlPlaneAccess, "controlPlaneAccess"),
        ];

    private static IEnumerable<BrokenInventory> Cluster() =>
        [
            new(
                "pool with a minimum of 0 nodes",
                p => Pool(p, "build", pool => pool with { MinNodes = 0 }),
                Problems.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "pool with a maximum of 11 nodes",
                p => Pool(p, "build", pool => pool with { MaxNodes = 11 }),
                Problems.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "pool with a minimum above its maximum",
                p => Pool(p, "build", pool => pool with { MinNodes = 5, MaxNodes = 4 }),
                Problems.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "taints on every pool",
                p => Pool(p, "application", pool => pool with { Taints = [new("dedicated", "application", "NoSchedule")] }),
                Problems.NoGeneralPool,
                "pools"
            ),
            new("inventory without a pool", p => p with { Pools = [] }, Problems.NoGeneralPool, "pools"),
            new(
                "pool with an unknown plan",
                p => Pool(p, "build", pool => pool with { Type = "m5.large" }),
                Problems.UnknownPlan,
                "pools[build].type"
            ),
            new(
                "environment on an unknown pool",
                p => Staging(p, e => e with { Pool = "applications" }),
                Problems.UnknownPool,
                "applications[staging].pool"
            ),
            new(
                "short Kubernetes version on the enterprise tier",
                p => p with { KubernetesVersion = "1.34" },
                Problems.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "exact Kubernetes version on the standard tier",
                p => Standard(p) with { KubernetesVersion = "v1.34.6+lke2" },
                Problems.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "Kubernetes version before 1.30",
                p => p with { KubernetesVersion = "v1.29.9+lke1" },
                Problems.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "enterprise tier without high availability",
                p => p with { HighAvailability = false },
                Problems.HighAvailability,
                "highAvailability"
            ),
            new(
                "taint with an unknown effect",
                p => Pool(p, "build", pool => pool with { Taints = [new("dedicated", "build", "NoRun")] }),
                Problems.InvalidTaint,
                "pools[build].taints[dedicated]"
            ),
            new(
                "node label with a prefix of Kubernetes",
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
                "node label value with a space",
                p => Pool(p, "build", pool => pool with { Labels = new Dictionary<string, string> { ["use"] = "to build" } }),
                Problems.InvalidNodeLabel,
                "pools[build].labels[use]"
            ),
        ];

    private static IEnumerable<BrokenInventory> RegionsAndStorage() =>
        [
            new("unknown region", p => p with { Region = "us-east-1" }, Problems.UnknownRegion, "region"),
            new("region without LKE Enterprise", p => p with { Region = "au-mel" }, Problems.MissingCapability, "region"),
            new(
                "standby region without object storage",
                p => p with { StandbyRegion = "no-osl-1" },
                Problems.MissingCapability,
                "standbyRegion"
            ),
            new(
                "standby region equal to the region",
                p => p with { StandbyRegion = p.Region },
                Problems.SameStandby,
                "standbyRegion"
            ),
            new(
                "legacy state endpoint",
                p => p with { State = p.State with { Endpoint = "us-ord-1.linodeobjects.com" } },
                Problems.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "state endpoint of another region",
                p => p with { State = p.State with { Endpoint = "us-sea-9.linodeobjects.com" } },
                Problems.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "retention of 29 state versions",
                p => p with { State = p.State with { Versions = 29 } },
                Problems.StateVersions,
                "state.versions"
            ),
            new(
                "audit retention of 89 days",
                p => p with { State = p.State with { AuditDays = 89 } },
                Problems.AuditDays,
                "state.auditDays"
            ),
            new(
                "bucket with a negative expiry",
                p => Staging(p, e => e with { Buckets = [new("media", false, -1)] }),
                Problems.BucketExpiry,
                "applications[staging].buckets[media].expireAfterDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> Capacity() =>
        [
            new(
                "memory quantity with an unknown unit",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "24GB" } }),
                Problems.InvalidQuantity,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "quota of 0 pods",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 0 } }),
                Problems.NotPositive,
                "applications[staging].quota.pods"
            ),
            new(
                "default CPU request of 0",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestCpu = "0" } }),
                Problems.NotPositive,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "default memory request above the default limit",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestMemory = "512Mi" } }),
                Problems.DefaultsOutOfOrder,
                "applications[staging].containers.requestMemory"
            ),
            new(
                "container CPU maximum above the quota",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "50" } }),
                Problems.DefaultsOutOfOrder,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "CPU requests above CPU limits in the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "49" } }),
                Problems.RequestsAboveLimits,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "container memory maximum above the memory of a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxMemory = "16Gi" } }),
                Problems.LargerThanNode,
                "applications[staging].containers.maxMemory"
            ),
            new(
                "container CPU maximum equal to the CPUs of a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "8" } }),
                Problems.LargerThanNode,
                "applications[staging].containers.maxCpu"
            ),
            new(
                "quotas above the capacity of the pool",
                p => Pool(p, "application", pool => pool with { MaxNodes = 5 }),
                Problems.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "quotas of four team namespaces above the capacity of the pool",
                p => Staging(p, e => e with { Teams = [new("a", "#a"), new("b", "#b"), new("c", "#c"), new("d", "#d")] }),
                Problems.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "capacity for 29 services",
                p => Staging(p, e => e with { Services = new(29, 2) }),
                Problems.TooFewServices,
                "applications[staging].services.count"
            ),
            new(
                "services that need more pods than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 89 } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.pods"
            ),
            new(
                "services that need more CPU requests than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "8999m" } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "services that need more memory requests than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "11Gi" } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "services that need more CPU limits than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { LimitsCpu = "44" } }),
                Problems.ServicesDoNotFit,
                "applications[staging].quota.limitsCpu"
            ),
            new(
                "load balancer quota in an application environment",
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
                "unknown database plan",
                p => Store(p, s => s with { Type = "db.t3" }),
                Problems.UnknownDatabasePlan,
                "applications[staging].dataStore.type"
            ),
            new(
                "two database nodes on a shared plan",
                p => Store(p, s => s with { Type = "g6-standard-2", Nodes = 2 }),
                Problems.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "four database nodes",
                p => Store(p, s => s with { Nodes = 4 }),
                Problems.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "maintenance day 8",
                p => Store(p, s => s with { MaintenanceDay = 8 }),
                Problems.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceDay"
            ),
            new(
                "maintenance hour 24",
                p => Store(p, s => s with { MaintenanceHour = 24 }),
                Problems.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceHour"
            ),
            new(
                "private database on the standard tier",
                Standard,
                Problems.PrivateDatabaseOnStandard,
                "applications[staging].dataStore"
            ),
        ];

    private static IEnumerable<BrokenInventory> Security() =>
        [
            new(
                "pod security level baseline without a reason",
                p => Staging(p, e => e with { PodSecurity = PodSecurityLevel.Baseline }),
                Problems.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "pod security reason without a lower level",
                p => Staging(p, e => e with { PodSecurityReason = "Once." }),
                Problems.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "environment with one secret",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0]] }),
                Problems.TooFewSecrets,
                "applications[staging].secrets"
            ),
            new(
                "secret without keys",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("empty", [], 90)] }),
                Problems.SecretKeys,
                "applications[staging].secrets[empty].keys"
            ),
            new(
                "secret key with a space",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("spaced", ["pass word"], 90)] }),
                Problems.SecretKeys,
                "applications[staging].secrets[spaced].keys"
            ),
            new(
                "secret without rotation",
                p => Staging(p, e => e with { Secrets = [e.Secrets[0], new("old", ["password"], 0)] }),
                Problems.SecretRotation,
                "applications[staging].secrets[old].rotateAfterDays"
            ),
            new(
                "more application environments than the isolation probe supports",
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
                "exposed system environment",
                p => p with { System = p.System with { Exposure = new("ops") } },
                Problems.SystemExposed,
                "system.exposure"
            ),
            new(
                "grant of the break-glass profile",
                p => Staging(p, e => e with { Access = [new("jane-doe", Profile.PlatformAdmin)] }),
                Problems.PlatformAdminGranted,
                "applications[staging].access[jane-doe].profile"
            ),
            .. new[] { Profile.Developer, Profile.Operator, Profile.Deployer }.Select(profile => new BrokenInventory(
                $"grant of {profile} in the system environment",
                p => p with { System = p.System with { Access = [new("jane-doe", profile)] } },
                Problems.SystemGrant,
                "system.access[jane-doe].profile"
            )),
            new(
                "grant for an unknown team",
                p => Staging(p, e => e with { Access = [new("jane-doe", Profile.Viewer) { Teams = ["shop"] }] }),
                Problems.UnknownTeam,
                "applications[staging].access[jane-doe].teams"
            ),
            .. new[] { "default", "break-glass", "plan-staging", "apply-anything" }.Select(name => new BrokenInventory(
                $"grant for the reserved account {name}",
                p => Staging(p, e => e with { Access = [new(name, Profile.Viewer)] }),
                Problems.ReservedAccount,
                $"applications[staging].access[{name}].name"
            )),
        ];

    private static IEnumerable<BrokenInventory> Operations() =>
        [
            new(
                "environment without an alert route",
                p => Staging(p, e => e with { AlertRoutes = [] }),
                Problems.NoAlertRoute,
                "applications[staging].alertRoutes"
            ),
            new(
                "environment without an alert route for warnings",
                p => Staging(p, e => e with { AlertRoutes = [new("#a", [Severity.Critical])] }),
                Problems.SeverityUncovered,
                "applications[staging].alertRoutes"
            ),
            new(
                "CPU threshold in percent instead of a share",
                p => Staging(p, e => e with { Thresholds = new() { CpuShare = 85 } }),
                Problems.Threshold,
                "applications[staging].thresholds.cpuShare"
            ),
            new(
                "request success threshold of 1",
                p => Staging(p, e => e with { Thresholds = new() { RequestSuccess = 1 } }),
                Problems.Threshold,
                "applications[staging].thresholds.requestSuccess"
            ),
            new("budget of 0", p => Staging(p, e => e with { Budget = new(0) }), Problems.Budget, "applications[staging].budget"),
            new(
                "off-hours schedule with four fields",
                p => Staging(p, e => e with { OffHours = new("Europe/Berlin", "0 20 * *", "0 7 * * 1-5") }),
                Problems.InvalidCron,
                "applications[staging].offHours.scaleDown"
            ),
            new(
                "abbreviation instead of a time zone name",
                p => Staging(p, e => e with { OffHours = new("CEST", "0 20 * * 1-5", "0 7 * * 1-5") }),
                Problems.UnknownTimeZone,
                "applications[staging].offHours.timeZone"
            ),
            new(
                "log retention of 0 days",
                p => Staging(p, e => e with { Retention = e.Retention with { LogsDays = 0 } }),
                Problems.RetentionDays,
                "applications[staging].retention.logsDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> NetworkRules() =>
        [
            new("empty list of metrics ports", p => p with { MetricsPorts = [] }, Problems.InvalidPorts, "metricsPorts"),
            new(
                "talksWith entry for an unknown team",
                p => Staging(p, e => e with { Teams = [new("shop", "#shop") { TalksWith = ["bank"] }] }),
                Problems.UnknownNeighbour,
                "applications[staging].teams[shop].talksWith"
            ),
            new(
                "destination without an address range",
                p => Destination(p, d => d with { Ranges = [] }),
                Problems.InvalidRange,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "destination with all IPv4 addresses",
                p => Destination(p, d => d with { Ranges = ["0.0.0.0/0"] }),
                Problems.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "destination with half of all IPv6 addresses",
                p => Destination(p, d => d with { Ranges = ["::/1"] }),
                Problems.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "destination in the database subnet of another environment",
                p => Destination(p, d => d with { Ranges = ["10.64.18.0/24"] }),
                Problems.NotPublic,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "destination with port 0",
                p => Destination(p, d => d with { Ports = [0] }),
                Problems.InvalidPorts,
                "applications[staging].destinations[payments].ports"
            ),
            new(
                "destination without a reason",
                p => Destination(p, d => d with { Reason = " " }),
                Problems.MissingText,
                "applications[staging].destinations[payments].reason"
            ),
            new(
                "same destination twice",
                p => Staging(p, e => e with { Destinations = [s_payments, s_payments] }),
                Problems.DuplicateName,
                "applications[staging].destinations[payments].name"
            ),
            new(
                "API server access without a reason",
                p => Staging(p, e => e with { ApiServerReason = "" }),
                Problems.MissingText,
                "applications[staging].apiServerReason"
            ),
        ];

    private static IEnumerable<BrokenInventory> Overrides() =>
        [
            Override("without an approver", one => one with { Approvers = [] }, Problems.NotApproved, "approvers"),
            Override("with a blank approver name", one => one with { Approvers = [" "] }, Problems.NotApproved, "approvers"),
            Override(
                "approved by its requester",
                one => one with { Approvers = ["grace", "ADA"] },
                Problems.OwnApproval,
                "approvers"
            ),
            Override(
                "approved by its requester, with a space after the name",
                one => one with { Approvers = ["grace", "ada "] },
                Problems.OwnApproval,
                "approvers"
            ),
            Override(
                "between environments with one approver twice, with a space before the name",
                one => one with { Approvers = ["grace", " grace"] },
                Problems.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments with one approver",
                one => one with { Approvers = ["grace"] },
                Problems.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments with one approver twice, in different case",
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
            Override("without a reason", one => one with { Reason = "" }, Problems.MissingText, "reason"),
            Override("without a ticket", one => one with { Ticket = "" }, Problems.MissingText, "ticket"),
            Override("without a requester", one => one with { RequestedBy = "" }, Problems.MissingText, "requestedBy"),
            Override(
                "to an unknown namespace",
                one => Opening(one, pods => pods with { To = pods.To with { Namespace = "stagin" } }),
                Problems.UnknownNamespace,
                "opens.to.namespace"
            ),
            Override(
                "from a whole namespace",
                one => Opening(one, pods => pods with { From = pods.From with { Pods = new Dictionary<string, string>() } }),
                Problems.OverridePods,
                "opens.from.pods"
            ),
            Override(
                "within one namespace",
                one => Opening(one, pods => pods with { To = pods.From }),
                Problems.OverrideInside,
                "opens.to.namespace"
            ),
            Override(
                "without a port",
                one => Opening(one, pods => pods with { Ports = [] }),
                Problems.InvalidPorts,
                "opens.ports"
            ),
            Override(
                "with a port range in reverse order",
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
                "to the database subnet of another environment",
                one => one with { Opens = new Opening.Outside(SampleOverrides.Reports, "10.64.18.0/24", [new(443)]) },
                Problems.NotPublic,
                "opens.to"
            ),
            Override(
                "that opens the nodes to all addresses",
                one => one with { Opens = new Opening.Nodes("0.0.0.0/0", [new(22)]) },
                Problems.RangeTooWide,
                "opens.from"
            ),
            Override(
                "that opens the nodes for two protocols",
                one => one with { Opens = new Opening.Nodes("198.51.100.0/24", [new(53), new(53, null, PortProtocol.Udp)]) },
                Problems.InvalidPorts,
                "opens.ports"
            ),
            Override(
                "that opens the control plane to all addresses",
                one => one with { Opens = new Opening.ControlPlane("::/0") },
                Problems.RangeTooWide,
                "opens.from"
            ),
            Override(
                "that opens the control plane to an address without a prefix length",
                one => one with { Opens = new Opening.ControlPlane("203.0.113.64") },
                Problems.InvalidRange,
                "opens.from"
            ),
            Override("given twice", one => one, Problems.DuplicateName, "name", times: 2),
            new(
                "override name too long for a firewall rule",
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
            $"override {name}",
            p => p with { Overrides = [.. Enumerable.Repeat(change(SampleOverrides.Pods), times)] },
            kind,
            $"overrides[report-import].{place}"
        );

    private static NetworkOverride Opening(NetworkOverride one, Func<Opening.Pods, Opening.Pods> change) =>
        one with
        {
            Opens = change((Opening.Pods)one.Opens),
        };

    private static readonly OutsideDestination s_payments = new("payments", "Card payments.", ["198.51.100.0/24"], [443]);

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
