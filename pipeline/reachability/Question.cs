using System.Globalization;
using System.Net;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// "Can development/api connect to staging/api:8080?", as people write it. A pod is <c>namespace/name</c>, with labels behind commas
/// (<c>staging/api,app=api</c>); it bears <c>app.kubernetes.io/name=name</c> unless its name is one of the landscape's, and names its ports as
/// policies do. Anything else is an address, a range, a machine, or a named part of the outside.
/// </summary>
/// <param name="From">Who connects.</param>
/// <param name="To">Who receives.</param>
/// <param name="Port">On which port.</param>
public sealed record Question(Endpoint From, Endpoint To, Port Port)
{
    /// <summary>How it is written.</summary>
    public const string Form =
        "FROM TO:PORT[/udp|/sctp], each end namespace/pod[,label=value...], an address, a range, or one of the matrix's own names";

    /// <summary>Reads the two ends.</summary>
    /// <exception cref="UsageException">One of them is not understood.</exception>
    public static Question Parse(Cluster cluster, string from, string to)
    {
        var landscape = Landscape.Of(cluster);
        var colon = to.LastIndexOf(':');
        if (colon < 0)
            throw Wrong(to, "no port");
        return new(End(cluster, landscape, from), End(cluster, landscape, to[..colon]), PortOf(to[(colon + 1)..]));
    }

    private static Port PortOf(string text)
    {
        var parts = text.Split('/');
        return
            parts.Length <= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= PortRange.Highest
            && Enum.TryParse<Protocol>(parts.ElementAtOrDefault(1) ?? "tcp", ignoreCase: true, out var protocol)
            && Enum.IsDefined(protocol)
            ? new(number, protocol)
            : throw Wrong(text, "not a port");
    }

    private static Endpoint End(Cluster cluster, Landscape landscape, string text)
    {
        if (landscape.Endpoints.FirstOrDefault(endpoint => endpoint.Title == text) is { } known)
            return known;
        if (IPNetwork.TryParse(text, out var range))
            return new Outside(text, new(range, []));
        if (IPAddress.TryParse(text.Trim('[', ']'), out var address))
            return new Outside(text, new(new IPNetwork(address, address.GetAddressBytes().Length * 8), []));
        var words = text.Split(',');
        return words[0].Split('/') is [{ Length: > 0 } space, { Length: > 0 } name]
            ? Pod(cluster, landscape, space, name, words[1..])
            : throw Wrong(text, "neither a pod, an address nor a name");
    }

    private static Pod Pod(Cluster cluster, Landscape landscape, string space, string name, string[] labels)
    {
        if (!cluster.Namespaces.ContainsKey(space))
            throw Wrong(
                space,
                $"not a namespace; there are {string.Join(", ", cluster.Namespaces.Keys.Order(StringComparer.Ordinal))}"
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

    private static UsageException Wrong(string given, string why) => new($"--explain: \"{given}\" is {why}. Write {Form}.");
}
