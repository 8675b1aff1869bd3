using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>
/// The checks of the provider and the API that need only one object: metadata, labels, quantities and network policies.
/// </summary>
internal static class ManifestCheck
{
    private static readonly string[] _quantityMaps =
    [
        "resources.limits",
        "resources.requests",
        "spec.hard",
        "spec.capacity",
        "spec.limit.default",
        "spec.limit.default_request",
        "spec.limit.max",
        "spec.limit.min",
        "spec.limit.max_limit_request_ratio",
    ];

    public static IEnumerable<Problem> Run(string type, BodySchema schema, JsonObject config)
    {
        var problems = Metadata(type, config).Concat(Walk(schema, config, ValuePath.Root));
        return type == "kubernetes_network_policy_v1" ? problems.Concat(NetworkPolicy(config)) : problems;
    }

    /// <summary>True if the map at this path holds quantities. Pod templates may be nested at any level.</summary>
    public static bool HoldsQuantities(string path) =>
        _quantityMaps.Any(q => path == q || path.EndsWith("." + q, StringComparison.Ordinal));

    private static IEnumerable<Problem> Metadata(string type, JsonObject config)
    {
        var path = ValuePath.Root.Name("metadata").At(0).Name("name");
        if (config.Text("metadata.0.name") is { } name && Syntax.Name(Kind.Of(type).Plural, name) is { } wrong)
            yield return new Problem(path, $"metadata.0.name {wrong}", $"Given: \"{name}\"");
    }

    private static IEnumerable<Problem> Walk(BodySchema schema, JsonObject value, ValuePath path)
    {
        foreach (var (name, given) in value)
        {
            var at = path.Name(name);
            if (schema.Nested(name) is { } nested && given is JsonArray list)
            {
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is JsonObject element)
                        foreach (var problem in Walk(nested.Body, element, nested.Mode == "set" ? at : at.At(i)))
                            yield return problem;
            }
            else if (given is JsonObject map)
            {
                foreach (var problem in Map(map, at))
                    yield return problem;
            }
        }
    }

    private static IEnumerable<Problem> Map(JsonObject map, ValuePath path)
    {
        var name = path.Steps.OfType<string>().Last();
        foreach (var (key, value) in map)
        {
            var text = value?.ToString();
            var wrong = name switch
            {
                "labels" or "match_labels" or "selector" or "node_selector" => Syntax.Key(key)
                    ?? (text is null ? null : Syntax.LabelValue(text)),
                "annotations" => Syntax.Key(key.ToLowerInvariant()),
                _ when text is not null && HoldsQuantities(path.ToString()) && !Quantity.TryParse(text, out _) =>
                    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                _ => null,
            };
            if (wrong is not null)
                yield return new Problem(path, $"{Dotted(path)} (\"{key}\": \"{text}\") {wrong}");
        }
    }

    private static IEnumerable<Problem> NetworkPolicy(JsonObject config)
    {
        var spec = ValuePath.Root.Name("spec").At(0);
        foreach (var type in config.Texts("spec.0.policy_types").Where(t => t is not ("Ingress" or "Egress")))
            yield return new Problem(
                spec.Name("policy_types"),
                $"spec.policyTypes: Unsupported value: \"{type}\": supported values: \"Egress\", \"Ingress\""
            );
        foreach (var (direction, peers) in new[] { ("ingress", "from"), ("egress", "to") })
        {
            var rules = config.Items($"spec.0.{direction}").ToList();
            for (var i = 0; i < rules.Count; i++)
            {
                foreach (var peer in rules[i].Items(peers))
                foreach (var wrong in Peer(peer!))
                    yield return new Problem(spec.Name(direction).At(i).Name(peers), $"spec.{direction}[{i}].{peers}: {wrong}");
                foreach (var port in rules[i].Items("ports"))
                foreach (var wrong in Port(port!))
                    yield return new Problem(spec.Name(direction).At(i).Name("ports"), $"spec.{direction}[{i}].ports: {wrong}");
            }
        }
    }

    private static IEnumerable<string> Peer(JsonNode peer)
    {
        var block = peer.At("ip_block.0");
        if (block is null)
            yield break;
        if (peer.Items("pod_selector").Any() || peer.Items("namespace_selector").Any())
            yield return "Forbidden: may not specify both ipBlock and another peer";
        if (block.Text("cidr") is not { } cidr)
            yield break;
        if (!IPNetwork.TryParse(cidr, out var network))
            yield return $"Invalid value: \"{cidr}\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
        else
            foreach (var except in block.Texts("except"))
                if (
                    !IPNetwork.TryParse(except, out var part)
                    || part.PrefixLength <= network.PrefixLength
                    || !network.Contains(part.BaseAddress)
                )
                    yield return $"Invalid value: \"{except}\": must be a strict subset of `cidr`";
    }

    private static IEnumerable<string> Port(JsonNode port)
    {
        if (port.Text("protocol") is { } protocol and not ("TCP" or "UDP" or "SCTP"))
            yield return $"Unsupported value: \"{protocol}\": supported values: \"SCTP\", \"TCP\", \"UDP\"";
        if (port.Text("port") is not { } text)
            yield break;
        if (!int.TryParse(text, out var number))
        {
            if (text.Length > 15 || Syntax.Label(text) is not null)
                yield return $"Invalid value: \"{text}\": must be a valid port name";
        }
        else if (number is < 1 or > 65535)
        {
            yield return $"Invalid value: {number}: must be between 1 and 65535, inclusive";
        }
        else if (port.Whole("end_port") is { } end && (end < number || end > 65535))
        {
            yield return $"Invalid value: {end}: must be greater than or equal to `port`";
        }
    }

    /// <summary>The path with indexes in the provider's form: metadata.0.labels.</summary>
    private static string Dotted(ValuePath path) => string.Join('.', path.Steps);
}
