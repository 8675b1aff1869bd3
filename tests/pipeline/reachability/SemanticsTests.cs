using System.Globalization;
using System.Net;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// The rules of the documentation (kubernetes.io: Network Policies; NetworkPolicy v1; Labels and Selectors), one case for each
/// sentence. The namespaces are shop (team=shop) and bank (team=bank). The pods of shop are web (app=web), api (app=api,
/// tier=back, port named "http" 8080 TCP and "dns" 5353 UDP), bare (no label) and node (app=web, on its node's network). The pods
/// of bank are teller (app=web) and vault (app=vault).
/// </summary>
[Trait("Level", "pure")]
public sealed class SemanticsTests
{
    private static readonly IReadOnlyDictionary<string, Endpoint> s_endpoints = new Endpoint[]
    {
        Pod("shop", "web", ("app", "web")),
        Pod("shop", "api", ("app", "api"), ("tier", "back")) with
        {
            Ports = [new(8080, "http"), new(5353, "dns", Protocol.Udp)],
        },
        Pod("shop", "bare"),
        Pod("shop", "node", ("app", "web")) with
        {
            HostNetwork = true,
        },
        Pod("shop", "addressed") with
        {
            Address = IPAddress.Parse("10.2.0.9"),
        },
        Pod("bank", "teller", ("app", "web")) with
        {
            Ports = [new(9999, "http")],
        },
        Pod("bank", "vault", ("app", "vault")),
        new Outside("internet", AddressBlock.Of("203.0.113.7/32")),
        new Outside("office", AddressBlock.Of("198.51.100.0/24")),
        new Outside("office-v6", AddressBlock.Of("2001:db8::/64")),
        new Machine(Entity.KubeApiServer),
        new Machine(Entity.Host),
        new Machine(Entity.RemoteNode),
    }.ToDictionary(endpoint => endpoint.Title.Replace("shop/", "").Replace("bank/", ""));

    /// <summary>
    /// Rule, policies (of shop if they name no other namespace), questions (one on each line: "from to port answer").
    /// </summary>
    public static TheoryData<string, string, string> Cases =>
        new()
        {
            {
                "By default a pod is non-isolated both ways",
                "",
                "web api 80 yes\nteller api 80 yes\ninternet api 80 yes\napi internet 443 yes"
            },
            {
                "A policy of another namespace isolates nothing here",
                Policy("podSelector: {}", space: "bank"),
                "web api 80 yes\nweb vault 80 no"
            },
            {
                "A policy that selects no pod changes nothing",
                Policy("podSelector: {matchLabels: {app: ghost}}"),
                "web api 80 yes"
            },
            {
                "An empty podSelector selects every pod of the namespace",
                Policy("podSelector: {}"),
                "web api 80 no\nweb bare 80 no\nweb vault 80 yes"
            },
            { "A missing podSelector is the empty one", Policy("policyTypes: [Ingress]"), "web api 80 no\nweb bare 80 no" },
            {
                "Pods that no policy selects stay open",
                Policy("podSelector: {matchLabels: {app: api}}"),
                "web api 80 no\nweb bare 80 yes"
            },
            {
                "Without policyTypes and egress rules only ingress is isolated",
                Policy("podSelector: {}"),
                "web api 80 no\napi vault 80 yes"
            },
            {
                "Without policyTypes an egress rule isolates egress and ingress",
                Policy("podSelector: {}\negress: [{ports: [{port: 53}]}]"),
                "api vault 80 no\napi vault 53 yes\nvault api 80 no"
            },
            {
                "An empty egress list is no egress rule",
                Policy("podSelector: {}\negress: []"),
                "api vault 80 yes\nvault api 80 no"
            },
            {
                "An empty policyTypes list takes the default",
                Policy("podSelector: {}\npolicyTypes: []"),
                "api vault 80 yes\nvault api 80 no"
            },
            {
                "policyTypes Egress alone leaves ingress open",
                Policy("podSelector: {}\npolicyTypes: [Egress]"),
                "vault api 80 yes\napi vault 80 no"
            },
            {
                "policyTypes without Ingress ignores ingress rules",
                Policy("podSelector: {}\npolicyTypes: [Egress]\ningress: [{ports: [{port: 1}]}]"),
                "vault api 80 yes"
            },
            {
                "Default deny of both directions",
                Policy("podSelector: {}\npolicyTypes: [Ingress, Egress]"),
                "vault api 80 no\napi vault 80 no\nweb api 80 no"
            },
            {
                "Default allow all ingress: one empty rule",
                Policy("podSelector: {}\ningress: [{}]"),
                "web api 80 yes\ninternet api 443 yes\nkube-apiserver api 443 yes"
            },
            {
                "Default allow all egress: one empty rule",
                Policy("podSelector: {}\npolicyTypes: [Egress]\negress: [{}]"),
                "api vault 80 yes\napi internet 443 yes"
            },
            { "An empty ingress list allows nothing", Policy("podSelector: {}\ningress: []"), "web api 80 no" },
            {
                "An empty from matches every source",
                Policy("podSelector: {}\ningress: [{from: []}]"),
                "vault api 80 yes\ninternet api 80 yes"
            },
            {
                "An empty to matches every destination",
                Policy("podSelector: {}\npolicyTypes: [Egress]\negress: [{to: []}]"),
                "api vault 80 yes\napi internet 80 yes"
            },
            {
                "An empty ports list matches every port",
                From("podSelector: {}", ports: "[]"),
                "web api 1 yes\nweb api 65535/UDP yes\nweb api 7/SCTP yes"
            },
            {
                "podSelector alone means pods of the policy's namespace",
                From("podSelector: {matchLabels: {app: web}}"),
                "web api 80 yes\nteller api 80 no\nbare api 80 no"
            },
            {
                "An empty podSelector alone means all pods of the policy's namespace",
                From("podSelector: {}"),
                "bare api 80 yes\nvault api 80 no\ninternet api 80 no"
            },
            {
                "namespaceSelector alone means all pods of these namespaces",
                From("namespaceSelector: {matchLabels: {team: bank}}"),
                "teller api 80 yes\nvault api 80 yes\nweb api 80 no"
            },
            {
                "An empty namespaceSelector means all pods of all namespaces",
                From("namespaceSelector: {}"),
                "vault api 80 yes\nweb api 80 yes\ninternet api 80 no"
            },
            {
                "Both selectors in one peer: these pods in these namespaces",
                From("namespaceSelector: {matchLabels: {team: bank}}\n    podSelector: {matchLabels: {app: web}}"),
                "teller api 80 yes\nvault api 80 no\nweb api 80 no"
            },
            {
                "The selectors in two peers: either",
                From("namespaceSelector: {matchLabels: {team: bank}}\n  - podSelector: {matchLabels: {app: web}}"),
                "teller api 80 yes\nvault api 80 yes\nweb api 80 yes\nbare api 80 no"
            },
            {
                "A namespace is targeted by the name that Kubernetes labels it with",
                From("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: bank}}"),
                "vault api 80 yes\nweb api 80 no"
            },
            {
                "Every label of matchLabels must match",
                Policy("podSelector: {matchLabels: {app: api, tier: front}}"),
                "web api 80 yes"
            },
            {
                "matchLabels and matchExpressions must both match",
                Policy("podSelector: {matchLabels: {app: api}, matchExpressions: [{key: tier, operator: Exists}]}"),
                "web api 80 no\nvault web 80 yes"
            },
            {
                "In: the value is one of these",
                From("podSelector: {matchExpressions: [{key: app, operator: In, values: [x, web]}]}"),
                "web api 80 yes\nbare api 80 no"
            },
            {
                "In does not match a missing key",
                Policy("podSelector: {matchExpressions: [{key: app, operator: In, values: [api, web]}]}"),
                "web bare 80 yes\nbare web 80 no"
            },
            {
                "NotIn: the value is none of these",
                From("podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}"),
                "web api 80 no"
            },
            {
                "NotIn matches a missing key",
                From("podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}"),
                "bare api 80 yes"
            },
            {
                "Exists: the key is there",
                From("podSelector: {matchExpressions: [{key: app, operator: Exists}]}"),
                "web api 80 yes\nbare api 80 no"
            },
            {
                "DoesNotExist: the key is missing",
                From("podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}"),
                "web api 80 no\nbare api 80 yes"
            },
            {
                "ipBlock allows the addresses of its range",
                From("ipBlock: {cidr: 203.0.113.0/24}"),
                "internet api 80 yes\noffice api 80 no"
            },
            {
                "ipBlock means the whole range even when its address is not the first",
                From("ipBlock: {cidr: 203.0.113.99/24}"),
                "internet api 80 yes\noffice api 80 no"
            },
            {
                "ipBlock does not allow its exceptions",
                From("ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.0/28]}"),
                "internet api 80 no"
            },
            {
                "An exception elsewhere in the range does not matter",
                From("ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.64/26]}"),
                "internet api 80 yes"
            },
            {
                "An exception of one peer does not apply to another peer",
                From("ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.0/28]}\n  - ipBlock: {cidr: 203.0.113.7/32}"),
                "internet api 80 yes"
            },
            { "A range is reachable if a part of it is allowed", From("ipBlock: {cidr: 198.51.100.8/29}"), "office api 80 yes" },
            {
                "Exceptions that together cover a range exclude all of it",
                From("ipBlock: {cidr: 198.51.0.0/16, except: [198.51.100.0/25, 198.51.100.128/25]}"),
                "office api 80 no"
            },
            {
                "ipBlock of IPv4 does not match IPv6",
                From("ipBlock: {cidr: 0.0.0.0/0}"),
                "office-v6 api 80 no\noffice api 80 yes"
            },
            { "ipBlock supports IPv6", From("ipBlock: {cidr: 2001:db8::/32}"), "office-v6 api 80 yes\noffice api 80 no" },
            { "ipBlock does not match a pod without a known address", From("ipBlock: {cidr: 0.0.0.0/0}"), "web api 80 no" },
            {
                "ipBlock matches a pod by its known address",
                From("ipBlock: {cidr: 10.2.0.0/16}"),
                "addressed api 80 yes\nweb api 80 no"
            },
            {
                "ipBlock of egress",
                To("ipBlock: {cidr: 203.0.113.0/24}"),
                "api internet 443 yes\napi office 443 no\napi web 443 no"
            },
            {
                "A port's protocol is TCP by default",
                From("podSelector: {}", ports: "[{port: 80}]"),
                "web api 80 yes\nweb api 80/UDP no\nweb api 80/SCTP no"
            },
            {
                "A protocol without a port means all its ports",
                From("podSelector: {}", ports: "[{protocol: UDP}]"),
                "web api 1/UDP yes\nweb api 65535/UDP yes\nweb api 80 no"
            },
            {
                "An empty port item means all ports of TCP",
                From("podSelector: {}", ports: "[{}]"),
                "web api 80 yes\nweb api 80/UDP no"
            },
            { "SCTP", From("podSelector: {}", ports: "[{port: 132, protocol: SCTP}]"), "web api 132/SCTP yes\nweb api 132 no" },
            {
                "endPort includes both ends of the range",
                From("podSelector: {}", ports: "[{port: 100, endPort: 200}]"),
                "web api 99 no\nweb api 100 yes\nweb api 200 yes\nweb api 201 no"
            },
            {
                "A range that ends where it starts is one port",
                From("podSelector: {}", ports: "[{port: 100, endPort: 100}]"),
                "web api 100 yes\nweb api 101 no"
            },
            {
                "A named port is the number that the receiving pod gives it",
                From("podSelector: {}", ports: "[{port: http}]"),
                "web api 8080 yes\nweb api 80 no"
            },
            {
                "A named port matches nothing on a pod without that name",
                From("podSelector: {}", ports: "[{port: http}]", of: "app: web"),
                "api web 8080 no"
            },
            {
                "A named port has the protocol of the rule and of the container",
                From("podSelector: {}", ports: "[{port: dns}, {port: http, protocol: UDP}]"),
                "web api 5353 no\nweb api 5353/UDP no\nweb api 8080/UDP no"
            },
            {
                "A named port with its protocol",
                From("podSelector: {}", ports: "[{port: dns, protocol: UDP}]"),
                "web api 5353/UDP yes"
            },
            {
                "A named port of egress is the destination's",
                To("namespaceSelector: {}", ports: "[{port: http}]"),
                "api teller 9999 yes\napi teller 8080 no"
            },
            {
                "A named port matches nothing outside the cluster",
                To("ipBlock: {cidr: 203.0.113.7/32}", ports: "[{port: http}]"),
                "api internet 8080 no"
            },
            {
                "Ports in one list are alternatives",
                From("podSelector: {}", ports: "[{port: 80}, {port: 443}]"),
                "web api 80 yes\nweb api 443 yes\nweb api 81 no"
            },
            {
                "A rule needs a peer and a port",
                From("podSelector: {matchLabels: {app: web}}", ports: "[{port: 80}]"),
                "web api 80 yes\nweb api 81 no\nbare api 80 no"
            },
            {
                "Peer and port of two rules do not combine",
                Policy(
                    "podSelector: {}\ningress:\n"
                        + "- {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}\n"
                        + "- {from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 81}]}"
                ),
                "web bare 80 yes\nweb bare 81 no\napi bare 81 yes\napi bare 80 no"
            },
            {
                "Policies add up",
                Policy("podSelector: {}")
                    + From("podSelector: {matchLabels: {app: web}}", ports: "[{port: 80}]", name: "b")
                    + From("podSelector: {}", ports: "[{port: 81}]", name: "c"),
                "web api 80 yes\nweb api 81 yes\nbare api 81 yes\nbare api 80 no\nweb api 82 no"
            },
            {
                "The order of policies does not matter",
                From("podSelector: {}", ports: "[{port: 81}]", name: "z") + Policy("podSelector: {}"),
                "web api 81 yes\nweb api 82 no"
            },
            {
                "Both ends must allow: egress denies",
                Policy("podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]") + From("podSelector: {}", name: "b"),
                "web api 80 no\nbare api 80 yes"
            },
            {
                "Both ends must allow: ingress denies",
                Policy("podSelector: {matchLabels: {app: api}}")
                    + Policy("podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{}]", name: "b"),
                "web api 80 no\nweb bare 80 yes"
            },
            {
                "Allowed ingress does not allow egress",
                Policy("podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: [{from: [{namespaceSelector: {}}]}]"),
                "vault api 80 yes\napi vault 80 no"
            },
            {
                "A pod cannot block access to itself",
                Policy("podSelector: {}\npolicyTypes: [Ingress, Egress]"),
                "api api 80 yes\nbare bare 53/UDP yes"
            },
            {
                "No policy selects a pod on its node's network",
                Policy("podSelector: {}\npolicyTypes: [Ingress, Egress]"),
                "vault node 80 yes\nnode vault 80 yes"
            },
            {
                "No selector matches the traffic of a pod on its node's network",
                From("podSelector: {}"),
                "node api 80 no\nweb api 80 yes"
            },
            {
                "A rule without from also allows nodes and the API server",
                Policy("podSelector: {}\ningress: [{ports: [{port: 10250}]}]"),
                "kube-apiserver api 10250 yes\nremote-node api 10250 yes\nnode api 10250 yes\nkube-apiserver api 443 no"
            },
            {
                "No ipBlock matches nodes and the API server on Cilium",
                To("ipBlock: {cidr: 0.0.0.0/0}"),
                "api kube-apiserver 443 no\napi remote-node 10250 no"
            },
            {
                "No selector matches nodes and the API server",
                To("namespaceSelector: {}"),
                "api kube-apiserver 443 no\napi host 80 no"
            },
            {
                "Cilium: only the named entity is allowed",
                Cilium("[{toEntities: [kube-apiserver]}]"),
                "api kube-apiserver 443 yes\napi host 10250 no\napi internet 443 no"
            },
            {
                "Cilium: ports of entities",
                Cilium("[{toEntities: [host, remote-node], toPorts: [{ports: [{port: '10250', protocol: TCP}, {port: '53'}]}]}]"),
                "api host 10250 yes\napi remote-node 10250 yes\napi host 10250/UDP no\n"
                    + "api host 53/UDP yes\napi host 53 yes\napi host 80 no"
            },
            {
                "Cilium: an egress section isolates egress alone",
                Cilium("[{toEntities: [kube-apiserver]}]"),
                "api web 80 no\nweb api 80 yes"
            },
            {
                "Cilium: its policies and Kubernetes' add up",
                Cilium("[{toEntities: [kube-apiserver]}]") + To("podSelector: {}", name: "b"),
                "api kube-apiserver 443 yes\napi web 80 yes\napi vault 80 no"
            },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluator_follows_the_documented_rule(string rule, string policies, string questions)
    {
        var evaluator = new Evaluator(
            new()
            {
                Namespaces = new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    ["shop"] = Cluster.LabelsOf("shop", new Dictionary<string, string> { ["team"] = "shop" }),
                    ["bank"] = Cluster.LabelsOf("bank", new Dictionary<string, string> { ["team"] = "bank" }),
                },
                Policies =
                [
                    .. YamlObjects.Parse(policies).Select((policy, index) => PolicyParser.Parse(policy, $"policy {index}")),
                ],
            }
        );
        foreach (var question in questions.Split('\n'))
        {
            var words = question.Split(' ');
            var answer = evaluator.Evaluate(s_endpoints[words[0]], s_endpoints[words[1]], PortOf(words[2]));
            Assert.True(answer.Allowed == (words[3] == "yes"), $"{rule}: \"{question}\", but\n{answer.Explain()}");
        }
    }

    [Fact]
    public void Evaluator_follows_the_example_of_the_documentation()
    {
        var policy = PolicyParser.Parse(
            Assert.Single(
                YamlObjects.Parse(
                    """
                    apiVersion: networking.k8s.io/v1
                    kind: NetworkPolicy
                    metadata: {name: test-network-policy, namespace: default}
                    spec:
                      podSelector: {matchLabels: {role: db}}
                      policyTypes: [Ingress, Egress]
                      ingress:
                      - from:
                        - ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}
                        - namespaceSelector: {matchLabels: {project: myproject}}
                        - podSelector: {matchLabels: {role: frontend}}
                        ports: [{protocol: TCP, port: 6379}]
                      egress:
                      - to: [{ipBlock: {cidr: 10.0.0.0/24}}]
                        ports: [{protocol: TCP, port: 5978}]
                    """
                )
            ),
            "the documentation"
        );
        var evaluator = new Evaluator(
            new()
            {
                Namespaces = new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    ["default"] = Cluster.LabelsOf("default"),
                    ["mine"] = Cluster.LabelsOf("mine", new Dictionary<string, string> { ["project"] = "myproject" }),
                },
                Policies = [policy],
            }
        );
        var db = Pod("default", "db", ("role", "db"));

        bool In(Endpoint from, int port) => evaluator.Evaluate(from, db, new(port)).Allowed;
        bool Out(string range, int port) => evaluator.Evaluate(db, new Outside(range, AddressBlock.Of(range)), new(port)).Allowed;

        Assert.True(In(Pod("default", "front", ("role", "frontend")), 6379));
        Assert.False(In(Pod("default", "front", ("role", "frontend")), 6380));
        Assert.True(In(Pod("mine", "any"), 6379));
        Assert.False(In(Pod("mine", "any"), 5978));
        Assert.True(In(new Outside("first", AddressBlock.Of("172.17.0.0/24")), 6379));
        Assert.False(In(new Outside("left out", AddressBlock.Of("172.17.1.0/24")), 6379));
        Assert.True(In(new Outside("rest", AddressBlock.Of("172.17.2.0/23")), 6379));
        Assert.True(Out("10.0.0.0/24", 5978));
        Assert.False(Out("10.0.0.0/24", 6379));
        Assert.False(Out("10.0.1.0/24", 5978));
    }

    private static Pod Pod(string space, string name, params (string Key, string Value)[] labels) =>
        new()
        {
            Namespace = space,
            Name = name,
            Labels = labels.ToDictionary(label => label.Key, label => label.Value),
        };

    private static Port PortOf(string text)
    {
        var parts = text.Split('/');
        return new(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            parts.Length == 1 ? Protocol.Tcp : Enum.Parse<Protocol>(parts[1], ignoreCase: true)
        );
    }

    private static string Policy(string spec, string space = "shop", string name = "a") =>
        $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {space}}}\n"
        + $"spec:\n  {spec.Replace("\n", "\n  ")}\n---\n";

    private static string From(string peer, string? ports = null, string name = "a", string of = "app: api") =>
        Policy(
            $"podSelector: {{matchLabels: {{{of}}}}}\ningress:\n- from:\n  - {peer}"
                + (ports is null ? "" : $"\n  ports: {ports}"),
            name: name
        );

    private static string To(string peer, string? ports = null, string name = "a") =>
        Policy(
            $"podSelector: {{matchLabels: {{app: api}}}}\npolicyTypes: [Egress]\negress:\n- to:\n  - {peer}"
                + (ports is null ? "" : $"\n  ports: {ports}"),
            name: name
        );

    private static string Cilium(string egress) =>
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\n"
        + $"spec:\n  endpointSelector: {{matchLabels: {{app: api}}}}\n  egress: {egress}\n---\n";
}
