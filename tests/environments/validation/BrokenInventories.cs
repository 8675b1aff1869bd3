using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Validation;

/// <summary>One inventory with a defect.</summary>
/// <param name="Name">The defect, as the test log shows it.</param>
/// <param name="Break">Adds the defect to the shipped inventory.</param>
/// <param name="Kind">The problem that the check must report.</param>
/// <param name="Path">The path of the defect in the inventory.</param>
public sealed record BrokenInventory(string Name, Func<PlatformSpec, PlatformSpec> Break, ProblemKind Kind, string Path)
{
    /// <summary>The needs of the shared services.</summary>
    public SharedServiceNeeds Services { get; init; } = SharedServiceNeeds.None;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Code} {Name}";
}

/// <summary>
/// The shipped inventory with one defect at a time: at least one for each problem code that does not depend on the current day,
/// and several for rules with several limits.
/// </summary>
internal static class BrokenInventories
{
    // Ranges that no other machine has as its own.
    private static readonly (string Text, string Use)[] s_special =
    [
        ("0.0.0.0/32", "the unspecified address"),
        ("127.0.0.0/24", "loopback addresses"),
        ("169.254.169.254/32", "the metadata service"),
        ("224.0.0.0/24", "multicast addresses"),
        ("255.255.255.255/32", "the broadcast address"),
        ("::1/128", "the IPv6 loopback address"),
        ("::10.64.18.0/120", "an IPv4-compatible range"),
        ("64:ff9b::a40:1200/120", "a translated private range"),
        ("64:ff9b:1::/64", "a translated range of one's own"),
        ("2001:0:a40:1200::/64", "a Teredo range"),
        ("2002:a40:1200::/48", "a 6to4 range"),
        ("fe80::/64", "IPv6 link-local addresses"),
        ("ff02::/64", "IPv6 multicast addresses"),
    ];

    private static readonly string[] s_ofOneMachine = ["::ffff:10.64.18.0/120", "::ffff:203.0.113.0/120", "fe80::%1/64"];

    public static IReadOnlyList<BrokenInventory> All { get; } =
    [
        .. Names(),
        .. Contacts(),
        .. Addresses(),
        .. Cluster(),
        .. RegionsAndStorage(),
        .. Capacity(),
        .. SharedServices(),
        .. DataStores(),
        .. Security(),
        .. Operations(),
        .. NetworkRules(),
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
                "team name that is not a DNS label",
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
                "project name too long for the cluster label",
                p => p with { Project = new string('p', 25) },
                ProblemCatalog.NameLength,
                "project"
            ),
            new(
                "environment name too long for the database label",
                p => Staging(p, e => e with { Name = "pre-production-acceptance" }),
                ProblemCatalog.NameLength,
                "applications[pre-production-acceptance].name"
            ),
            new(
                "pool name of 16 characters",
                p => Pool(p, "build", pool => pool with { Name = "build-and-test-1" }),
                ProblemCatalog.NameLength,
                "pools[build-and-test-1].name"
            ),
            new(
                "bucket name of 2 characters",
                p => p with { State = p.State with { Bucket = "tf" } },
                ProblemCatalog.NameLength,
                "state.bucket"
            ),
            new("owner too long for a tag", p => p with { Owner = new string('o', 45) }, ProblemCatalog.NameLength, "owner"),
            new(
                "environment with the name of a stack",
                p => Staging(p, e => e with { Name = "core" }),
                ProblemCatalog.ReservedName,
                "applications[core].name"
            ),
            new(
                "environment with a name reserved by Kubernetes",
                p => Staging(p, e => e with { Name = "kube-system" }),
                ProblemCatalog.ReservedName,
                "applications[kube-system].name"
            ),
            new(
                "environment with the name of the agents' namespace",
                p => Staging(p, e => e with { Name = "system-agents" }),
                ProblemCatalog.ReservedName,
                "applications[system-agents].name"
            ),
            new(
                "team namespace with a name reserved by Kubernetes",
                p => Staging(p, e => e with { Name = "kube", Teams = [new("public", "#public")] }),
                ProblemCatalog.ReservedName,
                "applications[kube].teams[public].name"
            ),
            new(
                "environment that starts with a digit",
                p => Staging(p, e => e with { Name = "2nd" }),
                ProblemCatalog.LeadingDigit,
                "applications[2nd].name"
            ),
            new(
                "Secret that starts with a digit",
                p => Secrets(p, secrets => [.. secrets, new("2nd-factor", ["seed"])]),
                ProblemCatalog.LeadingDigit,
                "system.secrets[2nd-factor].name"
            ),
            .. new[] { "read", "write" }.Select(purpose => new BrokenInventory(
                $"bucket with the name of the {purpose} key",
                p => Staging(p, e => e with { Buckets = [.. e.Buckets, new(purpose)] }),
                ProblemCatalog.ReservedName,
                $"applications[staging].buckets[{purpose}].purpose"
            )),
            new(
                "environment name too long for the uid of its dashboard",
                p => Staging(p, e => e with { Name = "pre-production-acceptance-3", DataStore = null, Buckets = [] }),
                ProblemCatalog.NameLength,
                "applications[pre-production-acceptance-3].name"
            ),
            new(
                "two pools with the same name",
                p => Pool(p, "build", pool => pool with { Name = "system" }),
                ProblemCatalog.DuplicateName,
                "pools[system].name"
            ),
            new(
                "same environment twice",
                p => p with { Applications = [.. p.Applications, InfraCdktf.Environments.Development.Environment] },
                ProblemCatalog.DuplicateName,
                "applications[development].name"
            ),
            new(
                "application environment named system",
                p => Staging(p, e => e with { Name = "system" }),
                ProblemCatalog.DuplicateName,
                "applications[system].name"
            ),
            new(
                "two buckets with the same purpose",
                p => Staging(p, e => e with { Buckets = [.. e.Buckets, new("media")] }),
                ProblemCatalog.DuplicateName,
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
                                    new(WorkloadRule.PinnedImages, EnforcementMode.Warn, "A vendor's image."),
                                    new(WorkloadRule.PinnedImages, EnforcementMode.Off, "A vendor's image."),
                                ],
                            }
                    ),
                ProblemCatalog.DuplicateName,
                "applications[staging].admissionExceptions[PinnedImages].rule"
            ),
            new(
                "two environments with the same subdomain",
                p => Staging(p, e => e with { Exposure = new("dev") }),
                ProblemCatalog.DuplicateName,
                "applications[staging].exposure.subdomain"
            ),
            new(
                "team namespace with the name of another environment",
                p => Development(Staging(p, e => e with { Name = "development-qa" }), e => e with { Teams = [new("qa", "#qa")] }),
                ProblemCatalog.NameCollision,
                "applications[development-qa].name"
            ),
            new(
                "same bucket for live state and archive",
                p => p with { State = p.State with { ArchiveBucket = p.State.Bucket } },
                ProblemCatalog.NameCollision,
                "state.archiveBucket"
            ),
            new(
                "subnet label with two hyphens in a row",
                p => Staging(p, e => e with { Name = "pre--prod" }),
                ProblemCatalog.DoubleHyphen,
                "applications[pre--prod].name"
            ),
            new(
                "team namespace with the name of the access namespace",
                p => Staging(p, e => e with { Teams = [new("access", "#access")] }),
                ProblemCatalog.NameCollision,
                "applications[staging].teams[access].name"
            ),
        ];

    private static IEnumerable<BrokenInventory> Contacts() =>
        [
            new(
                "environment without a purpose",
                p => Staging(p, e => e with { Purpose = " " }),
                ProblemCatalog.MissingText,
                "applications[staging].purpose"
            ),
            new(
                "admission exception without a reason",
                p =>
                    Staging(p, e => e with { AdmissionExceptions = [new(WorkloadRule.PinnedImages, EnforcementMode.Warn, " ")] }),
                ProblemCatalog.MissingText,
                "applications[staging].admissionExceptions[PinnedImages].reason"
            ),
            new(
                "allow-list entry without a reason",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.0/28", "")] },
                ProblemCatalog.MissingText,
                "controlPlaneAccess[vpn].reason"
            ),
            new(
                "e-mail address without a domain",
                p => p with { Contacts = p.Contacts with { Team = "platform@" } },
                ProblemCatalog.InvalidEmail,
                "contacts.team"
            ),
            new(
                "channel without #",
                p => p with { Contacts = p.Contacts with { Channel = "platform" } },
                ProblemCatalog.InvalidChannel,
                "contacts.channel"
            ),
            new(
                "alert route to a channel with a space",
                p => Staging(p, e => e with { AlertRoutes = [new("#the channel", [Severity.Critical, Severity.Warning])] }),
                ProblemCatalog.InvalidChannel,
                "applications[staging].alertRoutes[#the channel].channel"
            ),
            new(
                "repository URL without TLS",
                p => p with { Repository = "http://github.com/example/infra" },
                ProblemCatalog.InvalidRepository,
                "repository"
            ),
            new(
                "repository URL with a trailing slash",
                p => p with { Repository = "https://github.com/example/infra/" },
                ProblemCatalog.InvalidRepository,
                "repository"
            ),
            new("DNS zone with one label", p => p with { DnsZone = "localhost" }, ProblemCatalog.InvalidDnsZone, "dnsZone"),
            new(
                "DNS zone with a trailing dot",
                p => p with { DnsZone = "example.com." },
                ProblemCatalog.InvalidDnsZone,
                "dnsZone"
            ),
            new(
                "DNS zone too long for the host names of services",
                p => p with { DnsZone = string.Join('.', Enumerable.Repeat(new string('z', 60), 4))[..200] },
                ProblemCatalog.InvalidDnsZone,
                "dnsZone"
            ),
        ];

    private static IEnumerable<BrokenInventory> Addresses() =>
        [
            new(
                "VPC without a prefix length",
                p => p with { Addresses = p.Addresses with { Vpc = "10.64.0.0" } },
                ProblemCatalog.InvalidRange,
                "addresses.vpc"
            ),
            new(
                "subnet with host bits",
                p => Store(p, s => s with { Subnet = "10.64.17.1/24" }),
                ProblemCatalog.InvalidRange,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "allow-list entry without a prefix length",
                p => p with { ControlPlaneAccess = [new("vpn", "203.0.113.7", "Engineers.")] },
                ProblemCatalog.InvalidRange,
                "controlPlaneAccess[vpn].range"
            ),
            new(
                "node range with public addresses",
                p => p with { Addresses = new("203.0.0.0/16", "203.0.0.0/20") },
                ProblemCatalog.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "node range with IPv6 addresses",
                p => p with { Addresses = p.Addresses with { Nodes = "2001:db8::/64" } },
                ProblemCatalog.NotPrivate,
                "addresses.nodes"
            ),
            new(
                "database subnet inside the node range",
                p => Store(p, s => s with { Subnet = "10.64.1.0/24" }),
                ProblemCatalog.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "database subnet inside another database subnet",
                p => Store(p, s => s with { Subnet = "10.64.16.128/25" }),
                ProblemCatalog.RangesOverlap,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "database subnet outside the VPC",
                p => Store(p, s => s with { Subnet = "10.65.0.0/24" }),
                ProblemCatalog.OutsideVpc,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "node range inside LKE's pod range",
                p => p with { Addresses = new("10.2.0.0/16", "10.2.0.0/20") },
                ProblemCatalog.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "VPC that contains LKE's service range",
                p => p with { Addresses = new("10.128.0.0/9", "10.200.0.0/20") },
                ProblemCatalog.ReservedRange,
                "addresses.vpc"
            ),
            new(
                "node range inside Linode's private network",
                p => p with { Addresses = new("192.168.0.0/16", "192.168.128.0/20") },
                ProblemCatalog.ReservedRange,
                "addresses.nodes"
            ),
            new(
                "database subnet with two addresses",
                p => Store(p, s => s with { Subnet = "10.64.17.0/31" }),
                ProblemCatalog.SubnetPrefix,
                "applications[staging].dataStore.subnet"
            ),
            new(
                "node range with 16 addresses",
                p => p with { Addresses = p.Addresses with { Nodes = "10.64.0.0/28" } },
                ProblemCatalog.SubnetTooSmall,
                "addresses.nodes"
            ),
            new(
                "allow-list with all IPv4 addresses",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "0.0.0.0/0", "Convenience.")] },
                ProblemCatalog.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            new(
                "allow-list with all IPv6 addresses",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("all", "::/0", "Convenience.")] },
                ProblemCatalog.OpenControlPlane,
                "controlPlaneAccess[all].range"
            ),
            .. s_special.Select(range => new BrokenInventory(
                $"allow-list with {range.Use}",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("special", range.Text, "Convenience.")] },
                ProblemCatalog.SpecialRange,
                "controlPlaneAccess[special].range"
            )),
            .. s_ofOneMachine.Select(text => new BrokenInventory(
                $"allow-list with {text}",
                p => p with { ControlPlaneAccess = [.. p.ControlPlaneAccess, new("special", text, "Convenience.")] },
                ProblemCatalog.InvalidRange,
                "controlPlaneAccess[special].range"
            )),
            new(
                "empty allow-list",
                p => p with { ControlPlaneAccess = [] },
                ProblemCatalog.NoControlPlaneAccess,
                "controlPlaneAccess"
            ),
        ];

    private static IEnumerable<BrokenInventory> Cluster() =>
        [
            new(
                "pool with a minimum of 0 nodes",
                p => Pool(p, "build", pool => pool with { MinNodes = 0 }),
                ProblemCatalog.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "pool with a maximum of 11 nodes",
                p => Pool(p, "build", pool => pool with { MaxNodes = 11 }),
                ProblemCatalog.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "pool with a minimum above its maximum",
                p => Pool(p, "build", pool => pool with { MinNodes = 5, MaxNodes = 4 }),
                ProblemCatalog.PoolSize,
                "pools[build].minNodes"
            ),
            new(
                "taints on every pool",
                p => Pool(p, "application", pool => pool with { Taints = [new("dedicated", "application", "NoSchedule")] }),
                ProblemCatalog.NoGeneralPool,
                "pools"
            ),
            new("inventory without a pool", p => p with { Pools = [] }, ProblemCatalog.NoGeneralPool, "pools"),
            new(
                "pool with an unknown plan",
                p => Pool(p, "build", pool => pool with { Type = "m5.large" }),
                ProblemCatalog.UnknownPlan,
                "pools[build].type"
            ),
            new(
                "environment on an unknown pool",
                p => Staging(p, e => e with { Pool = "applications" }),
                ProblemCatalog.UnknownPool,
                "applications[staging].pool"
            ),
            new(
                "short Kubernetes version on the enterprise tier",
                p => p with { KubernetesVersion = "1.34" },
                ProblemCatalog.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "exact Kubernetes version on the standard tier",
                p => Standard(p) with { KubernetesVersion = "v1.34.6+lke2" },
                ProblemCatalog.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "Kubernetes version before 1.30",
                p => p with { KubernetesVersion = "v1.29.9+lke1" },
                ProblemCatalog.KubernetesVersion,
                "kubernetesVersion"
            ),
            new(
                "enterprise tier without high availability",
                p => p with { HighAvailability = false },
                ProblemCatalog.HighAvailability,
                "highAvailability"
            ),
            new(
                "two taints with the same key and effect",
                p => Pool(p, "build", pool => pool with { Taints = [new("a", "b", "NoSchedule"), new("a", "c", "NoSchedule")] }),
                ProblemCatalog.InvalidTaint,
                "pools[build].taints[a]"
            ),
            new(
                "taint with an unknown effect",
                p => Pool(p, "build", pool => pool with { Taints = [new("dedicated", "build", "NoRun")] }),
                ProblemCatalog.InvalidTaint,
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
                ProblemCatalog.InvalidNodeLabel,
                "pools[build].labels[node.kubernetes.io/role]"
            ),
            new(
                "node label value with a space",
                p => Pool(p, "build", pool => pool with { Labels = new Dictionary<string, string> { ["use"] = "to build" } }),
                ProblemCatalog.InvalidNodeLabel,
                "pools[build].labels[use]"
            ),
        ];

    private static IEnumerable<BrokenInventory> RegionsAndStorage() =>
        [
            new("unknown region", p => p with { Region = "us-east-1" }, ProblemCatalog.UnknownRegion, "region"),
            new("region without LKE Enterprise", p => p with { Region = "au-mel" }, ProblemCatalog.MissingCapability, "region"),
            new(
                "legacy state endpoint",
                p => p with { State = p.State with { Endpoint = "us-ord-1.linodeobjects.com" } },
                ProblemCatalog.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "state endpoint of another region",
                p => p with { State = p.State with { Endpoint = "us-sea-9.linodeobjects.com" } },
                ProblemCatalog.StateEndpoint,
                "state.endpoint"
            ),
            new(
                "retention of 29 state versions",
                p => p with { State = p.State with { Versions = 29 } },
                ProblemCatalog.StateVersions,
                "state.versions"
            ),
            new(
                "audit retention of more days than the calendar has",
                p => p with { State = p.State with { AuditDays = 3_000_000 } },
                ProblemCatalog.AuditDays,
                "state.auditDays"
            ),
            new(
                "audit retention of 89 days",
                p => p with { State = p.State with { AuditDays = 89 } },
                ProblemCatalog.AuditDays,
                "state.auditDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> Capacity() =>
        [
            new(
                "memory without a unit",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestMemory = "128", LimitMemory = "256" } }),
                ProblemCatalog.MemoryUnit,
                "applications[staging].containers.limitMemory"
            ),
            new(
                "local disk without a unit",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestDisk = "1", LimitDisk = "2" } }),
                ProblemCatalog.MemoryUnit,
                "applications[staging].containers.limitDisk"
            ),
            new(
                "storage without a unit",
                p => Staging(p, e => e with { Quota = e.Quota with { Storage = "400" } }),
                ProblemCatalog.MemoryUnit,
                "applications[staging].quota.storage"
            ),
            new(
                "memory in thousandths of a byte",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestMemory = "512m" } }),
                ProblemCatalog.MemoryUnit,
                "applications[staging].containers.requestMemory"
            ),
            new(
                "quota of memory in micro-bytes",
                p => Staging(p, e => e with { Quota = e.Quota with { LimitsMemory = "99999999999999999u" } }),
                ProblemCatalog.MemoryUnit,
                "applications[staging].quota.limitsMemory"
            ),
            new(
                "storage with half a byte",
                p => Staging(p, e => e with { Quota = e.Quota with { Storage = "1000.5" } }),
                ProblemCatalog.MemoryUnit,
                "applications[staging].quota.storage"
            ),
            new(
                "CPU limit below the kernel's smallest share",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestCpu = "1m", LimitCpu = "9m" } }),
                ProblemCatalog.CpuTooSmall,
                "applications[staging].containers.limitCpu"
            ),
            new(
                "memory quantity with an unknown unit",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "24GB" } }),
                ProblemCatalog.InvalidQuantity,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "quota above Kubernetes' largest number",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "8Ei" } }),
                ProblemCatalog.InvalidQuantity,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "system environment without a load balancer",
                p => p with { System = p.System with { LoadBalancers = 0 } },
                ProblemCatalog.NotPositive,
                "system.loadBalancers"
            ),
            new(
                "quota of 0 pods",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 0 } }),
                ProblemCatalog.NotPositive,
                "applications[staging].quota.pods"
            ),
            new(
                "default CPU request of 0",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestCpu = "0" } }),
                ProblemCatalog.NotPositive,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "default memory request above the default limit",
                p => Staging(p, e => e with { Containers = e.Containers with { RequestMemory = "512Mi" } }),
                ProblemCatalog.DefaultsOutOfOrder,
                "applications[staging].containers.requestMemory"
            ),
            new(
                "container CPU maximum above the quota",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "50" } }),
                ProblemCatalog.DefaultsOutOfOrder,
                "applications[staging].containers.requestCpu"
            ),
            new(
                "CPU requests above CPU limits in the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "49" } }),
                ProblemCatalog.RequestsAboveLimits,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "container memory maximum above the memory of a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxMemory = "16Gi" } }),
                ProblemCatalog.LargerThanNode,
                "applications[staging].containers.maxMemory"
            ),
            new(
                "container CPU maximum equal to the CPUs of a node",
                p => Staging(p, e => e with { Containers = e.Containers with { MaxCpu = "8" } }),
                ProblemCatalog.LargerThanNode,
                "applications[staging].containers.maxCpu"
            ),
            new(
                "quotas above the capacity of the pool",
                p => Pool(p, "application", pool => pool with { MaxNodes = 5 }),
                ProblemCatalog.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "quotas of four team namespaces above the capacity of the pool",
                p => Staging(p, e => e with { Teams = [new("a", "#a"), new("b", "#b"), new("c", "#c"), new("d", "#d")] }),
                ProblemCatalog.QuotasExceedPool,
                "pools[application].maxNodes"
            ),
            new(
                "capacity for 29 services",
                p => Staging(p, e => e with { Services = new(29, 2) }),
                ProblemCatalog.TooFewServices,
                "applications[staging].services.count"
            ),
            new(
                "services that need more pods than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { Pods = 89 } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.pods"
            ),
            new(
                "services that need more CPU requests than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsCpu = "8999m" } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.requestsCpu"
            ),
            new(
                "services that need more memory requests than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { RequestsMemory = "11Gi" } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.requestsMemory"
            ),
            new(
                "services that need more CPU limits than the quota",
                p => Staging(p, e => e with { Quota = e.Quota with { LimitsCpu = "44" } }),
                ProblemCatalog.ServicesDoNotFit,
                "applications[staging].quota.limitsCpu"
            ),
        ];

    private static IEnumerable<BrokenInventory> SharedServices() =>
        [
            Shared("Deployment that needs more pods than the quota", "quota.pods", gateway => gateway with { Replicas = 150 }),
            Shared(
                "Deployment whose update needs more CPU requests than the quota",
                "quota.requestsCpu",
                gateway => gateway with { Replicas = 2, Requests = new("5", "1Gi") }
            ),
            Shared(
                "StatefulSet that needs more memory requests than the quota",
                "quota.requestsMemory",
                gateway => gateway with { Kind = WorkloadKind.StatefulSet, Replicas = 4, Requests = new("100m", "8Gi") }
            ),
            Shared(
                "DaemonSet that needs more CPU limits than the quota on all nodes",
                "quota.limitsCpu",
                gateway => gateway with { Kind = WorkloadKind.DaemonSet, Limits = new("2500m", "128Mi") }
            ),
            Shared(
                "DaemonSet that needs more memory limits than the quota on one pool",
                "quota.limitsMemory",
                gateway => gateway with { Kind = WorkloadKind.DaemonSet, Pool = "application", Limits = new("100m", "6Gi") }
            ),
            Shared(
                "StatefulSet that needs more memory than the pool at its smallest size",
                "pools[system].minNodes",
                gateway => gateway with { Kind = WorkloadKind.StatefulSet, Requests = new("100m", "9Gi") },
                ProblemCatalog.SharedServicesExceedPool,
                p => Pool(p, "system", pool => pool with { MinNodes = 1 })
            ),
            Shared(
                "pod that is larger than a node",
                "pools[system].type",
                gateway => gateway with { Replicas = 1, Requests = new("7900m", "1Gi") },
                ProblemCatalog.SharedServicesExceedPool
            ),
        ];

    private static BrokenInventory Shared(string name, string property, Func<Workload, Workload> change) =>
        Shared(name, $"system.{property}", change, ProblemCatalog.SharedServicesExceedQuota);

    private static BrokenInventory Shared(
        string name,
        string path,
        Func<Workload, Workload> change,
        ProblemKind kind,
        Func<PlatformSpec, PlatformSpec>? breaks = null
    ) =>
        new($"shared service with a {name}", breaks ?? (platform => platform), kind, path)
        {
            Services = new([SampleWorkloads.Agent, change(SampleWorkloads.Gateway)], []),
        };

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
                "unknown database plan",
                p => Store(p, s => s with { Type = "db.t3" }),
                ProblemCatalog.UnknownDatabasePlan,
                "applications[staging].dataStore.type"
            ),
            new(
                "two database nodes on a shared plan",
                p => Store(p, s => s with { Type = "g6-standard-2", Nodes = 2 }),
                ProblemCatalog.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "four database nodes",
                p => Store(p, s => s with { Nodes = 4 }),
                ProblemCatalog.DatabaseNodes,
                "applications[staging].dataStore.nodes"
            ),
            new(
                "maintenance day 8",
                p => Store(p, s => s with { MaintenanceDay = 8 }),
                ProblemCatalog.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceDay"
            ),
            new(
                "maintenance hour 24",
                p => Store(p, s => s with { MaintenanceHour = 24 }),
                ProblemCatalog.MaintenanceWindow,
                "applications[staging].dataStore.maintenanceHour"
            ),
            new(
                "private database on the standard tier",
                Standard,
                ProblemCatalog.PrivateDatabaseOnStandard,
                "applications[staging].dataStore"
            ),
        ];

    private static IEnumerable<BrokenInventory> Security() =>
        [
            .. new[]
            {
                "https://ghcr.io/example", // a scheme
                "ghcr.io/example/", // nothing after the last slash
                "ghcr.io/example/shop:1.4.2", // an image
                "GHCR.io/example",
                "example", // without a host: it would be a path on docker.io
                "ghcr.io/example'", // the end of a text in the policy
                "registry.example.com:99999", // no such port
                "registry.example.com:65536/team",
                "registry.example.com:0",
                "registry.example.com:0443", // the image's name has 443
                "-ghcr.io",
                "ghcr-.io/example",
                "",
            }.Select(registry => new BrokenInventory(
                $"image registry '{registry}'",
                p => Staging(p, e => e with { ImageRegistries = [registry] }),
                ProblemCatalog.ImageRegistry,
                $"applications[staging].imageRegistries[{registry}]"
            )),
            new(
                "environment without an image registry",
                p => Staging(p, e => e with { ImageRegistries = [] }),
                ProblemCatalog.ImageRegistry,
                "applications[staging].imageRegistries"
            ),
            new(
                "image registry given twice",
                p => Staging(p, e => e with { ImageRegistries = ["ghcr.io", "ghcr.io"] }),
                ProblemCatalog.DuplicateName,
                "applications[staging].imageRegistries[ghcr.io]"
            ),
            new(
                "pod security level baseline without a reason",
                p => Staging(p, e => e with { PodSecurity = PodSecurityLevel.Baseline }),
                ProblemCatalog.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "pod security reason without a lower level",
                p => Staging(p, e => e with { PodSecurityReason = "Once." }),
                ProblemCatalog.PodSecurityReason,
                "applications[staging].podSecurityReason"
            ),
            new(
                "system environment with one secret",
                p => Secrets(p, secrets => [secrets[0]]),
                ProblemCatalog.TooFewSecrets,
                "system.secrets"
            ),
            new(
                "secret without keys",
                p => Secrets(p, secrets => [.. secrets, new("empty", [])]),
                ProblemCatalog.SecretKeys,
                "system.secrets[empty].keys"
            ),
            new(
                "secret key that begins with two dots",
                p => Secrets(p, secrets => [.. secrets, new("dotted", ["..data"])]),
                ProblemCatalog.SecretKeys,
                "system.secrets[dotted].keys"
            ),
            new(
                "secret key with a space",
                p => Secrets(p, secrets => [.. secrets, new("spaced", ["pass word"])]),
                ProblemCatalog.SecretKeys,
                "system.secrets[spaced].keys"
            ),
            new(
                "secret name in upper case",
                p => Secrets(p, secrets => [.. secrets, new("Extra", ["key"])]),
                ProblemCatalog.InvalidName,
                "system.secrets[Extra].name"
            ),
            new(
                "secret given twice",
                p => Secrets(p, secrets => [.. secrets, secrets[0]]),
                ProblemCatalog.DuplicateName,
                "system.secrets[alert-routes].name"
            ),
            new(
                "shared service that needs a missing secret",
                p => Secrets(p, secrets => [secrets[1], new("extra", ["key"])]),
                ProblemCatalog.SharedServiceSecret,
                "system.secrets[alert-routes]"
            )
            {
                Services = new([], [new("alert-routes", ["slack-webhook-url"])]),
            },
            new(
                "shared service that needs a missing key",
                p => p,
                ProblemCatalog.SharedServiceSecret,
                "system.secrets[grafana-admin]"
            )
            {
                Services = new([], [new("grafana-admin", ["admin-user", "token"])]),
            },
            new(
                "more application environments than the isolation probe supports",
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
                "grant of the break-glass profile",
                p => Staging(p, e => e with { Access = [new("jane-doe", AccessProfile.PlatformAdmin)] }),
                ProblemCatalog.PlatformAdminGranted,
                "applications[staging].access[jane-doe].profile"
            ),
            .. new[] { AccessProfile.Developer, AccessProfile.Operator, AccessProfile.Deployer }.Select(
                profile => new BrokenInventory(
                    $"grant of {profile} in the system environment",
                    p => p with { System = p.System with { Access = [new("jane-doe", profile)] } },
                    ProblemCatalog.SystemGrant,
                    "system.access[jane-doe].profile"
                )
            ),
            new(
                "grant for an unknown team",
                p => Staging(p, e => e with { Access = [new("jane-doe", AccessProfile.Viewer) { Teams = ["shop"] }] }),
                ProblemCatalog.UnknownTeam,
                "applications[staging].access[jane-doe].teams"
            ),
            .. new[] { "default", "break-glass", "plan-staging", "apply-anything" }.Select(name => new BrokenInventory(
                $"grant for the reserved account {name}",
                p => Staging(p, e => e with { Access = [new(name, AccessProfile.Viewer)] }),
                ProblemCatalog.ReservedAccount,
                $"applications[staging].access[{name}].name"
            )),
        ];

    private static IEnumerable<BrokenInventory> Operations() =>
        [
            new(
                "environment without an alert route",
                p => Staging(p, e => e with { AlertRoutes = [] }),
                ProblemCatalog.NoAlertRoute,
                "applications[staging].alertRoutes"
            ),
            new(
                "environment without an alert route for warnings",
                p => Staging(p, e => e with { AlertRoutes = [new("#a", [Severity.Critical])] }),
                ProblemCatalog.SeverityUncovered,
                "applications[staging].alertRoutes"
            ),
            new(
                "CPU threshold in percent instead of a share",
                p => Staging(p, e => e with { Thresholds = new() { CpuShare = 85 } }),
                ProblemCatalog.Threshold,
                "applications[staging].thresholds.cpuShare"
            ),
            new(
                "request success threshold of 1",
                p => Staging(p, e => e with { Thresholds = new() { RequestSuccess = 1 } }),
                ProblemCatalog.Threshold,
                "applications[staging].thresholds.requestSuccess"
            ),
            new(
                "metrics kept for longer than Prometheus can count",
                p => Staging(p, e => e with { MetricsDays = 200_000 }),
                ProblemCatalog.MetricsDays,
                "applications[staging].metricsDays"
            ),
            new(
                "metrics kept for 0 days",
                p => Staging(p, e => e with { MetricsDays = 0 }),
                ProblemCatalog.MetricsDays,
                "applications[staging].metricsDays"
            ),
        ];

    private static IEnumerable<BrokenInventory> NetworkRules() =>
        [
            new("empty list of metrics ports", p => p with { MetricsPorts = [] }, ProblemCatalog.InvalidPorts, "metricsPorts"),
            new(
                "talksWith entry for an unknown team",
                p => Staging(p, e => e with { Teams = [new("shop", "#shop") { TalksWith = ["bank"] }] }),
                ProblemCatalog.UnknownTeamPeer,
                "applications[staging].teams[shop].talksWith"
            ),
            new(
                "destination without an address range",
                p => Destination(p, d => d with { Ranges = [] }),
                ProblemCatalog.InvalidRange,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "destination with all IPv4 addresses",
                p => Destination(p, d => d with { Ranges = ["0.0.0.0/0"] }),
                ProblemCatalog.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "destination with half of all IPv6 addresses",
                p => Destination(p, d => d with { Ranges = ["::/1"] }),
                ProblemCatalog.RangeTooWide,
                "applications[staging].destinations[payments].ranges"
            ),
            new(
                "destination in the database subnet of another environment",
                p => Destination(p, d => d with { Ranges = ["10.64.18.0/24"] }),
                ProblemCatalog.NotPublic,
                "applications[staging].destinations[payments].ranges"
            ),
            .. s_special.Select(range => new BrokenInventory(
                $"destination with {range.Use}",
                p => Destination(p, d => d with { Ranges = [range.Text] }),
                ProblemCatalog.NotPublic,
                "applications[staging].destinations[payments].ranges"
            )),
            .. s_ofOneMachine.Select(text => new BrokenInventory(
                $"destination with {text}",
                p => Destination(p, d => d with { Ranges = [text] }),
                ProblemCatalog.InvalidRange,
                "applications[staging].destinations[payments].ranges"
            )),
            new(
                "destination with port 0",
                p => Destination(p, d => d with { Ports = [0] }),
                ProblemCatalog.InvalidPorts,
                "applications[staging].destinations[payments].ports"
            ),
            new(
                "destination without a reason",
                p => Destination(p, d => d with { Reason = " " }),
                ProblemCatalog.MissingText,
                "applications[staging].destinations[payments].reason"
            ),
            new(
                "same destination twice",
                p => Staging(p, e => e with { Destinations = [s_payments, s_payments] }),
                ProblemCatalog.DuplicateName,
                "applications[staging].destinations[payments].name"
            ),
            new(
                "API server access without a reason",
                p => Staging(p, e => e with { ApiServerReason = "" }),
                ProblemCatalog.MissingText,
                "applications[staging].apiServerReason"
            ),
        ];

    private static IEnumerable<BrokenInventory> Overrides() =>
        [
            Override("without an approver", one => one with { Approvers = [] }, ProblemCatalog.NotApproved, "approvers"),
            Override(
                "with a blank approver name",
                one => one with { Approvers = [" "] },
                ProblemCatalog.NotApproved,
                "approvers"
            ),
            Override(
                "approved by its requester",
                one => one with { Approvers = ["grace", "ADA"] },
                ProblemCatalog.OwnApproval,
                "approvers"
            ),
            Override(
                "approved by its requester, with a space after the name",
                one => one with { Approvers = ["grace", "ada "] },
                ProblemCatalog.OwnApproval,
                "approvers"
            ),
            Override(
                "between environments with one approver twice, with a space before the name",
                one => one with { Approvers = ["grace", " grace"] },
                ProblemCatalog.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments with one approver",
                one => one with { Approvers = ["grace"] },
                ProblemCatalog.TwoApprovers,
                "approvers"
            ),
            Override(
                "between environments with one approver twice, in different case",
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
            Override(
                "of 91 days",
                one => one with { Expires = one.Opened.AddDays(91) },
                ProblemCatalog.OverrideTooLong,
                "expires"
            ),
            Override("without a reason", one => one with { Reason = "" }, ProblemCatalog.MissingText, "reason"),
            Override("without a ticket", one => one with { Ticket = "" }, ProblemCatalog.MissingText, "ticket"),
            Override("without a requester", one => one with { RequestedBy = "" }, ProblemCatalog.MissingText, "requestedBy"),
            Override(
                "to an unknown namespace",
                one => WithScope(one, pods => pods with { To = pods.To with { Namespace = "stagin" } }),
                ProblemCatalog.UnknownNamespace,
                "scope.to.namespace"
            ),
            Override(
                "from a whole namespace",
                one => WithScope(one, pods => pods with { From = pods.From with { Pods = new Dictionary<string, string>() } }),
                ProblemCatalog.OverridePods,
                "scope.from.pods"
            ),
            Override(
                "within one namespace",
                one => WithScope(one, pods => pods with { To = pods.From }),
                ProblemCatalog.OverrideInside,
                "scope.to.namespace"
            ),
            Override(
                "without a port",
                one => WithScope(one, pods => pods with { Ports = [] }),
                ProblemCatalog.InvalidPorts,
                "scope.ports"
            ),
            Override(
                "with a port range in reverse order",
                one => WithScope(one, pods => pods with { Ports = [new(90, 80)] }),
                ProblemCatalog.InvalidPorts,
                "scope.ports"
            ),
            Override(
                "to all addresses",
                one => one with { Scope = new OverrideScope.Outside(SampleOverrides.Reports, "0.0.0.0/0", [new(443)]) },
                ProblemCatalog.RangeTooWide,
                "scope.to"
            ),
            Override(
                "to the database subnet of another environment",
                one => one with { Scope = new OverrideScope.Outside(SampleOverrides.Reports, "10.64.18.0/24", [new(443)]) },
                ProblemCatalog.NotPublic,
                "scope.to"
            ),
            Override(
                "that opens the nodes to all addresses",
                one => one with { Scope = new OverrideScope.Nodes("0.0.0.0/0", [new(22)]) },
                ProblemCatalog.RangeTooWide,
                "scope.from"
            ),
            Override(
                "that opens the nodes for two protocols",
                one =>
                    one with
                    {
                        Scope = new OverrideScope.Nodes("198.51.100.0/24", [new(53), new(53, null, PortProtocol.Udp)]),
                    },
                ProblemCatalog.InvalidPorts,
                "scope.ports"
            ),
            .. s_special.Select(range =>
                Override(
                    $"that opens the control plane to {range.Use}",
                    one => one with { Scope = new OverrideScope.ControlPlane(range.Text) },
                    ProblemCatalog.SpecialRange,
                    "scope.from"
                )
            ),
            Override(
                "that opens the nodes to translated addresses",
                one => one with { Scope = new OverrideScope.Nodes("64:ff9b::a40:1200/120", [new(22)]) },
                ProblemCatalog.SpecialRange,
                "scope.from"
            ),
            Override(
                "that opens 16 ports of the nodes",
                one =>
                    one with
                    {
                        Scope = new OverrideScope.Nodes(
                            "198.51.100.0/24",
                            [.. Enumerable.Range(1, 8).Select(n => new PortRange(n * 10, n * 10 + 1))]
                        ),
                    },
                ProblemCatalog.FirewallPorts,
                "scope.ports"
            ),
            new(
                "26 rules of the nodes' firewall",
                p =>
                    p with
                    {
                        Overrides =
                        [
                            .. Enumerable.Range(1, 18).Select(n => SampleOverrides.Nodes with { Name = $"scanner-{n}" }),
                        ],
                    },
                ProblemCatalog.FirewallRules,
                "overrides"
            )
            {
                Services = new([], []) { FirewallRules = 8 },
            },
            Override(
                "that opens the control plane to all addresses",
                one => one with { Scope = new OverrideScope.ControlPlane("::/0") },
                ProblemCatalog.RangeTooWide,
                "scope.from"
            ),
            Override(
                "that opens the control plane to an address without a prefix length",
                one => one with { Scope = new OverrideScope.ControlPlane("203.0.113.64") },
                ProblemCatalog.InvalidRange,
                "scope.from"
            ),
            Override("given twice", one => one, ProblemCatalog.DuplicateName, "name", times: 2),
            new(
                "override name too long for a firewall rule",
                p => p with { Overrides = [SampleOverrides.Pods with { Name = "abcdefghijklmnopqrstuvwx" }] },
                ProblemCatalog.NameLength,
                "overrides[abcdefghijklmnopqrstuvwx].name"
            ),
        ];

    private static BrokenInventory Override(
        string name,
        Func<NetworkOverride, NetworkOverride> change,
        ProblemKind kind,
        string property,
        int times = 1
    ) =>
        new(
            $"override {name}",
            p => p with { Overrides = [.. Enumerable.Repeat(change(SampleOverrides.Pods), times)] },
            kind,
            $"overrides[report-import].{property}"
        );

    private static NetworkOverride WithScope(NetworkOverride one, Func<OverrideScope.Pods, OverrideScope.Pods> change) =>
        one with
        {
            Scope = change((OverrideScope.Pods)one.Scope),
        };

    private static readonly OutsideDestination s_payments = new("payments", "Card payments.", ["198.51.100.0/24"], [443]);

    private static PlatformSpec Destination(PlatformSpec platform, Func<OutsideDestination, OutsideDestination> change) =>
        Staging(platform, environment => environment with { Destinations = [change(s_payments)] });

    private static PlatformSpec Standard(PlatformSpec platform) =>
        platform with
        {
            Tier = ClusterTier.Standard,
            KubernetesVersion = "1.34",
        };

    private static PlatformSpec Development(
        PlatformSpec platform,
        Func<ApplicationEnvironmentSpec, ApplicationEnvironmentSpec> change
    ) => Application(platform, "development", change);

    private static PlatformSpec Staging(
        PlatformSpec platform,
        Func<ApplicationEnvironmentSpec, ApplicationEnvironmentSpec> change
    ) => Application(platform, "staging", change);

    private static PlatformSpec Secrets(
        PlatformSpec platform,
        Func<IReadOnlyList<SecretSpec>, IReadOnlyList<SecretSpec>> change
    ) => platform with { System = platform.System with { Secrets = change(platform.System.Secrets) } };

    private static PlatformSpec Store(PlatformSpec platform, Func<DataStore, DataStore> change) =>
        Staging(platform, environment => environment with { DataStore = change(environment.DataStore!) });

    private static PlatformSpec Application(
        PlatformSpec platform,
        string name,
        Func<ApplicationEnvironmentSpec, ApplicationEnvironmentSpec> change
    ) =>
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
