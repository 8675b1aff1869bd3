using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>
/// Reads one policy object and adds the defaults of the API. It reads the whole NetworkPolicy of networking.k8s.io/v1. Of
/// CiliumNetworkPolicy it reads only what this platform writes: egress to entities. Everything else is an error.
/// </summary>
public static class PolicyParser
{
    /// <summary>Reads a NetworkPolicy or CiliumNetworkPolicy.</summary>
    /// <param name="policy">The object in the form of the Kubernetes API.</param>
    /// <param name="source">The source of the object, for answers and messages.</param>
    /// <exception cref="PipelineException">A part of it is not valid or not understood.</exception>
    public static NetworkPolicy Parse(JsonObject policy, string source)
    {
        var fields = new JsonFields(policy, source, "apiVersion", "kind", "metadata", "spec");
        return (fields.Text("apiVersion"), fields.Text("kind")) switch
        {
            ("networking.k8s.io/v1", "NetworkPolicy") => Kubernetes(fields, source) with { Object = policy },
            ("cilium.io/v2", "CiliumNetworkPolicy") => Cilium(fields, source) with { Object = policy },
            var (version, kind) => throw JsonFields.Error(
                source,
                $"{version} {kind}",
                "networking.k8s.io/v1 NetworkPolicy and cilium.io/v2 CiliumNetworkPolicy"
            ),
        };
    }

    private static NetworkPolicy Kubernetes(JsonFields fields, string source)
    {
        var (name, space, annotations) = Metadata(fields);
        var spec = new JsonFields(fields["spec"], $"{source}: spec", "podSelector", "policyTypes", "ingress", "egress");
        var egress = spec.List("egress").Select(rule => Rule(rule, "to")).ToList();
        var types = spec.Texts("policyTypes")
            .Select(type =>
                type switch
                {
                    "Ingress" => Direction.Ingress,
                    "Egress" => Direction.Egress,
                    _ => throw JsonFields.Error($"{spec.Place}.policyTypes", $"\"{type}\"", "Ingress and Egress"),
                }
            )
            .ToList();
        return new()
        {
            Kind = "NetworkPolicy",
            Namespace = space,
            Name = name,
            Source = source,
            Annotations = annotations,
            Pods = Selected(spec, "podSelector") ?? Selector.Everything,
            // Without policyTypes: always Ingress, and Egress when there is an egress rule.
            Isolates =
                types.Count > 0 ? types
                : egress.Count > 0 ? [Direction.Ingress, Direction.Egress]
                : [Direction.Ingress],
            Ingress = [.. spec.List("ingress").Select(rule => Rule(rule, "from"))],
            Egress = egress,
        };
    }

    private static Rule Rule((JsonNode? Node, string Place) rule, string peers)
    {
        var fields = new JsonFields(rule.Node ?? new JsonObject(), rule.Place, peers, "ports");
        return new([.. fields.List(peers).Select(Peer)], [.. fields.List("ports").Select(Port)]);
    }

    private static Peer Peer((JsonNode? Node, string Place) peer)
    {
        var fields = new JsonFields(peer.Node, peer.Place, "podSelector", "namespaceSelector", "ipBlock");
        var pods = Selected(fields, "podSelector");
        var namespaces = Selected(fields, "namespaceSelector");
        return (fields["ipBlock"], pods, namespaces) switch
        {
            (null, null, null) => throw JsonFields.Error(
                peer.Place,
                "no peer",
                "podSelector, namespaceSelector, both, or ipBlock"
            ),
            (null, _, _) => new Peer.InCluster(namespaces, pods),
            (_, null, null) => new Peer.Addresses(Block(fields["ipBlock"], $"{peer.Place}.ipBlock")),
            _ => throw JsonFields.Error(peer.Place, "ipBlock beside a selector", "either"),
        };
    }

    private static AddressBlock Block(JsonNode? node, string place)
    {
        var fields = new JsonFields(node, place, "cidr", "except");
        var range = Range(fields.Required("cidr"), $"{place}.cidr");
        var except = fields.Texts("except").Select(one => Range(one, $"{place}.except")).ToList();
        foreach (var hole in except)
        {
            if (!AddressBlock.Within(range, hole) || hole.PrefixLength == range.PrefixLength)
                throw JsonFields.Error($"{place}.except", $"{hole}", $"ranges inside {range}");
        }
        return new(range, except);
    }

    // Kubernetes accepts host bits and they change nothing. The parser drops them, as the network plugins do.
    private static IPNetwork Range(string text, string place) =>
        AddressText.Range(text)
        ?? throw JsonFields.Error(place, $"\"{text}\"", "a range in CIDR notation, without leading zeros");

    private static RulePort Port((JsonNode? Node, string Place) port)
    {
        var fields = new JsonFields(port.Node, port.Place, "port", "endPort", "protocol");
        var protocol = ProtocolOf(fields.Text("protocol") ?? "TCP", port.Place);
        var end = fields.Number("endPort");
        return fields["port"] switch
        {
            null when end is null => new RulePort.Every(protocol),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => Numbers(
                protocol,
                fields.Number("port")!.Value,
                end,
                port.Place
            ),
            JsonValue value when end is null && fields.Text("port") is { } name && name.Any(char.IsAsciiLetter) =>
                new RulePort.Named(protocol, name),
            var other => throw JsonFields.Error(
                $"{port.Place}.port",
                JsonFields.Short(other),
                "a number, with endPort for a range, or a port's name, which has a letter and no endPort"
            ),
        };
    }

    private static RulePort.Numbers Numbers(Protocol? protocol, int first, int? end, string place) =>
        first is >= 1 and <= PortRange.Highest && (end ?? first) is var last && last >= first && last <= PortRange.Highest
            ? new(protocol, first, last)
            : throw JsonFields.Error(
                place,
                string.Create(CultureInfo.InvariantCulture, $"port {first}, endPort {end}"),
                "1 to 65535, and an endPort that is no smaller than port"
            );

    private static Protocol ProtocolOf(string text, string place) =>
        text switch
        {
            "TCP" => Protocol.Tcp,
            "UDP" => Protocol.Udp,
            "SCTP" => Protocol.Sctp,
            _ => throw JsonFields.Error($"{place}.protocol", $"\"{text}\"", "TCP, UDP and SCTP"),
        };

    private static Selector? Selected(JsonFields parent, string name)
    {
        if (parent[name] is not { } node)
            return null;
        var place = $"{parent.Place}.{name}";
        var fields = new JsonFields(node, place, "matchLabels", "matchExpressions");
        return new([
            .. fields
                .Map("matchLabels")
                .OrderBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => new Requirement(label.Key, SelectorOperator.In, [label.Value])),
            .. fields.List("matchExpressions").Select(Expression),
        ]);
    }

    private static Requirement Expression((JsonNode? Node, string Place) expression)
    {
        var fields = new JsonFields(expression.Node, expression.Place, "key", "operator", "values");
        var values = fields.Texts("values");
        SelectorOperator? found = fields.Required("operator") switch
        {
            "In" when values.Count > 0 => SelectorOperator.In,
            "NotIn" when values.Count > 0 => SelectorOperator.NotIn,
            "Exists" when values.Count == 0 => SelectorOperator.Exists,
            "DoesNotExist" when values.Count == 0 => SelectorOperator.DoesNotExist,
            _ => null,
        };
        return new(
            fields.Required("key"),
            found
                ?? throw JsonFields.Error(
                    expression.Place,
                    JsonFields.Short(expression.Node),
                    "In and NotIn with values, Exists and DoesNotExist without"
                ),
            values
        );
    }

    // Cilium: a policy with an egress section sets default deny for the egress of the pods that it selects, and its rules add to
    // the rules of all other policies.
    private static NetworkPolicy Cilium(JsonFields fields, string source)
    {
        var (name, space, annotations) = Metadata(fields);
        var spec = new JsonFields(fields["spec"], $"{source}: spec", "endpointSelector", "egress", "description");
        var pods = Selected(spec, "endpointSelector");
        if (pods is null)
            throw JsonFields.Error($"{spec.Place}.endpointSelector", "nothing", "a selector");
        // "k8s:app" and "io.kubernetes.pod.namespace" do not mean a pod label with that name.
        foreach (var requirement in pods.Requirements)
        {
            if (requirement.Key.Contains(':') || requirement.Key.StartsWith("io.", StringComparison.Ordinal))
                throw JsonFields.Error(
                    $"{spec.Place}.endpointSelector",
                    $"\"{requirement.Key}\"",
                    "labels of pods, without a source"
                );
        }
        var egress = spec.List("egress").Select(EntityRule).ToList();
        if (egress.Count == 0)
            throw JsonFields.Error($"{spec.Place}.egress", "no rule", "at least one rule with toEntities");
        return new()
        {
            Kind = "CiliumNetworkPolicy",
            Namespace = space,
            Name = name,
            Source = source,
            Annotations = annotations,
            Pods = pods,
            Isolates = [Direction.Egress],
            Egress = egress,
        };
    }

    private static Rule EntityRule((JsonNode? Node, string Place) rule)
    {
        var fields = new JsonFields(rule.Node, rule.Place, "toEntities", "toPorts");
        var entities = fields.Texts("toEntities");
        if (entities.Count == 0)
            throw JsonFields.Error($"{rule.Place}.toEntities", "nothing", "at least one entity");
        List<RulePort> ports = [];
        foreach (var group in fields.List("toPorts"))
        {
            var listed = new JsonFields(group.Item, group.Place, "ports").List("ports").Select(EntityPort).ToList();
            if (listed.Count == 0)
                throw JsonFields.Error($"{group.Place}.ports", "nothing", "at least one port");
            ports.AddRange(listed);
        }
        return new([.. entities.Select(entity => new Peer.Machines(EntityOf(entity, rule.Place)))], ports);
    }

    private static RulePort EntityPort((JsonNode? Node, string Place) port)
    {
        var fields = new JsonFields(port.Node, port.Place, "port", "protocol");
        var protocol = fields.Text("protocol") ?? "ANY";
        return int.TryParse(fields.Required("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Numbers(protocol == "ANY" ? null : ProtocolOf(protocol, port.Place), number, null, port.Place)
            : throw JsonFields.Error($"{port.Place}.port", JsonFields.Short(fields["port"]), "a number, as text");
    }

    private static Entity EntityOf(string text, string place)
    {
        foreach (var entity in Enum.GetValues<Entity>())
        {
            if (entity.Name() == text)
                return entity;
        }
        throw JsonFields.Error(
            $"{place}.toEntities",
            $"\"{text}\"",
            string.Join(", ", Enum.GetValues<Entity>().Select(entity => entity.Name()))
        );
    }

    private static (string Name, string Namespace, IReadOnlyDictionary<string, string> Annotations) Metadata(JsonFields fields)
    {
        var metadata = new JsonFields(
            fields["metadata"],
            $"{fields.Place}: metadata",
            "name",
            "namespace",
            "labels",
            "annotations"
        );
        return (metadata.Required("name"), metadata.Text("namespace") ?? "default", metadata.Map("annotations"));
    }
}
