using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>A random small cluster. It has few labels, ports and addresses, so that policies often select pods.</summary>
internal sealed class RandomPolicies
{
    private static readonly string[] s_spaces = ["one", "two", "three"];
    private static readonly string[] s_keys = ["a", "b"];
    private static readonly string[] s_values = ["x", "y"];
    private static readonly string[] s_protocols = ["TCP", "UDP", "SCTP"];
    private static readonly string[] s_names = ["web", "metrics"];

    private readonly Random _random;

    public RandomPolicies(int seed)
    {
        _random = TestRandom.Of(seed);
        Namespaces = s_spaces.ToDictionary(space => space, space => Cluster.LabelsOf(space, Labels()));
        Endpoints =
        [
            .. Enumerable.Range(0, 5).Select(Pod),
            new Outside("range", AddressBlock.Of(Range(27, 31))),
            new Outside("rest", new(IPNetwork.Parse("10.9.0.0/27"), [IPNetwork.Parse(Range(29, 32))])),
        ];
        Policies = [.. Enumerable.Range(0, _random.Next(2, 9)).Select(Policy)];
    }

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces { get; }

    public IReadOnlyList<Endpoint> Endpoints { get; }

    public IReadOnlyList<JsonObject> Policies { get; }

    /// <summary>Random ports, some of them used by a rule or a pod.</summary>
    public IEnumerable<(int Port, string Protocol)> Ports =>
        Enumerable.Range(0, 5).Select(_ => (_random.Next(1, 10), Pick(s_protocols))).ToList();

    /// <summary>
    /// The Terraform stack of the same policies: blocks, names with underscores, ports as text.
    /// </summary>
    public JsonObject Stack()
    {
        var resources = new JsonObject();
        foreach (var policy in Policies)
        {
            var body = Snake(policy).AsObject();
            body.Remove("api_version");
            body.Remove("kind");
            var metadata = body["metadata"]!;
            resources[metadata["name"]!.GetValue<string>()] = body;
            metadata["namespace"] = $"${{kubernetes_namespace_v1.ns_{metadata["namespace"]}.metadata[0].name}}";
        }
        return new()
        {
            ["resource"] = new JsonObject
            {
                ["kubernetes_namespace_v1"] = new JsonObject(
                    Namespaces.Select(space =>
                        KeyValuePair.Create(
                            $"ns_{space.Key}",
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["metadata"] = new JsonObject
                                    {
                                        ["name"] = space.Key,
                                        ["labels"] = new JsonObject(
                                            space.Value.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))
                                        ),
                                    },
                                }
                        )
                    )
                ),
                ["kubernetes_network_policy_v1"] = resources,
            },
        };
    }

    private static JsonNode Snake(JsonNode node, string name = "") =>
        node switch
        {
            JsonObject map when name == "matchLabels" => map.DeepClone(),
            JsonObject map => new JsonObject(
                map.Select(field =>
                    KeyValuePair.Create(
                        string.Concat(
                            field.Key.Select(letter => char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}")
                        ),
                        (JsonNode?)Snake(field.Value!, field.Key)
                    )
                )
            ),
            JsonArray list => new JsonArray([.. list.Select(item => (JsonNode?)Snake(item!))]),
            JsonValue when name == "port" => node.ToString(),
            _ => node.DeepClone(),
        };

    private Endpoint Pod(int index) =>
        new Pod
        {
            Namespace = Pick(s_spaces),
            Name = string.Create(CultureInfo.InvariantCulture, $"pod-{index}"),
            Labels = Labels(),
            HostNetwork = Chance(10),
            Address = Chance(20) ? IPNetwork.Parse(Range(32, 32)).BaseAddress : null,
            Ports =
            [
                .. s_names
                    .Where(_ => Chance(60))
                    .Select(name => new ContainerPort(_random.Next(1, 10), name, (Protocol)_random.Next(3))),
            ],
        };

    private Dictionary<string, string> Labels() => s_keys.Where(_ => Chance(60)).ToDictionary(key => key, _ => Pick(s_values));

    private JsonObject Policy(int index)
    {
        var spec = new JsonObject();
        if (Chance(90))
            spec["podSelector"] = Selector();
        else
            spec["podSelector"] = new JsonObject();
        if (Chance(70))
        {
            spec["policyTypes"] = new JsonArray([
                .. new[] { "Ingress", "Egress" }.Where(_ => Chance(70)).Select(type => JsonValue.Create(type)),
            ]);
        }
        if (Chance(70))
            spec["ingress"] = List(3, () => Rule("from"));
        if (Chance(70))
            spec["egress"] = List(3, () => Rule("to"));
        return new()
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "NetworkPolicy",
            ["metadata"] = new JsonObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"policy-{index}"),
                ["namespace"] = Pick(s_spaces),
            },
            ["spec"] = spec,
        };
    }

    private JsonObject Rule(string peers)
    {
        var rule = new JsonObject();
        if (Chance(80))
            rule[peers] = List(3, Peer);
        if (Chance(60))
            rule["ports"] = List(3, RulePort);
        return rule;
    }

    private JsonObject Peer()
    {
        if (Chance(30))
        {
            var range = Range(26, 31);
            var block = new JsonObject { ["cidr"] = range };
            if (Chance(60))
                block["except"] = new JsonArray([
                    .. ExcludedRanges(IPNetwork.Parse(range)).Select(excluded => JsonValue.Create(excluded)),
                ]);
            return new() { ["ipBlock"] = block };
        }
        var peer = new JsonObject();
        var kind = _random.Next(3);
        if (kind != 0)
            peer["namespaceSelector"] = Selector();
        if (kind != 1)
            peer["podSelector"] = Selector();
        return peer;
    }

    private JsonObject Selector()
    {
        var selector = new JsonObject();
        if (Chance(30))
            selector["matchLabels"] = new JsonObject(
                Labels().Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))
            );
        if (Chance(40))
            selector["matchExpressions"] = List(2, Expression);
        return selector;
    }

    private JsonObject Expression()
    {
        var named = Pick(["In", "NotIn", "Exists", "DoesNotExist"]);
        var expression = new JsonObject { ["key"] = Pick(s_keys), ["operator"] = named };
        if (named.EndsWith("In", StringComparison.Ordinal))
            expression["values"] = Chance(50) ? new JsonArray(Pick(s_values)) : new JsonArray("x", "y");
        return expression;
    }

    private JsonObject RulePort()
    {
        var port = new JsonObject();
        if (Chance(70))
            port["protocol"] = Pick(s_protocols);
        if (Chance(25))
        {
            port["port"] = Pick(s_names);
        }
        else if (Chance(85))
        {
            var first = _random.Next(1, 10);
            port["port"] = first;
            if (Chance(40))
                port["endPort"] = _random.Next(first, 11);
        }
        return port;
    }

    private IEnumerable<string> ExcludedRanges(IPNetwork range) =>
        Enumerable
            .Range(0, _random.Next(1, 4))
            .Select(_ => Range(range.PrefixLength + 1, 32))
            .Where(excluded => range.Contains(IPNetwork.Parse(excluded).BaseAddress))
            .ToList();

    /// <summary>A range inside 10.9.0.0/26, which is small enough to try every address.</summary>
    private string Range(int shortest, int longest)
    {
        var prefix = _random.Next(shortest, longest + 1);
        var size = 1 << (32 - prefix);
        return string.Create(CultureInfo.InvariantCulture, $"10.9.0.{_random.Next(64 / size) * size}/{prefix}");
    }

    private JsonArray List(int most, Func<JsonNode> item) =>
        new([.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => (JsonNode?)item())]);

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];

    private bool Chance(int percent) => _random.Next(100) < percent;
}
