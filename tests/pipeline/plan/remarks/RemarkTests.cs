using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Plan;

namespace InfraCdktf.Tests.Pipeline.Plan.Remarks;

/// <summary>Each rule speaks about the dangerous direction of a change, and not about the other one.</summary>
[Trait("Level", "pure")]
public sealed class RemarkTests
{
    private const string Cluster = "linode_lke_cluster";
    private const string Policy = "kubernetes_network_policy_v1";
    private const string Update = """["update"]""";
    private const string Create = """["create"]""";
    private const string Delete = """["delete"]""";
    private const string ReplaceIt = """["delete","create"]""";

    [Theory]
    [InlineData(
        """[{"label":"a","type":"t"},{"label":"b","type":"t"}]""",
        """[{"label":"a","type":"t"}]""",
        "Node pool b is removed"
    )]
    [InlineData(
        """[{"label":"a","type":"t"}]""",
        """[{"label":"a","type":"u"}]""",
        "Linode replaces all nodes of pool a: its type changes"
    )]
    [InlineData("""[{"label":"a","type":"t"}]""", """[{"label":"a","type":"t"},{"label":"b","type":"t"}]""", null)]
    [InlineData(
        """[{"label":"a","type":"t","disk_encryption":"enabled"}]""",
        """[{"label":"a","type":"t","disk_encryption":"disabled"}]""",
        "its disk encryption changes|are not encrypted any more"
    )]
    [InlineData(
        """[{"label":"a","type":"t","disk_encryption":"disabled"}]""",
        """[{"label":"a","type":"t","disk_encryption":"enabled"}]""",
        "its disk encryption changes"
    )]
    [InlineData(
        """[{"label":"a","type":"t"},{"label":"b","type":"t"}]""",
        """[{"label":"b","type":"t"},{"label":"a","type":"t"}]""",
        "Node pools change their places in the list: a, b"
    )]
    [InlineData(
        """[{"label":"a","type":"t"},{"label":"b","type":"t"}]""",
        """[{"label":"b","type":"t"}]""",
        "Node pool a is removed|change their places in the list: b"
    )]
    public void Node_pools(string before, string after, string? expected) =>
        Expect(Cluster, Update, $$"""{"pool":{{before}} }""", $$"""{"pool":{{after}} }""", expected);

    [Theory]
    [InlineData("""["10.0.0.0/8"]""", """["10.0.0.0/8","192.0.2.0/24"]""", "The allow-list gets wider: the control plane")]
    [InlineData("""["203.0.113.0/28"]""", """["203.0.113.0/27"]""", "The allow-list gets wider: the control plane")]
    [InlineData("""["203.0.113.0/27"]""", """["203.0.113.0/28"]""", null)]
    [InlineData("""["10.0.0.0/8","192.0.2.0/24"]""", """["10.0.0.0/8"]""", null)]
    [InlineData("""["10.0.0.0/8"]""", """["0.0.0.0/0"]""", "The control plane accepts connections from EVERY address")]
    public void Control_plane(string before, string after, string? expected)
    {
        static string Acl(string ranges) =>
            """{"control_plane":[{"acl":[{"enabled":true,"addresses":[{"ipv4":RANGES,"ipv6":null}]}]}]}""".Replace(
                "RANGES",
                ranges,
                StringComparison.Ordinal
            );
        Expect(Cluster, Update, Acl(before), Acl(after), expected);
    }

    [Fact]
    public void Control_plane_without_its_list() =>
        Expect(
            Cluster,
            Update,
            """{"control_plane":[{"acl":[{"enabled":true,"addresses":[{"ipv4":["10.0.0.0/8"]}]}]}]}""",
            """{"control_plane":[{"acl":[{"enabled":false}]}]}""",
            "EVERY address: its list is off"
        );

    [Theory]
    [InlineData(
        """{"inbound_policy":"DROP"}""",
        """{"inbound_policy":"ACCEPT"}""",
        "accepts every inbound connection that no rule drops"
    )]
    [InlineData("""{"inbound_policy":"ACCEPT"}""", """{"inbound_policy":"DROP"}""", null)]
    [InlineData("""{"disabled":false}""", """{"disabled":true}""", "is switched off")]
    [InlineData(
        """{"inbound":[]}""",
        """{"inbound":[{"label":"ssh","action":"ACCEPT","protocol":"TCP","ports":"22","ipv4":["192.0.2.0/24"]}]}""",
        "accepts more inbound connections, by its rule ssh"
    )]
    [InlineData(
        """{"inbound":[{"label":"a","action":"ACCEPT","protocol":"TCP","ports":"22","ipv4":["192.0.2.0/24"]}]}""",
        """{"inbound":[{"label":"b","action":"ACCEPT","protocol":"TCP","ports":"22","ipv4":["192.0.2.0/25"]}]}""",
        null
    )]
    [InlineData(
        """{"inbound":[{"label":"a","action":"ACCEPT","protocol":"TCP","ports":"22","ipv4":["192.0.2.0/24"]}]}""",
        """{"inbound":[{"label":"a","action":"ACCEPT","protocol":"TCP","ports":"22-80","ipv4":["192.0.2.0/24"]}]}""",
        "accepts more inbound connections, by its rule a"
    )]
    public void Firewalls(string before, string after, string? expected) =>
        Expect("linode_firewall", Update, before, after, expected);

    [Theory]
    [InlineData("""{"cluster_size":2}""", """{"cluster_size":1}""", "gets a single node")]
    [InlineData("""{"cluster_size":3}""", """{"cluster_size":2}""", "gets fewer nodes")]
    [InlineData("""{"cluster_size":1}""", """{"cluster_size":3}""", "gets more nodes")]
    [InlineData("""{"type":"a"}""", """{"type":"b"}""", "get another size")]
    [InlineData("""{"engine_id":"postgresql/16"}""", """{"engine_id":"postgresql/17"}""", "to another version")]
    [InlineData(
        """{"allow_list":["10.0.0.0/20"]}""",
        """{"allow_list":["10.0.0.0/8"]}""",
        "The allow-list gets wider: the database"
    )]
    [InlineData(
        """{"private_network":{"public_access":false}}""",
        """{"private_network":{"public_access":true}}""",
        "an address on the internet"
    )]
    public void Databases(string before, string after, string expected) =>
        Expect("linode_database_postgresql_v2", Update, before, after, expected);

    [Theory]
    [InlineData("linode_database_postgresql_v2", Delete, "with its data and its backups")]
    [InlineData("linode_object_storage_bucket", Delete, "Linode deletes only an empty bucket")]
    [InlineData("linode_object_storage_key", ReplaceIt, "is replaced: programs lose their access")]
    [InlineData("linode_object_storage_key", Delete, "programs with it lose their access")]
    [InlineData("linode_domain", Delete, "with all its records")]
    [InlineData("linode_vpc_subnet", Delete, "The network x is removed")]
    [InlineData("linode_lock", Delete, "The protection from deletion is turned off")]
    [InlineData(Cluster, Delete, "Linode deletes the cluster with all its nodes")]
    [InlineData("kubernetes_namespace_v1", Delete, "Kubernetes deletes everything in it")]
    [InlineData("kubernetes_secret_v1", Delete, "pods that need it do not start")]
    [InlineData("helm_release", Delete, "is uninstalled")]
    public void Removals(string type, string actions, string expected) =>
        Expect(type, actions, """{"label":"x"}""", actions == Delete ? "null" : """{"label":"x"}""", expected);

    [Theory]
    [InlineData("v1.34.6+lke2", "v1.35.1+lke1", "Kubernetes is upgraded, and Linode replaces all nodes")]
    [InlineData("v1.35.1+lke1", "v1.34.6+lke2", "which Linode refuses")]
    public void Kubernetes_version(string before, string after, string expected) =>
        Expect(Cluster, Update, $$"""{"k8s_version":"{{before}}"}""", $$"""{"k8s_version":"{{after}}"}""", expected);

    [Theory]
    [InlineData("1.9.0", "1.10.0", "gets another version")]
    [InlineData("1.10.0", "1.9.0", "gets an OLDER version")]
    public void Chart_version(string before, string after, string expected) =>
        Expect("helm_release", Update, $$"""{"version":"{{before}}"}""", $$"""{"version":"{{after}}"}""", expected);

    [Theory]
    [InlineData("16", "12", "shrinks")]
    [InlineData("1", "500m", "shrinks")]
    [InlineData("500m", "1", null)]
    public void Quotas(string before, string after, string? expected) =>
        Expect(
            "kubernetes_resource_quota_v1",
            Update,
            """{"metadata":[{"name":"q"}],"spec":[{"hard":{"cpu":"X"}}]}""".Replace("X", before, StringComparison.Ordinal),
            """{"metadata":[{"name":"q"}],"spec":[{"hard":{"cpu":"X"}}]}""".Replace("X", after, StringComparison.Ordinal),
            expected
        );

    [Theory]
    [InlineData("8Gi", "4Gi", "allows smaller containers only")]
    [InlineData("4Gi", "8Gi", null)]
    public void Limit_ranges(string before, string after, string? expected) =>
        Expect(
            "kubernetes_limit_range_v1",
            Update,
            """{"metadata":[{"name":"l"}],"spec":[{"limit":[{"max":{"memory":"X"}}]}]}""".Replace(
                "X",
                before,
                StringComparison.Ordinal
            ),
            """{"metadata":[{"name":"l"}],"spec":[{"limit":[{"max":{"memory":"X"}}]}]}""".Replace(
                "X",
                after,
                StringComparison.Ordinal
            ),
            expected
        );

    private const string Deny = """
        {"metadata":[{"name":"p"}],
         "spec":[{"pod_selector":[{}],"policy_types":["Ingress","Egress"],"ingress":[],"egress":[]}]}
        """;

    [Theory]
    [InlineData(Create, "null", """[{"ip_block":[{"cidr":"192.0.2.0/24"}]}]""", "allows connections from addresses")]
    [InlineData(
        Update,
        """[{"ip_block":[{"cidr":"192.0.2.0/24"}]}]""",
        """[{"ip_block":[{"cidr":"192.0.2.0/23"}]}]""",
        "allows more connections from addresses"
    )]
    [InlineData(Update, """[{"ip_block":[{"cidr":"192.0.2.0/23"}]}]""", """[{"ip_block":[{"cidr":"192.0.2.0/24"}]}]""", null)]
    [InlineData(
        Update,
        """[{"ip_block":[{"cidr":"192.0.2.0/23","except":["192.0.2.0/24"]}]}]""",
        """[{"ip_block":[{"cidr":"192.0.2.0/23","except":[]}]}]""",
        "allows more connections from addresses"
    )]
    [InlineData(
        Update,
        """[{"pod_selector":[{"match_labels":{"a":"b"}}]}]""",
        """[{"pod_selector":[{}]}]""",
        "allows more connections from pods"
    )]
    [InlineData(Update, """[{"pod_selector":[{"match_labels":{"a":"b"}}]}]""", "[]", "allows more connections from EVERYWHERE")]
    public void Network_policies(string actions, string before, string after, string? expected)
    {
        static string Of(string peers) =>
            peers == "null"
                ? "null"
                : """
                    {"metadata":[{"name":"p","namespace":"n"}],
                     "spec":[{"pod_selector":[{}],"policy_types":["Ingress"],
                              "ingress":[{"from":PEERS,"ports":[{"port":"80","protocol":"TCP"}]}]}]}
                    """.Replace("PEERS", peers, StringComparison.Ordinal);
        Expect(Policy, actions, Of(before), Of(after), expected);
    }

    [Fact]
    public void Default_deny_that_ends() => Expect(Policy, Delete, Deny, "null", "The default deny p ends");

    [Fact]
    public void Network_policy_that_does_not_limit_egress() =>
        Expect(Policy, Update, Deny, Deny.Replace(",\"Egress\"", "", StringComparison.Ordinal), "does not limit egress any more");

    [Theory]
    [InlineData("""["get"]""", """["get","delete"]""", "gives more rights to everybody who has it")]
    [InlineData("""["get","delete"]""", """["get"]""", null)]
    public void Roles(string before, string after, string? expected)
    {
        static string Of(string verbs) =>
            """{"metadata":[{"name":"r"}],"rule":[{"api_groups":[""],"resources":["pods"],"verbs":VERBS}]}""".Replace(
                "VERBS",
                verbs,
                StringComparison.Ordinal
            );
        Expect("kubernetes_cluster_role_v1", Update, Of(before), Of(after), expected);
    }

    [Theory]
    [InlineData(Create, "null", "viewer", "ServiceAccount a/jane gets ClusterRole viewer, in n")]
    [InlineData(
        ReplaceIt,
        "viewer",
        "operator",
        "ServiceAccount a/jane: ClusterRole operator instead of ClusterRole viewer, in n"
    )]
    [InlineData(Delete, "viewer", "null", null)]
    public void Bindings(string actions, string before, string after, string? expected)
    {
        static string Of(string role) =>
            role == "null"
                ? "null"
                : """
                    {"metadata":[{"name":"b","namespace":"n"}],
                     "role_ref":[{"kind":"ClusterRole","name":"ROLE"}],
                     "subject":[{"kind":"ServiceAccount","name":"jane","namespace":"a"}]}
                    """.Replace("ROLE", role, StringComparison.Ordinal);
        Expect("kubernetes_role_binding_v1", actions, Of(before), Of(after), expected);
    }

    [Theory]
    [InlineData("restricted", "baseline", "accepts pods with more rights")]
    [InlineData("baseline", "restricted", null)]
    public void Pod_security(string before, string after, string? expected)
    {
        static string Of(string level) =>
            """{"metadata":[{"name":"n","labels":{"pod-security.kubernetes.io/enforce":"LEVEL"}}]}""".Replace(
                "LEVEL",
                level,
                StringComparison.Ordinal
            );
        Expect("kubernetes_namespace_v1", Update, Of(before), Of(after), expected);
    }

    [Theory]
    [InlineData(
        """{"validationActions":["Deny"]}""",
        """{"validationActions":["Warn","Audit"]}""",
        "ValidatingAdmissionPolicyBinding",
        "does not refuse any more"
    )]
    [InlineData(
        """{"validationActions":["Warn"]}""",
        """{"validationActions":["Deny"]}""",
        "ValidatingAdmissionPolicyBinding",
        null
    )]
    [InlineData("""{"validationActions":["Deny"]}""", null, "ValidatingAdmissionPolicyBinding", "what it refused is accepted")]
    [InlineData(
        """{"failurePolicy":"Fail"}""",
        """{"failurePolicy":"Ignore"}""",
        "ValidatingAdmissionPolicy",
        "accepts what it cannot check"
    )]
    [InlineData("""{"variables":[1]}""", """{"variables":[2]}""", "ValidatingAdmissionPolicy", "read what it accepts now")]
    public void Admission_inside_a_release(string before, string? after, string kind, string? expected)
    {
        string Of(string? spec) =>
            spec is null
                ? "[]"
                : """[{"kind":"KIND","metadata":{"name":"x"},"spec":SPEC}]"""
                    .Replace("KIND", kind, StringComparison.Ordinal)
                    .Replace("SPEC", spec, StringComparison.Ordinal);
        var change = Assert.Single(
            Summary(
                "helm_release",
                Update,
                new JsonObject { ["values"] = new JsonArray($$"""{"manifests":{{Of(before)}} }""") }.ToJsonString(),
                new JsonObject { ["values"] = new JsonArray($$"""{"manifests":{{Of(after)}} }""") }.ToJsonString()
            ).Changes
        );

        var inside = Assert.Single(change.Objects);
        Assert.Equal($"{kind} x", inside.Address);
        Assert.NotEqual(ChangeGroup.Others, change.Group);
        Check(inside, expected);
    }

    [Theory]
    [InlineData("30d", "15d", "Prometheus keeps metrics for a shorter time")]
    [InlineData("15d", "30d", null)]
    public void Retention(string before, string after, string? expected)
    {
        static string Of(string days) =>
            new JsonObject
            {
                ["values"] = new JsonArray($$"""{"prometheus":{"prometheusSpec":{"retention":"{{days}}"} } }"""),
            }.ToJsonString();
        Expect("helm_release", Update, Of(before), Of(after), expected);
    }

    [Theory]
    [InlineData(
        "kubernetes_storage_class_v1",
        """{"reclaim_policy":"Retain"}""",
        """{"reclaim_policy":"Delete"}""",
        "does not keep the data any more"
    )]
    [InlineData(
        "kubernetes_storage_class_v1",
        """{"parameters":{"linodebs.csi.linode.com/encrypted":"true"}}""",
        """{"parameters":{"linodebs.csi.linode.com/encrypted":"false"}}""",
        "are not encrypted any more"
    )]
    [InlineData("linode_object_storage_bucket", """{"acl":"private"}""", """{"acl":"public-read"}""", "is not private any more")]
    [InlineData("linode_domain", """{"domain":"a.example"}""", """{"domain":"b.example"}""", "The DNS zone gets another name")]
    public void Other_protections(string type, string before, string after, string expected) =>
        Expect(type, Update, before, after, expected);

    // All remarks, separated by "|": each contains the words.
    private static void Expect(string type, string actions, string before, string after, string? expected) =>
        Check(Assert.Single(Summary(type, actions, before, after).Changes), expected);

    private static void Check(PlannedChange change, string? expected)
    {
        var words = expected?.Split('|') ?? [];
        Assert.True(
            words.Length == change.Remarks.Count
                && words.Zip(change.Remarks).All(pair => pair.Second.Text.Contains(pair.First, StringComparison.Ordinal)),
            $"expected {expected ?? "no remark"}, got: {string.Join(" | ", change.Remarks)}"
        );
    }

    private static PlanSummary Summary(string type, string actions, string before, string after) =>
        PlanSummary.Of(
            "core",
            new JsonObject
            {
                ["resource_changes"] = new JsonArray(
                    JsonNode.Parse(
                        $$$"""
                        {"address":"{{{type}}}.x","mode":"managed","type":"{{{type}}}",
                         "change":{"actions":{{{actions}}},"before":{{{before}}},"after":{{{after}}} } }
                        """
                    )
                ),
            }
        );
}
