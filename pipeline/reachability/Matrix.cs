using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// The ports on which one endpoint can connect to another. Adjacent ranges are merged; empty if no port is allowed.
/// </summary>
/// <param name="From">The source.</param>
/// <param name="To">The destination. If it equals the source, it means another pod with the same labels: a pod can always reach
/// itself.</param>
/// <param name="Ports">The ports that both ends allow.</param>
/// <param name="Egress">The ports that the source allows, without regard to the destination.</param>
/// <param name="Ingress">The ports that the destination allows, without regard to the source.</param>
public sealed record Reach(
    Endpoint From,
    Endpoint To,
    IReadOnlyList<PortRange> Ports,
    IReadOnlyList<PortRange> Egress,
    IReadOnlyList<PortRange> Ingress
)
{
    /// <summary>"all", "none", or the ranges.</summary>
    public string Text => PortRange.Text(Ports);

    /// <inheritdoc/>
    public override string ToString() => $"{From} -> {To}: {Text}";
}

/// <summary>
/// The allowed connections for every ordered pair of endpoints of which at least one is a pod; policies decide only about such
/// pairs.
/// </summary>
/// <param name="Endpoints">The endpoints, in order.</param>
/// <param name="Pairs">Every pair, including pairs without an allowed port, by <c>From</c> and then <c>To</c> in the order of the
/// endpoints.</param>
public sealed record Matrix(IReadOnlyList<Endpoint> Endpoints, IReadOnlyList<Reach> Pairs)
{
    /// <summary>The matrix of the endpoints and ports that are derived from the cluster.</summary>
    public static Matrix Of(Cluster cluster)
    {
        var landscape = Landscape.Of(cluster);
        return Of(cluster, landscape.Endpoints, landscape.Ports);
    }

    /// <summary>The matrix of given endpoints and ports; only the first port of each range is evaluated.</summary>
    public static Matrix Of(Cluster cluster, IReadOnlyList<Endpoint> endpoints, IReadOnlyList<PortRange> ports) =>
        new(endpoints, [.. Reaches(cluster, endpoints, ports)]);

    /// <summary>
    /// The pairs of <see cref="Of(Cluster, IReadOnlyList{Endpoint}, IReadOnlyList{PortRange})"/>, each evaluated when it is
    /// enumerated.
    /// </summary>
    public static IEnumerable<Reach> Reaches(Cluster cluster, IReadOnlyList<Endpoint> endpoints, IReadOnlyList<PortRange> ports)
    {
        var evaluator = new Evaluator(cluster);
        var asked = ports.Select(range => new Port(range.First, range.Protocol)).ToList();
        foreach (var from in endpoints)
        {
            foreach (var to in endpoints.Where(to => from is Pod || to is Pod))
            {
                var answers = evaluator.EvaluateAll(from, from == to ? Twin(to) : to, asked);
                yield return new(
                    from,
                    to,
                    Joined(answers, ports, answer => answer.Allowed),
                    Joined(answers, ports, answer => answer.Egress.Verdict != Verdict.Denied),
                    Joined(answers, ports, answer => answer.Ingress.Verdict != Verdict.Denied)
                );
            }
        }
    }

    /// <summary>The pairs with at least one allowed port.</summary>
    public IEnumerable<Reach> Flows => Pairs.Where(pair => pair.Ports.Count > 0);

    /// <summary>
    /// The matrix as text: a table (rows are sources, columns are destinations; "#" every port, "+" some, "." none, " " no policy
    /// decides), then every pair with allowed ports.
    /// </summary>
    public string ToText()
    {
        var text = new StringBuilder();
        var cells = Pairs.ToDictionary(pair => (pair.From, pair.To), pair => pair.Text);
        var width = Endpoints.Max(endpoint => endpoint.Title.Length);
        var digits = Digits(Endpoints.Count).Length;
        for (var row = 0; row < digits; row++)
        {
            text.Append(' ', width + digits + 2);
            for (var column = 1; column <= Endpoints.Count; column++)
                text.Append(' ').Append(Digits(column).PadLeft(digits)[row]);
            text.Append('\n');
        }
        for (var row = 0; row < Endpoints.Count; row++)
        {
            text.Append(Digits(row + 1).PadLeft(digits)).Append("  ").Append(Endpoints[row].Title.PadRight(width));
            foreach (var to in Endpoints)
                text.Append(' ').Append(Sign(cells.GetValueOrDefault((Endpoints[row], to))));
            text.Append('\n');
        }
        text.Append('\n');
        foreach (var flow in Flows)
            text.Append(flow).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// The matrix as JSON: <c>{"endpoints": [names], "flows": [{"from", "to", "ports": ["TCP 53", "UDP 1024-65535", "SCTP
    /// all"]}]}</c>.
    /// </summary>
    public JsonObject ToJson() =>
        new()
        {
            ["endpoints"] = new JsonArray([.. Endpoints.Select(endpoint => JsonValue.Create(endpoint.Title))]),
            ["flows"] = new JsonArray([
                .. Flows.Select(flow => new JsonObject
                {
                    ["from"] = flow.From.Title,
                    ["to"] = flow.To.Title,
                    ["ports"] = new JsonArray([.. flow.Ports.Select(range => JsonValue.Create(range.ToString()))]),
                }),
            ]),
        };

    private static Endpoint Twin(Endpoint endpoint) => endpoint is Pod pod ? pod with { Name = $"{pod.Name}-2" } : endpoint;

    private static List<PortRange> Joined(
        IReadOnlyList<Answer> answers,
        IReadOnlyList<PortRange> ports,
        Func<Answer, bool> allowed
    )
    {
        List<PortRange> joined = [];
        for (var index = 0; index < ports.Count; index++)
        {
            if (!allowed(answers[index]))
                continue;
            var range = ports[index];
            if (joined is [.., var last] && last.Protocol == range.Protocol && last.Last + 1 == range.First)
                joined[^1] = last with { Last = range.Last };
            else
                joined.Add(range);
        }
        return joined;
    }

    private static char Sign(string? cell) =>
        cell switch
        {
            null => ' ',
            "none" => '.',
            "all" => '#',
            _ => '+',
        };

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
