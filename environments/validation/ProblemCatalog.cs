using System.Reflection;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// The catalogue of every problem that an inventory can have, one property for each code. docs/errors.md has the same texts (a
/// test compares them). Codes: 0xx names and contacts, 1xx addresses, 2xx the cluster, 3xx region and storage, 4xx capacity, 5xx
/// the data store, 6xx security, 7xx operations, 8xx segments and overrides. The rules themselves are in <c>checks/</c>, one file
/// for each subject.
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

    /// <summary>A name that is derived from the inventory is too long or too short for Linode or Kubernetes.</summary>
    public static ProblemKind NameLength { get; } =
        new(
            "INF-002",
            "A derived name is too long or too short.",
            "the length that Linode or Kubernetes accepts",
            "Change the length of the project's name or of the name at this path; "
                + "environments/naming/ResourceNames.cs shows the derived names."
        );

    /// <summary>A name that a stack, Kubernetes or the platform uses.</summary>
    public static ProblemKind ReservedName { get; } =
        new(
            "INF-003",
            "A name is reserved.",
            "a name that no stack, Kubernetes or the platform uses",
            "Choose another name: it becomes a stack and a namespace, or a part of a state address."
        );

    /// <summary>Two entries of one list have the same name.</summary>
    public static ProblemKind DuplicateName { get; } =
        new("INF-004", "A name is given twice.", "each name once", "Rename or remove one of the two.");

    /// <summary>Two paths of the inventory produce the same derived name.</summary>
    public static ProblemKind NameCollision { get; } =
        new(
            "INF-005",
            "Two paths of the inventory produce the same name.",
            "names of one kind that differ from each other",
            "Rename one of the two. Hyphens also join the parts of a name."
        );

    /// <summary>Two hyphens in a row, which Linode refuses in the label of a VPC or subnet.</summary>
    public static ProblemKind DoubleHyphen { get; } =
        new(
            "INF-006",
            "A name has two hyphens in a row. Linode refuses this in the labels of VPCs and subnets.",
            "single hyphens",
            "Remove one of the two hyphens."
        );

    /// <summary>A required text is empty.</summary>
    public static ProblemKind MissingText { get; } =
        new("INF-007", "A required text is empty.", "a text that is not blank", "Write one sentence for the next reader.");

    /// <summary>Not an e-mail address.</summary>
    public static ProblemKind InvalidEmail { get; } =
        new("INF-008", "A text is not an e-mail address.", "name@example.com", "Give the address of a team that reads its mail.");

    /// <summary>Not a chat channel.</summary>
    public static ProblemKind InvalidChannel { get; } =
        new(
            "INF-009",
            "A text is not a chat channel.",
            "'#', then 1-80 lower case letters, digits, hyphens and underscores",
            "Write the channel as the chat shows it, with its leading '#'."
        );

    /// <summary>Alerts cannot link to the repository's address.</summary>
    public static ProblemKind InvalidRepository { get; } =
        new(
            "INF-010",
            "The repository is not an address that alerts can link to.",
            "an absolute https address without query and trailing slash",
            "Copy the address of the repository's start page from the browser."
        );

    /// <summary>The DNS zone is not a domain name, or too long.</summary>
    public static ProblemKind InvalidDnsZone { get; } =
        new(
            "INF-011",
            "The DNS zone is not a domain name, or too long.",
            "at least two DNS labels joined by dots, lower case, no trailing dot, short enough for "
                + "{service}.{subdomain} before it",
            "Give the zone that is delegated to Linode's name servers."
        );

    /// <summary>A name that Terraform refuses as the beginning of an address.</summary>
    public static ProblemKind LeadingDigit { get; } =
        new(
            "INF-012",
            "A name starts with a digit. Terraform refuses it in the names of resources, outputs and variables.",
            "a name that starts with a letter",
            "Put a letter or a word before the digit."
        );

    // 1xx: addresses (checks/AddressCheck.cs)

    /// <summary>Not a CIDR range.</summary>
    public static ProblemKind InvalidRange { get; } =
        new(
            "INF-101",
            "A text is not a range in canonical CIDR notation.",
            "address/prefix with no host bit set, such as 10.64.0.0/20 or 2001:db8::/48",
            "Write the range's first address and its prefix length; a single address is /32 or /128."
        );

    /// <summary>Not a private IPv4 range.</summary>
    public static ProblemKind NotPrivate { get; } =
        new(
            "INF-102",
            "A range is not a private IPv4 range.",
            "IPv4 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 (RFC 1918)",
            "Choose a range of the address plan."
        );

    /// <summary>Two subnets overlap.</summary>
    public static ProblemKind RangesOverlap { get; } =
        new(
            "INF-103",
            "Two subnets overlap.",
            "subnets without a common address",
            "Give one of the two another part of the VPC's range."
        );

    /// <summary>A subnet is outside the VPC's range.</summary>
    public static ProblemKind OutsideVpc { get; } =
        new(
            "INF-104",
            "A subnet is outside the VPC's range.",
            "a part of the VPC's range",
            "Move the subnet, or widen the VPC's range."
        );

    /// <summary>A range overlaps with a range that LKE or Linode uses.</summary>
    public static ProblemKind ReservedRange { get; } =
        new(
            "INF-105",
            "A range overlaps with a range that LKE or Linode uses.",
            "a range outside of Linode's own ranges (environments/linode/ReservedRanges.cs)",
            "Choose another range."
        );

    /// <summary>A prefix length that a subnet cannot have.</summary>
    public static ProblemKind SubnetPrefix { get; } =
        new(
            "INF-106",
            "A subnet has a prefix length that Linode refuses.",
            "/1 to /29",
            "Choose a range with an allowed prefix length."
        );

    /// <summary>A subnet has too few addresses.</summary>
    public static ProblemKind SubnetTooSmall { get; } =
        new(
            "INF-107",
            "A subnet has too few addresses.",
            "an address for each node at the largest size of every pool, one more for each pool during its recycling, "
                + "and 4 that Linode keeps",
            "Choose a larger range: a subnet cannot grow once it exists."
        );

    /// <summary>A network of the control plane's allow-list is too wide.</summary>
    public static ProblemKind OpenControlPlane { get; } =
        new(
            "INF-108",
            "A network that may reach the control plane is too wide.",
            "named networks, none wider than /8 (IPv6: /32)",
            "Give the networks of engineers and of the pipeline's runners."
        );

    /// <summary>The control plane's allow-list is empty.</summary>
    public static ProblemKind NoControlPlaneAccess { get; } =
        new(
            "INF-109",
            "No network may reach the control plane. Linode refuses such an enterprise cluster, and the pipeline "
                + "could not reach any cluster.",
            "at least one network",
            "Give the network of the pipeline's runners."
        );

    /// <summary>A range with addresses that no other machine has.</summary>
    public static ProblemKind SpecialRange { get; } =
        new(
            "INF-110",
            "A range has addresses that no other machine has as its own.",
            "a range without loopback, link-local, multicast, unspecified and translated addresses "
                + "(environments/linode/ReservedRanges.cs)",
            "Give the range that the machines use when they connect."
        );

    // 2xx: the cluster (checks/ClusterCheck.cs)

    /// <summary>A pool's autoscaler bounds are out of range.</summary>
    public static ProblemKind PoolSize { get; } =
        new(
            "INF-201",
            "A pool's bounds are out of range.",
            "1 <= minNodes <= maxNodes <= 10",
            "Correct the bounds. For more nodes add a second pool."
        );

    /// <summary>No pool accepts ordinary pods.</summary>
    public static ProblemKind NoGeneralPool { get; } =
        new(
            "INF-202",
            "Every pool is tainted. Pods without a toleration, such as those of DNS, could run nowhere.",
            "at least one pool without taints",
            "Remove the taints of one pool, or add a pool."
        );

    /// <summary>A plan that the facts do not contain.</summary>
    public static ProblemKind UnknownPlan { get; } =
        new(
            "INF-203",
            "A plan is not known as a plan of nodes.",
            "a plan of environments/linode/facts/linode-plans.json",
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

    /// <summary>High availability is turned off on the enterprise tier.</summary>
    public static ProblemKind HighAvailability { get; } =
        new(
            "INF-206",
            "The enterprise tier is always highly available.",
            "true on enterprise",
            "Remove HighAvailability from the inventory."
        );

    /// <summary>A taint that Kubernetes refuses.</summary>
    public static ProblemKind InvalidTaint { get; } =
        new(
            "INF-207",
            "A taint has a key, value or effect that Kubernetes refuses, or the key and the effect of another taint of its pool.",
            "a label key, a label value, and NoSchedule, PreferNoSchedule or NoExecute; each key once with each effect",
            "Correct the taint."
        );

    /// <summary>A node label that Kubernetes refuses or reserves.</summary>
    public static ProblemKind InvalidNodeLabel { get; } =
        new(
            "INF-208",
            "A node label is refused by Kubernetes, or its key is reserved.",
            "a label key other than pool and outside of kubernetes.io, k8s.io and linode.com, with a label value",
            "Correct or remove the label; every node has the label pool={name} already."
        );

    // 3xx: region and storage (checks/RegionCheck.cs, checks/StorageCheck.cs)

    /// <summary>A region that the facts do not contain.</summary>
    public static ProblemKind UnknownRegion { get; } =
        new(
            "INF-301",
            "A region is not known as a Linode region.",
            "a region of environments/linode/facts/linode-regions.json",
            "Correct the id, or add the region from GET /regions to the facts."
        );

    /// <summary>A region lacks a capability that the inventory needs.</summary>
    public static ProblemKind MissingCapability { get; } =
        new(
            "INF-302",
            "A region lacks a capability that the inventory needs.",
            "a region with every capability that the inventory needs",
            "Choose another region, or remove the part of the inventory that needs the capability."
        );

    /// <summary>An object-storage endpoint that is not a modern one of the region.</summary>
    public static ProblemKind StateEndpoint { get; } =
        new(
            "INF-304",
            "The state's endpoint is not an E2 or E3 endpoint of the platform's region.",
            "an endpoint of type E2 or E3 in the region",
            "Choose one of them: locking and limits differ on the older types. The number in a host name does not "
                + "show its type."
        );

    /// <summary>The archive keeps fewer than 30 versions of each state.</summary>
    public static ProblemKind StateVersions { get; } =
        new("INF-305", "Too few versions of the state are kept.", "30 or more", "Raise State.Versions.");

    /// <summary>Audit records are locked for fewer than 90 days.</summary>
    public static ProblemKind AuditDays { get; } =
        new(
            "INF-306",
            "Audit records are locked for too few or too many days.",
            "90 to 3650",
            "Correct State.AuditDays: nobody can remove a record earlier."
        );

    // 4xx: capacity (checks/QuantityCheck.cs, checks/CapacityCheck.cs, checks/SharedServicesCheck.cs)

    /// <summary>Not a Kubernetes quantity.</summary>
    public static ProblemKind InvalidQuantity { get; } =
        new(
            "INF-401",
            "A text is not a Kubernetes quantity.",
            "a number with one of the suffixes n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or none",
            "Write it as Kubernetes does: 250m, 2, 512Mi."
        );

    /// <summary>A quantity or count is zero or negative.</summary>
    public static ProblemKind NotPositive { get; } =
        new("INF-402", "An amount is zero or negative.", "more than 0", "Give the amount that the environment needs.");

    /// <summary>Container defaults in the wrong order.</summary>
    public static ProblemKind DefaultsOutOfOrder { get; } =
        new(
            "INF-403",
            "Container defaults are out of order.",
            "request <= limit <= maximum <= the quota's limits",
            "Lower the request or the limit, or raise the value above it."
        );

    /// <summary>A quota's requests exceed its limits.</summary>
    public static ProblemKind RequestsAboveLimits { get; } =
        new("INF-404", "A quota's requests exceed its limits.", "requests <= limits", "Raise the limits or lower the requests.");

    /// <summary>The largest allowed container does not fit a node.</summary>
    public static ProblemKind LargerThanNode { get; } =
        new(
            "INF-405",
            "A container that requests its maximum fits on no node of the environment's pool.",
            "at most the capacity of one node (environments/linode/NodeCapacity.cs)",
            "Lower the maximum, or give the pool a larger plan."
        );

    /// <summary>The quotas of the environments on a pool exceed the pool's capacity.</summary>
    public static ProblemKind QuotasExceedPool { get; } =
        new(
            "INF-406",
            "The quotas of the environments on a pool exceed the capacity of the pool at its largest size.",
            "at most maxNodes times the capacity of one node (environments/linode/NodeCapacity.cs)",
            "Lower the quotas, raise maxNodes (at most 10), or choose a larger plan."
        );

    /// <summary>An application environment is sized for fewer than 30 services.</summary>
    public static ProblemKind TooFewServices { get; } =
        new("INF-407", "An environment is sized for too few services.", "30 or more", "Raise Services.Count.");

    /// <summary>The services that an environment is sized for do not fit its quota.</summary>
    public static ProblemKind ServicesDoNotFit { get; } =
        new(
            "INF-408",
            "The services do not fit the quota. Each service has its replicas and one more pod during an update; each "
                + "pod has the container defaults.",
            "a quota that is large enough for all services",
            "Raise the quota, or lower the container defaults or the replicas."
        );

    /// <summary>The pods of the shared services do not fit the quota of the system environment.</summary>
    public static ProblemKind SharedServicesExceedQuota { get; } =
        new(
            "INF-410",
            "The shared services do not fit the quota of the system environment.",
            "a quota that is large enough for all pods of the shared services, and one more of each Deployment during an update",
            "Raise the quota of the system environment, or lower the replicas or the resources of a shared service."
        );

    /// <summary>The pods of the shared services do not fit their pool at its smallest size.</summary>
    public static ProblemKind SharedServicesExceedPool { get; } =
        new(
            "INF-411",
            "The shared services do not fit their pool at its smallest size.",
            "at most minNodes times the capacity of one node (environments/linode/NodeCapacity.cs)",
            "Raise minNodes, choose a larger plan, or lower the replicas or the resources of a shared service."
        );

    /// <summary>An amount of memory that is not a number of bytes.</summary>
    public static ProblemKind MemoryUnit { get; } =
        new(
            "INF-412",
            "An amount of memory or storage is not a whole number of bytes, or is less than a megabyte.",
            "1M or more: a number without a suffix, or with k, M, G, T, Ki, Mi, Gi or Ti",
            "Correct the suffix: 512m is half a byte, 512 are bytes, 512Mi is half a gibibyte."
        );

    /// <summary>A CPU limit that the kernel cannot hold.</summary>
    public static ProblemKind CpuTooSmall { get; } =
        new(
            "INF-413",
            "A CPU limit is smaller than what the kernel can grant.",
            "at least 10m: 1 ms in each period of 100 ms",
            "Raise the limit; 100m is small."
        );

    // 5xx: the data store (checks/DataStoreCheck.cs)

    /// <summary>A PostgreSQL version that is too old or not offered.</summary>
    public static ProblemKind PostgresVersion { get; } =
        new("INF-501", "A PostgreSQL version is not supported.", "15, 16 or 17", "Choose one of these versions.");

    /// <summary>A database plan that the facts do not contain.</summary>
    public static ProblemKind UnknownDatabasePlan { get; } =
        new(
            "INF-502",
            "A plan is not known as a plan of databases.",
            "a plan of environments/linode/facts/linode-plans.json",
            "Correct the id, or add the plan from GET /databases/types to the facts."
        );

    /// <summary>A number of nodes that a database cannot have.</summary>
    public static ProblemKind DatabaseNodes { get; } =
        new(
            "INF-503",
            "A database cannot have this number of nodes.",
            "1, 2 or 3; 2 only on dedicated plans",
            "Choose 1 or 3 nodes, or a dedicated plan."
        );

    /// <summary>A maintenance window out of range.</summary>
    public static ProblemKind MaintenanceWindow { get; } =
        new(
            "INF-504",
            "A maintenance window is out of range.",
            "day 1 (Monday) to 7 (Sunday), hour 0 to 23",
            "Correct the day or the hour (UTC)."
        );

    /// <summary>A private database that nodes of the standard tier cannot reach.</summary>
    public static ProblemKind PrivateDatabaseOnStandard { get; } =
        new(
            "INF-505",
            "A standard cluster cannot reach a database on the private network: its nodes are in no VPC.",
            "no data store on the standard tier",
            "Choose the enterprise tier, or remove the data store."
        );

    // 6xx: security (checks/SecurityCheck.cs)

    /// <summary>Pod Security below restricted without a reason, or a reason without need.</summary>
    public static ProblemKind PodSecurityReason { get; } =
        new(
            "INF-601",
            "Pod Security is below restricted without a recorded reason, or a reason is recorded although restricted "
                + "is enforced.",
            "restricted; or baseline or privileged with PodSecurityReason",
            "Record why the environment's workloads cannot run under restricted, or remove the reason."
        );

    /// <summary>The system environment has fewer than two secrets.</summary>
    public static ProblemKind TooFewSecrets { get; } =
        new(
            "INF-602",
            "The system environment has too few secrets.",
            "2 or more",
            "Name the secrets that the shared services need."
        );

    /// <summary>The keys of a secret are missing, repeated or refused by Kubernetes.</summary>
    public static ProblemKind SecretKeys { get; } =
        new(
            "INF-603",
            "A secret has no key, a key twice, or a key that Kubernetes refuses.",
            "at least one key, each once, of letters, digits, '-', '_' and '.', not beginning with '..'",
            "Name the keys that the shared services read."
        );

    /// <summary>A grant of the profile that only break-glass has.</summary>
    public static ProblemKind PlatformAdminGranted { get; } =
        new(
            "INF-606",
            "A grant has the profile that only break-glass has.",
            "Viewer, Developer, Operator or Deployer",
            "Grant Operator. If Operator is not enough in an emergency, use break-glass."
        );

    /// <summary>A grant is limited to a team that the environment does not have.</summary>
    public static ProblemKind UnknownTeam { get; } =
        new(
            "INF-607",
            "A grant is limited to a team that the environment does not have.",
            "names of the environment's teams; none for all of its namespaces",
            "Correct the name, or add the team to the environment."
        );

    /// <summary>A grant has the name of an account that exists already.</summary>
    public static ProblemKind ReservedAccount { get; } =
        new(
            "INF-608",
            "A grant has the name of an account of Kubernetes or of the platform.",
            "a name other than default and break-glass that does not begin with plan- or apply-",
            "Choose another name: it becomes a ServiceAccount."
        );

    /// <summary>A grant in the system environment gives away the rights of the shared services.</summary>
    public static ProblemKind SystemGrant { get; } =
        new(
            "INF-609",
            "A grant in the system environment allows a person to change or enter pods of the shared services, and "
                + "with it their rights in the whole cluster.",
            "Viewer or Restarter",
            "Grant Restarter, which may delete pods so that they restart. Make other changes with the pipeline; in an "
                + "emergency use break-glass."
        );

    /// <summary>More application environments than an isolation probe supports.</summary>
    public static ProblemKind TooManyEnvironments { get; } =
        new(
            "INF-610",
            "There are more application environments than each isolation probe supports.",
            "12 or fewer",
            "Raise PlatformSpec.MostApplications: the probe of every environment then tries as many others."
        );

    /// <summary>A Secret or a key that a shared service needs is not in the system environment.</summary>
    public static ProblemKind SharedServiceSecret { get; } =
        new(
            "INF-611",
            "A Secret or a key that a shared service needs is missing in the system environment.",
            "every Secret that the shared services need, with all of their keys",
            "Add the Secret or its missing keys to Secrets of the system environment: without them the service does not start."
        );

    /// <summary>A text that is not the place of a registry, or an environment without one.</summary>
    public static ProblemKind ImageRegistry { get; } =
        new(
            "INF-612",
            "An image registry cannot be compared with the name of an image.",
            "at least one; each a host with a dot, or localhost, in small letters, with port (1 to 65535) or path if needed: "
                + "ghcr.io/example",
            "Write what stands before the last name of the image: ghcr.io/example for ghcr.io/example/shop:1.4.2."
        );

    // 7xx: operations (checks/OperationsCheck.cs)

    /// <summary>An environment without an alert route.</summary>
    public static ProblemKind NoAlertRoute { get; } =
        new(
            "INF-701",
            "The environment has no alert route.",
            "at least one alert route",
            "Add a route to the channel of the on-call engineers."
        );

    /// <summary>A severity without an alert route.</summary>
    public static ProblemKind SeverityUncovered { get; } =
        new(
            "INF-702",
            "No alert route covers a severity.",
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

    /// <summary>Metrics are kept for no day.</summary>
    public static ProblemKind MetricsDays { get; } =
        new(
            "INF-707",
            "Metrics are kept for no day, or for more days than Prometheus can count.",
            "1 to 36500 days",
            "Give the number of days."
        );

    // 8xx: segments and overrides (checks/SegmentCheck.cs, checks/OverrideCheck.cs, OverrideReview.cs)

    /// <summary>An override without an approver.</summary>
    public static ProblemKind NotApproved { get; } =
        new(
            "INF-801",
            "An override has no approver: it is a proposal.",
            "at least one approver",
            "Have it approved (docs/network-overrides.md), then add the names of the approvers."
        );

    /// <summary>The requester of an override is also its approver.</summary>
    public static ProblemKind OwnApproval { get; } =
        new(
            "INF-802",
            "The requester of an override is also its approver.",
            "approvers other than the requester",
            "Have it approved by another person."
        );

    /// <summary>An override between two environments with one approver.</summary>
    public static ProblemKind TwoApprovers { get; } =
        new(
            "INF-803",
            "An override between two environments has only one approver.",
            "two approvers who are different persons",
            "Have it approved by a responsible person of each of the two environments."
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
            "Shorten it. For a permanent need change the inventory (docs/network-overrides.md)."
        );

    /// <summary>A range with more addresses than one owner has.</summary>
    public static ProblemKind RangeTooWide { get; } =
        new(
            "INF-806",
            "A range contains all addresses, or more addresses than one owner has.",
            "/8 or narrower (IPv6: /32 or narrower)",
            "Name only the addresses that are needed."
        );

    /// <summary>An outside range with private addresses.</summary>
    public static ProblemKind NotPublic { get; } =
        new(
            "INF-807",
            "An outside range contains private addresses: another environment's database or pods may be among them.",
            "public addresses",
            "Name public addresses. Between environments use an override from pods to pods."
        );

    /// <summary>An override names a namespace that no environment has.</summary>
    public static ProblemKind UnknownNamespace { get; } =
        new(
            "INF-808",
            "An override names a namespace that no environment has.",
            "a namespace of an environment",
            "Correct the name: an environment's, or {environment}-{team}."
        );

    /// <summary>An override that does not select pods.</summary>
    public static ProblemKind OverridePods { get; } =
        new(
            "INF-809",
            "An override does not select its pods.",
            "at least one label, with a key and a value that Kubernetes accepts",
            "Name labels that only these pods have."
        );

    /// <summary>An override inside one namespace.</summary>
    public static ProblemKind OverrideInside { get; } =
        new(
            "INF-810",
            "An override is inside one namespace, where its traffic is allowed already.",
            "another namespace than the one of its source",
            "Correct one of the two, or remove the override."
        );

    /// <summary>Missing or invalid ports.</summary>
    public static ProblemKind InvalidPorts { get; } =
        new(
            "INF-811",
            "Ports are missing or invalid.",
            "at least one port from 1 to 65535, ranges from the lower to the higher",
            "Name the ports that are needed."
        );

    /// <summary>A team names a peer that does not exist.</summary>
    public static ProblemKind UnknownTeamPeer { get; } =
        new(
            "INF-812",
            "A team names a peer team that its environment does not have.",
            "the environment's name, or a team of it",
            "Correct the name, or add the team."
        );

    /// <summary>More rules than a firewall can have.</summary>
    public static ProblemKind FirewallRules { get; } =
        new(
            "INF-813",
            "The nodes' firewall has more rules than Linode accepts.",
            "25 rules, the platform's own included",
            "Put ports of one source range into one override, or close an override."
        );

    /// <summary>More ports than a firewall rule can have.</summary>
    public static ProblemKind FirewallPorts { get; } =
        new(
            "INF-814",
            "A rule of the nodes' firewall has more ports than Linode accepts.",
            "15 ports; a range counts as two",
            "Join adjacent ports to a range, or write two overrides."
        );

    /// <summary>An override after its last day.</summary>
    public static ProblemKind OverrideExpired { get; } =
        new(
            "INF-820",
            "An override has expired.",
            "a last day that is today or later",
            "Remove the record and deploy. If the access is still needed, request a new override "
                + "(docs/network-overrides.md)."
        );

    /// <summary>An override before its first day.</summary>
    public static ProblemKind OverrideNotOpen { get; } =
        new(
            "INF-821",
            "An override would be in force before its first day.",
            "a first day that is today or earlier",
            "Merge it on its first day, or have an earlier first day approved."
        );

    /// <summary>
    /// The codes of problems that cannot happen any more, because their fields were removed from the inventory. A code is never
    /// given to another problem, so that old logs and tickets keep their meaning.
    /// </summary>
    public static IReadOnlyList<string> Retired { get; } =
    ["INF-303", "INF-307", "INF-409", "INF-604", "INF-605", "INF-704", "INF-705", "INF-706"];

    /// <summary>All kinds of problems, sorted by code.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        .. typeof(ProblemCatalog)
            .GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(ProblemKind))
            .Select(property => (ProblemKind)property.GetValue(null)!)
            .OrderBy(kind => kind.Code, StringComparer.Ordinal),
    ];
}
