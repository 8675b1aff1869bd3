using System.Reflection;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// The catalogue of all that can be wrong with an inventory, one property for each code. docs/errors.md is the same list for readers (a test
/// compares). Codes: 0xx names and contacts, 1xx addresses, 2xx the cluster, 3xx region and storage, 4xx capacity, 5xx the data store,
/// 6xx security, 7xx operations, 8xx segments and overrides. The rules themselves are in <c>checks/</c>, a file for each subject.
/// </summary>
public static class ProblemCatalog
{
    // 0xx: names and contacts (checks/NameCheck.cs, checks/ContactCheck.cs)

    /// <summary>A name is not a DNS-1123 label.</summary>
    public static ProblemKind InvalidName { get; } =
        new(
            "INF-001",
            "A name is not a DNS-1123 label.",
            "1-63 lower case letters, digits and inner hyphens",
            "Rename it: it becomes part of Kubernetes and Linode names."
        );

    /// <summary>A name that is derived from the inventory does not have the length that Linode or Kubernetes accepts.</summary>
    public static ProblemKind NameLength { get; } =
        new(
            "INF-002",
            "A derived name is too long or too short for what it names.",
            "the length that Linode or Kubernetes accepts",
            "Shorten the project's name or the name at this place; environments/Naming.cs shows what is derived from it."
        );

    /// <summary>A name that belongs to somebody else.</summary>
    public static ProblemKind ReservedName { get; } =
        new(
            "INF-003",
            "A name is reserved.",
            "a name that is not a stack's, not Kubernetes' and not the platform's own",
            "Choose another name: it becomes a stack and a namespace."
        );

    /// <summary>Two entries of one list have the same name.</summary>
    public static ProblemKind DuplicateName { get; } =
        new("INF-004", "A name is given twice.", "each name once in its list", "Rename or remove one of the two.");

    /// <summary>Two places of the inventory give rise to the same name.</summary>
    public static ProblemKind NameCollision { get; } =
        new(
            "INF-005",
            "Two different places give rise to the same name.",
            "names of one kind that differ from each other",
            "Rename one of the two; mind hyphens, which also join the parts of a name."
        );

    /// <summary>Two hyphens in a row, which a VPC's and a subnet's label may not have.</summary>
    public static ProblemKind DoubleHyphen { get; } =
        new(
            "INF-006",
            "A name has two hyphens in a row, which Linode refuses in the labels of VPCs and subnets.",
            "single hyphens",
            "Leave one of them out."
        );

    /// <summary>A sentence that people rely on is missing.</summary>
    public static ProblemKind MissingText { get; } =
        new(
            "INF-007",
            "A text that people rely on is empty.",
            "at least one word",
            "Write the sentence that the next reader needs."
        );

    /// <summary>Not an e-mail address.</summary>
    public static ProblemKind InvalidEmail { get; } =
        new("INF-008", "Not an e-mail address.", "name@example.com", "Give an address that somebody reads.");

    /// <summary>Not a chat channel.</summary>
    public static ProblemKind InvalidChannel { get; } =
        new(
            "INF-009",
            "Not a chat channel.",
            "'#', then 1-80 lower case letters, digits, hyphens and underscores",
            "Write the channel as the chat shows it, with its leading '#'."
        );

    /// <summary>The repository's address cannot be linked to.</summary>
    public static ProblemKind InvalidRepository { get; } =
        new(
            "INF-010",
            "The repository is not an address that alerts can link to.",
            "an absolute https address without query and trailing slash",
            "Copy the address of the repository's start page from the browser."
        );

    /// <summary>The DNS zone is not a domain name.</summary>
    public static ProblemKind InvalidDnsZone { get; } =
        new(
            "INF-011",
            "The DNS zone is not a domain name.",
            "at least two DNS labels joined by dots, lower case, no trailing dot, with room for {service}.{subdomain} before it",
            "Give the zone that is delegated to Linode's name servers."
        );

    // 1xx: addresses (checks/AddressCheck.cs)

    /// <summary>Not a CIDR range.</summary>
    public static ProblemKind InvalidRange { get; } =
        new(
            "INF-101",
            "Not a range in canonical CIDR notation.",
            "address/prefix with no host bit set, such as 10.64.0.0/20 or 2001:db8::/48",
            "Write the range's first address and its prefix length; a single address is /32 or /128."
        );

    /// <summary>Not a private IPv4 range.</summary>
    public static ProblemKind NotPrivate { get; } =
        new(
            "INF-102",
            "Not a private IPv4 range.",
            "IPv4 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 (RFC 1918)",
            "Take a range from the address plan."
        );

    /// <summary>Two subnets overlap.</summary>
    public static ProblemKind RangesOverlap { get; } =
        new(
            "INF-103",
            "Two subnets overlap.",
            "subnets without a common address",
            "Give one of the two another part of the VPC's range."
        );

    /// <summary>A subnet lies outside of the VPC.</summary>
    public static ProblemKind OutsideVpc { get; } =
        new(
            "INF-104",
            "A subnet lies outside of the VPC's range.",
            "a part of the VPC's range",
            "Move the subnet, or widen the VPC's range."
        );

    /// <summary>A range overlaps with one that LKE or Linode uses itself.</summary>
    public static ProblemKind ReservedRange { get; } =
        new(
            "INF-105",
            "A range overlaps with one that LKE or Linode uses itself.",
            "none of Linode's own ranges",
            "Take another range."
        );

    /// <summary>A prefix length that a subnet cannot have.</summary>
    public static ProblemKind SubnetPrefix { get; } =
        new("INF-106", "A subnet has a prefix length that Linode refuses.", "/1 to /29", "Take a larger range.");

    /// <summary>A subnet is too small for what it must hold.</summary>
    public static ProblemKind SubnetTooSmall { get; } =
        new(
            "INF-107",
            "A subnet has too few addresses for what it must hold.",
            "an address for each node at its most, one more for each pool while it is recycled, and 4 that Linode keeps",
            "Take a larger range: a subnet cannot grow once it exists."
        );

    /// <summary>The whole internet may reach the control plane.</summary>
    public static ProblemKind OpenControlPlane { get; } =
        new(
            "INF-108",
            "Everybody may reach the control plane.",
            "named networks, none wider than /8 (IPv6: /32)",
            "Give the networks of engineers and runners."
        );

    /// <summary>Nobody may reach the control plane.</summary>
    public static ProblemKind NoControlPlaneAccess { get; } =
        new(
            "INF-109",
            "Nothing may reach the control plane; enterprise clusters are refused so, and the pipeline could not enter any.",
            "at least one network",
            "Give the network that the pipeline's runners come from."
        );

    // 2xx: the cluster (checks/ClusterCheck.cs)

    /// <summary>A pool's autoscaler bounds are out of range.</summary>
    public static ProblemKind PoolSize { get; } =
        new(
            "INF-201",
            "A pool's bounds are out of range.",
            "1 <= minNodes <= maxNodes <= 10",
            "Correct the bounds; more nodes need a second pool."
        );

    /// <summary>No pool takes ordinary pods.</summary>
    public static ProblemKind NoGeneralPool { get; } =
        new(
            "INF-202",
            "Every pool is tainted: what does not tolerate a taint, DNS among it, would run nowhere.",
            "at least one pool without taints",
            "Take the taints from one pool, or add one."
        );

    /// <summary>A plan that the facts do not know.</summary>
    public static ProblemKind UnknownPlan { get; } =
        new(
            "INF-203",
            "Not a plan that nodes can have.",
            "a plan of environments/facts/linode-plans.json",
            "Correct the id, or add the plan from GET /linode/types to the facts."
        );

    /// <summary>An environment runs on a pool that does not exist.</summary>
    public static ProblemKind UnknownPool { get; } =
        new(
            "INF-204",
            "An environment runs on a pool that does not exist.",
            "the name of one of the pools",
            "Correct the name, or add the pool."
        );

    /// <summary>A Kubernetes version in the wrong form for the tier, or too old.</summary>
    public static ProblemKind KubernetesVersion { get; } =
        new(
            "INF-205",
            "The Kubernetes version has the wrong form for the tier, or is older than 1.30.",
            "1.30 or newer: exact on enterprise (v1.34.6+lke2), major.minor on standard (1.34)",
            "Pin a version that GET /lke/tiers/{tier}/versions offers."
        );

    /// <summary>High availability turned off where it cannot be.</summary>
    public static ProblemKind HighAvailability { get; } =
        new("INF-206", "The enterprise tier is always highly available.", "true on enterprise", "Leave HighAvailability out.");

    /// <summary>A taint that Kubernetes refuses.</summary>
    public static ProblemKind InvalidTaint { get; } =
        new(
            "INF-207",
            "A taint has a key, value or effect that Kubernetes refuses.",
            "a label key, a label value, and NoSchedule, PreferNoSchedule or NoExecute",
            "Correct the taint."
        );

    /// <summary>A node label that Kubernetes refuses or that is not ours to set.</summary>
    public static ProblemKind InvalidNodeLabel { get; } =
        new(
            "INF-208",
            "A node label is refused by Kubernetes or not ours to set.",
            "a label key other than pool and outside of kubernetes.io, k8s.io and linode.com, with a label value",
            "Correct or remove the label; every node bears pool={name} already."
        );

    // 3xx: region and storage (checks/RegionCheck.cs, checks/StorageCheck.cs)

    /// <summary>A region that the facts do not know.</summary>
    public static ProblemKind UnknownRegion { get; } =
        new(
            "INF-301",
            "Not a Linode region.",
            "a region of environments/facts/linode-regions.json",
            "Correct the id, or add the region from GET /regions to the facts."
        );

    /// <summary>A region lacks what the platform needs.</summary>
    public static ProblemKind MissingCapability { get; } =
        new(
            "INF-302",
            "A region lacks something that the platform asks for.",
            "a region with every capability that the inventory needs",
            "Choose another region, or do without what needs the capability."
        );

    /// <summary>An object-storage endpoint that is not a modern one of the region.</summary>
    public static ProblemKind StateEndpoint { get; } =
        new(
            "INF-304",
            "The state's endpoint is not an E2 or E3 endpoint of the platform's region.",
            "an endpoint of type E2 or E3 in the region",
            "Take one of them: on the older types locking and limits differ. The number in a host's name does not tell its type."
        );

    /// <summary>Fewer state versions than NFR-009 asks for.</summary>
    public static ProblemKind StateVersions { get; } =
        new("INF-305", "Too few versions of the state are kept (NFR-009).", "30 or more", "Raise State.Versions.");

    /// <summary>Audit records are locked for less than FR-010 asks for.</summary>
    public static ProblemKind AuditDays { get; } =
        new("INF-306", "Audit records are locked for too short (FR-010).", "90 or more", "Raise State.AuditDays.");

    // 4xx: capacity (checks/QuantityCheck.cs, checks/CapacityCheck.cs)

    /// <summary>Not a Kubernetes quantity.</summary>
    public static ProblemKind InvalidQuantity { get; } =
        new(
            "INF-401",
            "Not a quantity.",
            "a number with one of the suffixes n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or none",
            "Write it as Kubernetes does: 250m, 2, 512Mi."
        );

    /// <summary>A quantity or count that leaves nothing.</summary>
    public static ProblemKind NotPositive { get; } =
        new("INF-402", "An amount is zero or negative.", "more than 0", "Give the amount that the environment needs.");

    /// <summary>Container defaults in the wrong order.</summary>
    public static ProblemKind DefaultsOutOfOrder { get; } =
        new(
            "INF-403",
            "Container defaults are out of order.",
            "request <= limit <= maximum <= the quota's limits",
            "Lower the request or the limit, or raise what is above it."
        );

    /// <summary>A quota whose requests exceed its limits.</summary>
    public static ProblemKind RequestsAboveLimits { get; } =
        new("INF-404", "A quota's requests exceed its limits.", "requests <= limits", "Raise the limits or lower the requests.");

    /// <summary>A container could be larger than a node.</summary>
    public static ProblemKind LargerThanNode { get; } =
        new(
            "INF-405",
            "A container that asks for its maximum would fit on no node of the environment's pool.",
            "at most what one node leaves to pods (environments/NodeCapacity.cs)",
            "Lower the maximum, or give the pool a larger plan."
        );

    /// <summary>The quotas on a pool exceed what it can ever give.</summary>
    public static ProblemKind QuotasExceedPool { get; } =
        new(
            "INF-406",
            "The quotas of the environments on a pool exceed what the pool can ever give.",
            "at most maxNodes times what one node leaves to pods (environments/NodeCapacity.cs)",
            "Lower the quotas, raise maxNodes (at most 10), or take a larger plan."
        );

    /// <summary>An application environment sized for fewer services than NFR-008 asks for.</summary>
    public static ProblemKind TooFewServices { get; } =
        new("INF-407", "An environment is sized for too few services (NFR-008).", "30 or more", "Raise Services.Count.");

    /// <summary>The services that an environment is sized for do not fit its quota.</summary>
    public static ProblemKind ServicesDoNotFit { get; } =
        new(
            "INF-408",
            "The services do not fit the quota: each with its replicas and one more pod while it is updated, each pod with the container defaults.",
            "a quota that holds them all",
            "Raise the quota, or lower the container defaults or the replicas."
        );

    // 5xx: the data store (checks/DataStoreCheck.cs)

    /// <summary>A PostgreSQL version that is too old or not offered.</summary>
    public static ProblemKind PostgresVersion { get; } =
        new("INF-501", "Not a PostgreSQL version that is asked for and offered.", "15, 16 or 17", "Take one of these.");

    /// <summary>A database plan that the facts do not know.</summary>
    public static ProblemKind UnknownDatabasePlan { get; } =
        new(
            "INF-502",
            "Not a plan that a database can have.",
            "a plan of environments/facts/linode-plans.json",
            "Correct the id, or add the plan from GET /databases/types to the facts."
        );

    /// <summary>A number of nodes that a database cannot have.</summary>
    public static ProblemKind DatabaseNodes { get; } =
        new(
            "INF-503",
            "A number of nodes that a database cannot have.",
            "1, 2 or 3; 2 only on dedicated plans",
            "Take 1 or 3, or a dedicated plan."
        );

    /// <summary>A maintenance window that does not exist.</summary>
    public static ProblemKind MaintenanceWindow { get; } =
        new(
            "INF-504",
            "A maintenance window that does not exist.",
            "day 1 (Monday) to 7 (Sunday), hour 0 to 23",
            "Correct the day or the hour (UTC)."
        );

    /// <summary>A private database that nodes of the standard tier cannot reach.</summary>
    public static ProblemKind PrivateDatabaseOnStandard { get; } =
        new(
            "INF-505",
            "A database on the private network of a standard cluster: its nodes are in no VPC and cannot reach it.",
            "no data store on the standard tier",
            "Take the enterprise tier, or leave the data store out."
        );

    // 6xx: security (checks/SecurityCheck.cs)

    /// <summary>Pod security below restricted without a reason, or a reason without need.</summary>
    public static ProblemKind PodSecurityReason { get; } =
        new(
            "INF-601",
            "Pod Security below restricted without a recorded reason, or a reason where restricted is enforced.",
            "restricted; or baseline or privileged with PodSecurityReason",
            "Record why the environment's workloads cannot run under restricted, or remove the reason."
        );

    /// <summary>Fewer secrets than SC-005 asks for.</summary>
    public static ProblemKind TooFewSecrets { get; } =
        new(
            "INF-602",
            "An environment starts with too few secrets (SC-005).",
            "2 or more",
            "Name the secrets that its services rely on."
        );

    /// <summary>A secret whose keys are missing or refused by Kubernetes.</summary>
    public static ProblemKind SecretKeys { get; } =
        new(
            "INF-603",
            "A secret has no key, one twice, or one that Kubernetes refuses.",
            "at least one key, each once, of letters, digits, '-', '_' and '.'",
            "Name the keys that services read."
        );

    /// <summary>The profile of break-glass is granted to somebody.</summary>
    public static ProblemKind PlatformAdminGranted { get; } =
        new(
            "INF-606",
            "A grant gives the profile that break-glass alone has.",
            "Viewer, Developer, Operator or Deployer",
            "Grant Operator; for the rare hour in which that is not enough there is break-glass."
        );

    /// <summary>A grant is narrowed to a team that the environment does not have.</summary>
    public static ProblemKind UnknownTeam { get; } =
        new(
            "INF-607",
            "A grant is narrowed to a team that the environment does not have.",
            "names of the environment's teams; none for all of its namespaces",
            "Correct the name, or add the team to the environment."
        );

    /// <summary>A grant has the name of an account that is there already.</summary>
    public static ProblemKind ReservedAccount { get; } =
        new(
            "INF-608",
            "A grant has a name that belongs to an account of Kubernetes or of the platform.",
            "a name other than default and break-glass that does not begin with plan- or apply-",
            "Choose another name: it becomes a ServiceAccount."
        );

    /// <summary>A grant in system gives the rights of the shared services away.</summary>
    public static ProblemKind SystemGrant { get; } =
        new(
            "INF-609",
            "A grant in the system environment lets somebody change or enter pods of the shared services, and so hold their rights in the whole cluster.",
            "Viewer or Caretaker",
            "Grant Caretaker, which may have pods started anew; changes go through the pipeline, and for the rare hour there is break-glass."
        );

    /// <summary>More application environments than an isolation probe looks at.</summary>
    public static ProblemKind TooManyEnvironments { get; } =
        new(
            "INF-610",
            "There are more application environments than each isolation probe looks at.",
            "12 or fewer",
            "Raise Platform.MostApplications: every environment's probe then tries so many others."
        );

    // 7xx: operations (checks/OperationsCheck.cs)

    /// <summary>An environment that nothing routes alerts for.</summary>
    public static ProblemKind NoAlertRoute { get; } =
        new(
            "INF-701",
            "Nobody is told when the environment hurts.",
            "at least one alert route",
            "Add a route to the channel of those who answer."
        );

    /// <summary>A severity that no route takes.</summary>
    public static ProblemKind SeverityUncovered { get; } =
        new(
            "INF-702",
            "No route takes alerts of a severity.",
            "routes that cover Critical and Warning",
            "Add the severity to a route."
        );

    /// <summary>An alert threshold out of range.</summary>
    public static ProblemKind Threshold { get; } =
        new(
            "INF-703",
            "An alert threshold would fire always or never.",
            "shares above 0 and at most 1 (request success below 1), latency above 0 ms",
            "Correct the threshold."
        );

    /// <summary>Metrics that are kept for no day.</summary>
    public static ProblemKind MetricsDays { get; } =
        new("INF-707", "Metrics are kept for no day.", "1 day or more", "Set the number of days.");

    // 8xx: segments and overrides (checks/SegmentCheck.cs, checks/OverrideCheck.cs, OverrideReview.cs)

    /// <summary>Nobody approved an override: it is a proposal still.</summary>
    public static ProblemKind NotApproved { get; } =
        new(
            "INF-801",
            "An override is a proposal: nobody has approved it.",
            "at least one approver",
            "Have it approved (docs/network-overrides.md), then name who did."
        );

    /// <summary>Who asked for an override also approved it.</summary>
    public static ProblemKind OwnApproval { get; } =
        new(
            "INF-802",
            "Who asked for an override also approved it.",
            "approvers other than who asked",
            "Have it approved by somebody else."
        );

    /// <summary>One approver for an override that opens an environment to another.</summary>
    public static ProblemKind TwoApprovers { get; } =
        new(
            "INF-803",
            "An override opens an environment to another and has one approver.",
            "two approvers who are not the same person",
            "Have it approved by those who answer for each of the two environments."
        );

    /// <summary>An override that ends before it begins.</summary>
    public static ProblemKind OverrideDates { get; } =
        new("INF-804", "An override ends before it begins.", "a last day that is not before the first", "Correct the dates.");

    /// <summary>An override of more than 90 days.</summary>
    public static ProblemKind OverrideTooLong { get; } =
        new(
            "INF-805",
            "An override lasts too long.",
            "at most 90 days",
            "Shorten it; what is needed for longer belongs into the segments themselves."
        );

    /// <summary>A range that nobody can answer for.</summary>
    public static ProblemKind RangeTooWide { get; } =
        new(
            "INF-806",
            "A range is everybody, or wider than anybody can answer for.",
            "/8 or narrower (IPv6: /32 or narrower)",
            "Name the addresses that are really needed."
        );

    /// <summary>An outside range that is not outside.</summary>
    public static ProblemKind NotPublic { get; } =
        new(
            "INF-807",
            "A range that is called outside has private addresses: another environment's database or pods may be among them.",
            "public addresses",
            "Name public addresses; between environments an override of pods to pods is the way."
        );

    /// <summary>An override at a namespace that is none of the platform's.</summary>
    public static ProblemKind UnknownNamespace { get; } =
        new(
            "INF-808",
            "An override names a namespace that no environment has.",
            "a namespace of an environment",
            "Correct the name: an environment's, or {environment}-{team}."
        );

    /// <summary>An override that does not say which pods.</summary>
    public static ProblemKind OverridePods { get; } =
        new(
            "INF-809",
            "An override does not say which pods it is for.",
            "at least one label, with a key and a value that Kubernetes takes",
            "Name labels that only these pods bear."
        );

    /// <summary>An override inside one namespace.</summary>
    public static ProblemKind OverrideInside { get; } =
        new(
            "INF-810",
            "An override opens a namespace to itself, which it is already.",
            "another namespace than the one it comes from",
            "Correct one of the two, or remove the override."
        );

    /// <summary>Ports that are none.</summary>
    public static ProblemKind InvalidPorts { get; } =
        new(
            "INF-811",
            "Ports are missing or not ports.",
            "at least one port from 1 to 65535, ranges from the lower to the higher",
            "Name the ports that are really needed."
        );

    /// <summary>A team that talks with one that does not exist.</summary>
    public static ProblemKind UnknownNeighbour { get; } =
        new(
            "INF-812",
            "A team talks with one that its environment does not have.",
            "the environment's name, or a team of it",
            "Correct the name, or add the team."
        );

    /// <summary>An override whose last day is past.</summary>
    public static ProblemKind OverrideExpired { get; } =
        new(
            "INF-820",
            "An override has expired.",
            "a last day that is today or later",
            "Remove the record and deploy; ask anew for what is still needed (docs/network-overrides.md)."
        );

    /// <summary>An override whose first day is still to come.</summary>
    public static ProblemKind OverrideNotOpen { get; } =
        new(
            "INF-821",
            "An override would be opened before its first day.",
            "a first day that is today or earlier",
            "Merge it on its first day, or have an earlier one approved."
        );

    /// <summary>
    /// Codes of problems that can no longer happen, because the fields they were about do not exist any more. A code is never given to
    /// another problem: old logs and tickets name it.
    /// </summary>
    public static IReadOnlyList<string> Retired { get; } =
        ["INF-303", "INF-307", "INF-409", "INF-604", "INF-605", "INF-704", "INF-705", "INF-706"];

    /// <summary>The whole catalogue, by code.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        .. typeof(ProblemCatalog)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(ProblemKind))
            .Select(property => (ProblemKind)property.GetValue(null)!)
            .OrderBy(kind => kind.Code, StringComparer.Ordinal),
    ];
}
