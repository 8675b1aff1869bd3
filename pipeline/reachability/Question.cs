using System.Globalization;
using System.Net;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// "Can development/api connect to staging/api:8080?" as text. A pod is <c>namespace/name</c>, optionally with labels after
/// commas (<c>staging/api,app=api</c>). It has the label <c>app.kubernetes.io/name=name</c>, except if its name is a name of the
/// landscape, and it has the port names that policies use. Any other end is an address, a range, a machine, or a named range
/// outside the cluster.
/// </summary>
/// <param name="From">The source.</param>
/// <param name="To">The destination.</param>
/// <param name="Port">The port.</param>
public sealed record Question(Endpoint From, Endpoint To, Port Port)
{
    /// <summary>The syntax of a question.</summary>
    public const string Form =
        "FROM TO:PORT[/tcp|/udp|/sctp|/tcp,udp]; FROM and TO are namespace/pod[,label=value...], an address, a range, "
        + "or a name of the matrix";

    /// <summary>Reads the two ends: one question for each protocol that is named.</summary>
    /// <exception cref="UsageException">An end is not understood.</exception>
    public static IReadOnlyList<Question> Parse(Cluster cluster, string from, string to)
    {
        var landscape = Landscape.Of(cluster);
        var colon = to.LastIndexOf(':');
        if (colon < 0)
            throw Wrong(to, "without a port");
        var (source, target) = (End(cluster, landscape, from), End(cluster, landscape, to[..colon]));
        return [.. Ports(to[(colon + 1)..]).Select(port => new Question(source, target, port))];
    }

    private static IEnumerable<Port> Ports(string text)
    {
        var parts = text.Split('/');
        if (
            parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > PortRange.Highest
        )
            throw Wrong(text, "not a port");
        return (parts.ElementAtOrDefault(1) ?? "tcp")
            .Split(',')
            .Select(ProtocolOf)
            .Distinct()
            .Select(one => new Port(number, one));

        // By name only: Enum.Parse also takes numbers, and reads a list as one number.
        Protocol ProtocolOf(string name) =>
            Enum.GetValues<Protocol>()
                .Cast<Protocol?>()
                .FirstOrDefault(one => $"{one}".Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong(text, "not a port");
    }

    private static Endpoint End(Cluster cluster, Landscape landscape, string text)
    {
        if (landscape.Endpoints.FirstOrDefault(endpoint => endpoint.Title == text) is { } known)
            return known;
        if (AddressText.Range(text) is { } range)
            return new Outside(text, new(range, []));
        if (AddressText.Address(text.Trim('[', ']')) is { } address)
            return new Outside(text, new(new IPNetwork(address, address.GetAddressBytes().Length * 8), []));
        if (text.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '/'))
            throw Wrong(text, "not an address: four numbers from 0 to 255 without leading zeros");
        var words = text.Split(',');
        return words[0].Split('/') is [{ Length: > 0 } space, { Length: > 0 } name]
            ? Pod(cluster, landscape, space, name, words[1..])
            : throw Wrong(text, "not a pod, an address or a name of the matrix");
    }

    private static Pod Pod(Cluster cluster, Landscape landscape, string space, string name, string[] labels)
    {
        if (!cluster.Namespaces.ContainsKey(space))
            throw Wrong(
                space,
                $"not a namespace (existing: {string.Join(", ", cluster.Namespaces.Keys.Order(StringComparer.Ordinal))})"
            );
        var known = landscape.Endpoints.OfType<Pod>().FirstOrDefault(pod => pod.Namespace == space && pod.Name == name);
        var all = (known?.Labels ?? new Dictionary<string, string> { ["app.kubernetes.io/name"] = name }).ToDictionary();
        foreach (var label in labels)
        {
            if (label.Split('=') is not [{ Length: > 0 } key, var value])
                throw Wrong(label, "not label=value");
            all[key] = value;
        }
        return new()
        {
            Namespace = space,
            Name = name,
            Labels = all,
            Ports = landscape.Endpoints.OfType<Pod>().MaxBy(pod => pod.Ports.Count)?.Ports ?? [],
        };
    }

    private static UsageException Wrong(string given, string why) =>
        new($"--explain: given \"{given}\", which is {why}; allowed: {Form}.");
}
