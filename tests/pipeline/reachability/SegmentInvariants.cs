using System.Text.RegularExpressions;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// What must hold of the platform's segments, each with a name. One end at a time: were one end's policies wrong, the other's would hide it
/// from a look at what both allow. For every pod of the platform, every other end and every port the first line that fits decides.
/// </summary>
internal static class SegmentInvariants
{
    /// <summary>The structural one: without it an unlabelled pod would be as open as Kubernetes leaves it.</summary>
    public const string DeniesByDefault = "every namespace denies by default";

    private const string NothingElseLeaves = "nothing else leaves";
    private const string NothingElseEnters = "nothing else enters";
    private const string Pooler = "the pooler alone reaches the database, its own";
    private const string ApiServer = "the API server is for those that ask it something";
    private const string Scrape = "Prometheus scrapes the metrics port alone";

    /// <summary>On the enterprise tier; <c>environments</c> are those of applications, the project is "infra".</summary>
    /// <param name="Name">The name of the invariant.</param>
    /// <param name="Subject">The pod whose policies are asked, as a regular expression.</param>
    /// <param name="Other">The other end.</param>
    /// <param name="Ports">What its policies allow.</param>
    internal sealed record Line(string Name, string Subject, string Other, string Ports);

    private static IEnumerable<string> Applications =>
        Inventory.Platform.Applications.Select(environment => environment.Name.Text);

    /// <summary>All namespaces that bear an environment's label, those with doors of their own among them.</summary>
    private static string Of(string environment) => $"{environment}(-[a-z]+)?";

    /// <summary>What pods may send.</summary>
    public static IReadOnlyList<Line> Leaves { get; } =
    [
        // Where accounts are, no pod runs.
        new("accounts have no network", ".*-access/.*", ".*", "none"),
        .. Applications.SelectMany(environment =>
            new Line[]
            {
                new("an environment talks to itself", $"{environment}/.*", $"{Of(environment)}/.*", "all"),
                new(Pooler, $"{environment}/datastore-pooler", $"infra-{environment}-datastore-subnet", "TCP 1024-65535"),
                new(Pooler, $"{environment}/.*", "infra-.*-datastore-subnet", "none"),
                new("traces and logs are sent", $"{environment}/.*", "system/collector", "TCP 4317-4318"),
            }
        ),
        new("system talks to itself", "system/.*", $"{Of("system")}/.*", "all"),
        new("the name servers are scraped", "system/prometheus", "kube-system/.*", "TCP 53, TCP 9153, UDP 53"),
        new("names are resolved", ".*", "kube-system/.*", "TCP 53, UDP 53"),
        .. Applications.SelectMany(environment =>
            new Line[]
            {
                new("the gateway forwards to exposed pods", "system/infra", $"{Of(environment)}/from-gateway", "all"),
                new(Scrape, "system/prometheus", $"{Of(environment)}/.*", "TCP 9464"),
            }
        ),
        new(ApiServer, "system/(infra|owning-gateway-name|alertmanager|collector)", "kube-apiserver", "none"),
        new(ApiServer, "system/.*", "kube-apiserver", "all"),
        new("the nodes are scraped", "system/(prometheus|metrics-server)", "host|remote-node", "TCP 9100, TCP 10250"),
        new("alerts are told", "system/alertmanager", "outside", "TCP 443"),
        new("certificates are ordered", "system/cert-manager", "outside", "TCP 80, TCP 443"),
        new(NothingElseLeaves, ".*", ".*", "none"),
    ];

    /// <summary>What pods may receive.</summary>
    public static IReadOnlyList<Line> Enters { get; } =
    [
        .. Applications.SelectMany(environment =>
            new Line[]
            {
                new("an environment answers itself", $"{environment}/.*", $"{Of(environment)}/.*", "all"),
                new("exposed pods answer the gateway", $"{environment}/from-gateway", "system/infra", "all"),
                // A pod without a port of the name "metrics" is not scraped.
                new(Scrape, $"{environment}/plain", "system/prometheus", "none"),
                new(Scrape, $"{environment}/.*", "system/prometheus", "TCP 9464"),
                new("traces and logs are taken", "system/collector", $"{Of(environment)}/.*", "TCP 4317-4318"),
            }
        ),
        new("system answers itself", "system/.*", $"{Of("system")}/.*", "all"),
        // The API server and the NodeBalancer have no address that a policy could name: these are open to whoever gets that far.
        new("the outside reaches the gateway", "system/infra", ".*", "TCP 10080, TCP 10443"),
        new("the API server calls webhooks", "system/(webhook|metrics-server|kube-prometheus-stack-operator)", ".*", "TCP 10250"),
        new("the API server calls webhooks", "system/envoy-gateway", ".*", "TCP 9443"),
        new(NothingElseEnters, ".*", ".*", "none"),
    ];

    /// <summary>
    /// What does not hold, each with the name of its invariant, found one by one. <paramref name="first"/> is asked first: a difference is
    /// found soonest where it was made.
    /// </summary>
    public static IEnumerable<(string Invariant, string Fact)> Violations(
        Cluster cluster,
        Landscape? landscape = null,
        string first = ""
    )
    {
        foreach (var space in cluster.Namespaces.Keys.Where(space => IsOurs(cluster, space)))
        {
            if (!cluster.Policies.Any(policy => policy.Namespace == space && DeniesAll(policy)))
                yield return (DeniesByDefault, space);
        }
        landscape ??= Landscape.Of(cluster);
        var endpoints = landscape.Endpoints.OrderBy(one => one is Pod pod && pod.Namespace == first ? 0 : 1).ToList();
        foreach (var pair in Matrix.Reaches(cluster, endpoints, landscape.Ports))
        {
            if (IsOurs(cluster, pair.From) && Wrong(Leaves, pair.From, pair.To, pair.Egress) is { } sent)
                yield return (sent, $"{pair.From} may send to {pair.To}: {PortRange.Text(pair.Egress)}");
            if (IsOurs(cluster, pair.To) && Wrong(Enters, pair.To, pair.From, pair.Ingress) is { } received)
                yield return (received, $"{pair.To} may receive from {pair.From}: {PortRange.Text(pair.Ingress)}");
        }
    }

    /// <summary>True when the line is about this end of a pair.</summary>
    public static bool Fits(Line line, Endpoint subject, Endpoint other) =>
        Whole(line.Subject).IsMatch(subject.Title) && Whole(line.Other).IsMatch(other.Title);

    private static string? Wrong(IEnumerable<Line> lines, Endpoint subject, Endpoint other, IReadOnlyList<PortRange> ports)
    {
        var line = lines.First(line => Fits(line, subject, other));
        return line.Ports == PortRange.Text(ports) ? null : line.Name;
    }

    private static bool IsOurs(Cluster cluster, Endpoint endpoint) => endpoint is Pod pod && IsOurs(cluster, pod.Namespace);

    private static bool IsOurs(Cluster cluster, string space) =>
        cluster.Namespaces[space].ContainsKey("app.kubernetes.io/managed-by");

    private static bool DeniesAll(NetworkPolicy policy) =>
        policy is { Pods.Requirements.Count: 0, Ingress.Count: 0, Egress.Count: 0, Isolates.Count: 2 };

    private static Regex Whole(string pattern) =>
        s_patterns.GetOrAdd(pattern, text => new Regex($"^(?:{text})$", RegexOptions.Compiled));

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Regex> s_patterns = new();
}
