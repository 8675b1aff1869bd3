using System.Text.RegularExpressions;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// Named invariants of the platform's network policies. Egress and ingress are checked separately, because a mistake at one end
/// is hidden if the other end denies the connection. For each pod, peer and port, the first matching line decides.
/// </summary>
internal static class PolicyInvariants
{
    /// <summary>Checked on the policies: without a default deny, Kubernetes allows all traffic of an unlabelled pod.</summary>
    public const string DeniesByDefault = "every namespace denies by default";

    private const string NoOtherEgress = "no other egress is allowed";
    private const string NoOtherIngress = "no other ingress is allowed";
    private const string Database = "no pod reaches a database";
    private const string ApiServer = "only API clients reach the API server";
    private const string Scrape = "Prometheus reaches the metrics port only";

    /// <summary>One line of an invariant, for the enterprise tier and the project "infra".</summary>
    /// <param name="Name">The name of the invariant.</param>
    /// <param name="Subject">The pod whose policies are evaluated: a regular expression for its title.</param>
    /// <param name="Other">The peer: a regular expression for its title.</param>
    /// <param name="Ports">The ports that the policies of the pod allow.</param>
    internal sealed record Line(string Name, string Subject, string Other, string Ports);

    private static IEnumerable<string> Applications =>
        Inventory.Platform.Applications.Select(environment => environment.Name.Text);

    /// <summary>A regular expression for the namespaces of an environment, with those of its teams.</summary>
    private static string Of(string environment) => $"{environment}(-[a-z]+)?";

    /// <summary>Allowed egress of pods.</summary>
    public static IReadOnlyList<Line> Leaves { get; } =
    [
        // No pod runs in the namespaces of accounts.
        new("account namespaces have no egress", ".*-access/.*", ".*", "none"),
        new("the namespace default has no egress", "default/.*", ".*", "none"),
        .. Applications.SelectMany(environment =>
            new Line[]
            {
                new("pods of one environment send to each other", $"{environment}/.*", $"{Of(environment)}/.*", "all"),
                new(Database, $"{environment}/.*", "infra-.*-datastore-subnet", "none"),
            }
        ),
        new("pods of system send to each other", "system/.*", $"{Of("system")}/.*", "all"),
        new("Prometheus scrapes the name servers", "system/prometheus", "kube-system/.*", "TCP 53, TCP 9153, UDP 53"),
        new("agents use the node's network, so they need no rule", "system-agents/.*", ".*", "none"),
        new("pods resolve names", ".*", "kube-system/.*", "TCP 53, UDP 53"),
        .. Applications.SelectMany(environment =>
            new Line[]
            {
                new("the gateway forwards to exposed pods", "system/infra", $"{Of(environment)}/from-gateway", "all"),
                new(Scrape, "system/prometheus", $"{Of(environment)}/.*", "TCP 9464"),
            }
        ),
        new(ApiServer, "system/(infra|owning-gateway-name|alertmanager|isolation-.*)", "kube-apiserver", "none"),
        new(ApiServer, "system/.*", "kube-apiserver", "all"),
        new("the nodes are scraped", "system/(prometheus|metrics-server)", "host|remote-node", "TCP 9100, TCP 10250"),
        new("Alertmanager sends alerts", "system/alertmanager", "outside", "TCP 443"),
        new("cert-manager orders certificates", "system/cert-manager", "outside", "TCP 80, TCP 443"),
        new(NoOtherEgress, ".*", ".*", "none"),
    ];

    /// <summary>Allowed ingress of pods.</summary>
    public static IReadOnlyList<Line> Enters { get; } =
    [
        .. Applications.SelectMany(environment =>
            new Line[]
            {
                new("pods of one environment receive from each other", $"{environment}/.*", $"{Of(environment)}/.*", "all"),
                new("exposed pods receive from the gateway", $"{environment}/from-gateway", "system/infra", "all"),
                // Prometheus does not scrape a pod without a port named "metrics".
                new(Scrape, $"{environment}/plain", "system/prometheus", "none"),
                new(Scrape, $"{environment}/.*", "system/prometheus", "TCP 9464"),
            }
        ),
        new("pods of system receive from each other", "system/.*", $"{Of("system")}/.*", "all"),
        // The API server and the NodeBalancer have no address that a policy can name. So these ports allow every source.
        new("external clients reach the gateway", "system/infra", ".*", "TCP 10080"),
        new("the API server calls webhooks", "system/(webhook|metrics-server|kube-prometheus-stack-operator)", ".*", "TCP 10250"),
        new("the API server calls webhooks", "system/envoy-gateway", ".*", "TCP 9443"),
        new(NoOtherIngress, ".*", ".*", "none"),
    ];

    /// <summary>
    /// Facts that violate an invariant, each with the name of the invariant, evaluated lazily. Pods of the namespace
    /// <paramref name="first"/> are checked first: a changed policy is likely to cause its first violation there.
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

    /// <summary>True if the line applies to this pod and this peer.</summary>
    public static bool Fits(Line line, Endpoint subject, Endpoint other) =>
        Whole(line.Subject).IsMatch(subject.Title) && Whole(line.Other).IsMatch(other.Title);

    private static string? Wrong(IEnumerable<Line> lines, Endpoint subject, Endpoint other, IReadOnlyList<PortRange> ports)
    {
        var line = lines.First(line => Fits(line, subject, other));
        return line.Ports == PortRange.Text(ports) ? null : line.Name;
    }

    private static bool IsOurs(Cluster cluster, Endpoint endpoint) => endpoint is Pod pod && IsOurs(cluster, pod.Namespace);

    private static bool IsOurs(Cluster cluster, string space) =>
        space == "default" || cluster.Namespaces[space].ContainsKey("app.kubernetes.io/managed-by");

    private static bool DeniesAll(NetworkPolicy policy) =>
        policy is { Pods.Requirements.Count: 0, Ingress.Count: 0, Egress.Count: 0, Isolates.Count: 2 };

    private static Regex Whole(string pattern) =>
        s_patterns.GetOrAdd(pattern, text => new Regex($"^(?:{text})$", RegexOptions.Compiled));

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Regex> s_patterns = new();
}
