using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>The ports on which one endpoint can connect to another. Neighbours are joined; an empty list is none.</summary>
/// <param name="From">Who connects.</param>
/// <param name="To">Who receives. Where both are the same pod, it is another one with the same labels: a pod always reaches itself.</param>
/// <param name="Ports">The ports that both ends allow.</param>
/// <param name="Egress">The ports that the end that connects allows, whatever the other says.</param>
/// <param name="Ingress">The ports that the end that receives allows, whatever the other says.</param>
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
/// Who can reach whom, for every ordered pair of endpoints of which at least one is a pod: policies decide about no other.
/// </summary>
/// <param name="Endpoints">The endpoints, in order.</param>
/// <param name="Pairs">Every pair, also those that reach nothing, by <c>From</c> and then <c>To</c> in the order of the endpoints.</param>
public sealed record Matrix(IReadOnlyList<Endpoint> Endpoints, IReadOnlyList<Reach> Pairs)
{
    /// <summary>The matrix of a cluster's own landscape.</summary>
    public static Matrix Of(Cluster cluster)
    {
        var landscape = Landscape.Of(cluster);
        return Of(cluster, landscape.Endpoints, landscape.Ports);
    }

    /// <summary>The matrix of given endpoints and ports; of each range, the first port speaks for all.</summary>
    public static Matrix Of(Cluster cluster, IReadOnlyList<Endpoint> endpoints, IReadOnlyList<PortRange> ports) =>
        new(endpoints, [.. Reaches(cluster, endpoints, ports)]);

    /// <summary>
    /// The pairs of <see cref="Of(Cluster, IReadOnlyList{Endpoint}, IReadOnlyList{PortRange})"/>, each found when it is asked
    /// for.
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

    /// <summary>The pairs that reach something.</summary>
    public IEnumerable<Reach> Flows => Pairs.Where(pair => pair.Ports.Count > 0);

    /// <summary>
    /// For people: a table (rows connect, columns receive; "#" every port, "+" some, "." none, " " no policy decides), then every flow
    /// with its ports.
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
    /// For machines: <c>{"endpoints": [names], "flows": [{"from", "to", "ports": ["TCP 53", "UDP 1024-65535", "SCTP all"]}]}</c>.
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
