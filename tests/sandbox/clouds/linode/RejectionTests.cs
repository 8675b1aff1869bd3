using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Tests.Sandbox.Clouds.Linode;

/// <summary>
/// The refusals of Linode, Kubernetes and Helm. Each case is a valid object and one change that makes it invalid. The tests run
/// in process: the code that answers Terraform, without Terraform.
/// </summary>
[Trait("Level", "pure")]
public sealed class RejectionTests : IClassFixture<SandboxClouds>, IDisposable
{
    private const string Vpc = """{"label":"core","region":"us-ord"}""";
    private const string Subnet = """{"vpc_id":VPC,"label":"nodes","ipv4":"10.0.0.0/16","ipv6":[{"range":"auto"}]}""";

    private const string Cluster = """
        {"label":"core","region":"us-ord","k8s_version":"v1.34.6+lke2","tier":"enterprise","vpc_id":VPC,"subnet_id":SUBNET,
         "control_plane":[{"acl":[{"enabled":true,"addresses":[{"ipv4":["203.0.113.0/24"]}]}]}],
         "pool":[{"type":"g6-dedicated-4","label":"app","autoscaler":[{"min":1,"max":10}]}]}
        """;

    private const string Standard = """
        {"label":"core","region":"us-ord","k8s_version":"1.34","pool":[{"type":"g6-standard-2","label":"app","count":3}]}
        """;

    private const string Database = """
        {"label":"dev","engine_id":"postgresql/16","region":"us-ord","type":"g6-dedicated-2","cluster_size":1,
         "private_network":{"vpc_id":VPC,"subnet_id":SUBNET},
         "updates":{"day_of_week":1,"duration":4,"frequency":"weekly","hour_of_day":2}}
        """;

    private const string Firewall = """
        {"label":"nodes","inbound_policy":"DROP","outbound_policy":"ACCEPT",
         "inbound":[{"label":"ssh","action":"ACCEPT","protocol":"TCP","ports":"22","ipv4":["203.0.113.0/24"]}]}
        """;

    private const string Bucket = """{"label":"media","region":"us-ord"}""";
    private const string Lock = """{"entity_id":CLUSTER,"entity_type":"lkecluster","lock_type":"cannot_delete"}""";
    private const string Domain = """{"domain":"example.org","type":"master","soa_email":"a@example.org"}""";
    private const string Record = """{"domain_id":DOMAIN,"record_type":"A","name":"www","target":"192.0.2.1"}""";

    private const string Key = """
        {"label":"k","bucket_access":[{"bucket_name":"media","region":"us-ord","permissions":"read_write"}]}
        """;

    private const string ConfigMap = """{"metadata":[{"name":"a","namespace":"dev","labels":{"team":"a"}}],"data":{"a":"b"}}""";
    private const string Service = """
        {"metadata":[{"name":"a","namespace":"dev"}],"spec":[{"type":"NodePort","port":[{"port":80}]}]}
        """;

    private const string Binding = """
        {"metadata":[{"name":"a","namespace":"dev"}],"subject":[{"kind":"Group","name":"team"}],
         "role_ref":[{"api_group":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"}]}
        """;

    private const string Quota = """{"metadata":[{"name":"a","namespace":"dev"}],"spec":[{"hard":{"requests.cpu":"1"}}]}""";

    private const string Policy = """
        {"metadata":[{"name":"a","namespace":"dev"}],"spec":[{"pod_selector":[{}],"policy_types":["Egress"],
         "egress":[{"ports":[{"port":"443","protocol":"TCP"}],
          "to":[{"ip_block":[{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}]}]}]}]}
        """;

    private const string Release = """
        {"name":"cm","namespace":"dev","chart":"cert-manager","repository":"https://charts.jetstack.io","version":"v1.21.1",
         "values":["{}"]}
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("reject-").FullName;
    private readonly Account _account;
    private readonly SandboxClouds _clouds;
    private readonly Dictionary<string, string> _ids = [];

    public RejectionTests(SandboxClouds clouds)
    {
        _clouds = clouds;
        _account = new Account(_directory);
        Make("VPC", "linode_vpc", Vpc);
        Make("SUBNET", "linode_vpc_subnet", Subnet);
        Make("", "kubernetes_namespace_v1", """{"metadata":[{"name":"dev"}]}""");
        Make("", "linode_object_storage_bucket", Bucket);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("linode_vpc", Vpc, "\"core\"", "\"other\"")]
    [InlineData("linode_vpc_subnet", Subnet, "10.0.0.0/16", "10.1.0.0/16", "\"nodes\"", "\"other\"")]
    [InlineData("linode_lke_cluster", Cluster)]
    [InlineData("linode_lke_cluster", Standard)]
    [InlineData("linode_database_postgresql_v2", Database)]
    [InlineData("linode_firewall", Firewall)]
    [InlineData("linode_object_storage_bucket", Bucket, "media", "logs")]
    [InlineData("linode_object_storage_key", Key)]
    [InlineData("linode_domain", Domain)]
    [InlineData("kubernetes_config_map_v1", ConfigMap)]
    [InlineData("kubernetes_resource_quota_v1", Quota)]
    [InlineData("kubernetes_network_policy_v1", Policy)]
    [InlineData("kubernetes_service_v1", Service)]
    [InlineData("kubernetes_role_binding_v1", Binding)]
    [InlineData("helm_release", Release)]
    public void Cloud_accepts_a_valid_object(string type, string config, params string[] replaced) =>
        Assert.Null(Errors(type, Replace(config, replaced)));

    [Theory]
    [InlineData("[400] [region] Region is not valid", Vpc, "us-ord", "us-nowhere")]
    [InlineData("[400] [region] VPCs are not supported in region ap-west", Vpc, "us-ord", "ap-west")]
    [InlineData("Label must be unique among your VPCs", Vpc)]
    [InlineData("two dashes", Vpc, "\"core\"", "\"a--b\"")]
    [InlineData("only ASCII", Vpc, "\"core\"", "\"a_b\"")]
    public void Linode_refuses_an_invalid_vpc(string message, string config, params string[] replaced) =>
        Refuses("linode_vpc", message, config, replaced);

    [Theory]
    [InlineData("overlap with existing subnet 10.0.0.0/16", "10.0.0.0/16", "10.0.128.0/17")]
    [InlineData("overlap with existing subnet", "10.0.0.0/16", "10.0.0.0/8")]
    [InlineData("reserved range 192.168.128.0/17", "10.0.0.0/16", "192.168.200.0/24")]
    [InlineData("private (RFC 1918)", "10.0.0.0/16", "8.8.8.0/24")]
    [InlineData("Prefix length", "10.0.0.0/16", "10.9.0.0/30")]
    [InlineData("CIDR notation", "10.0.0.0/16", "10.9.0.1/16")]
    [InlineData("[404] Not found", "VPC", "1")]
    [InlineData("unique among the VPC's subnets", "10.0.0.0/16", "10.9.0.0/16", "\"other\"", "\"nodes\"")]
    public void Linode_refuses_an_invalid_subnet(string message, params string[] replaced) =>
        Refuses("linode_vpc_subnet", message, Subnet.Replace("\"nodes\"", "\"other\""), replaced);

    [Theory]
    [InlineData("k8s_version is not valid", "v1.34.6+lke2", "1.34")]
    [InlineData("3-32 characters", "\"core\"", "\"co\"")]
    [InlineData("3-32 characters", "\"core\"", "\"core_1\"")]
    [InlineData("3-32 characters", "\"core\"", "\"a12345678901234567890123456789012\"")]
    [InlineData("At least one IP address", "[\"203.0.113.0/24\"]", "[]")]
    [InlineData("vpc_id and subnet_id must be given together", "\"vpc_id\":VPC,", "")]
    [InlineData("vpc_id and subnet_id must be given together", "\"subnet_id\":SUBNET,", "")]
    [InlineData("LKE is not supported in region", "us-ord", "ap-west")]
    [InlineData("at most 15 characters", "\"app\"", "\"application-pool\"")]
    [InlineData("Type is not valid", "g6-dedicated-4", "g6-huge")]
    [InlineData("min must be at least 1 and at most max", "\"min\":1", "\"min\":11")]
    [InlineData("valid IP addresses", "203.0.113.0/24", "office")]
    public void Linode_refuses_an_invalid_enterprise_cluster(string message, params string[] replaced) =>
        Refuses("linode_lke_cluster", message, Cluster, replaced);

    [Theory]
    [InlineData("k8s_version is not valid", "1.34", "v1.34.6+lke2")]
    [InlineData("k8s_version is not valid", "1.34", "1.34.1")]
    [InlineData("At least one node pool", """{"type":"g6-standard-2","label":"app","count":3}""", "")]
    [InlineData("between 1 and 500", "\"count\":3", "\"count\":501")]
    [InlineData("pool.0.disk_encryption to be one of", "\"count\":3", "\"count\":3,\"disk_encryption\":\"on\"")]
    public void Linode_refuses_an_invalid_standard_cluster(string message, params string[] replaced) =>
        Refuses("linode_lke_cluster", message, Standard, replaced);

    [Fact]
    public void Linode_refuses_the_tier_field_in_the_stable_API() =>
        Assert.Contains(
            "[tier] is not a valid field",
            Errors("linode_lke_cluster", Replace(Cluster), """{"api_version":"v4"}""")
        );

    [Fact]
    public void Linode_refuses_an_enterprise_subnet_without_IPv6()
    {
        Make("SUBNET", "linode_vpc_subnet", """{"vpc_id":VPC,"label":"four","ipv4":"10.4.0.0/16"}""");
        Refuses("linode_lke_cluster", "dual stack", Cluster, []);
    }

    [Theory]
    [InlineData(
        "2 nodes are not available on the standard plan",
        "g6-dedicated-2",
        "g6-standard-2",
        "\"cluster_size\":1",
        "\"cluster_size\":2"
    )]
    [InlineData("type is not valid", "g6-dedicated-2", "g6-huge")]
    [InlineData("engine is not valid", "postgresql/16", "postgresql/9")]
    [InlineData("VPC not found", "\"vpc_id\":VPC", "\"vpc_id\":1")]
    [InlineData("VPC must be in the database's region", "us-ord", "nl-ams")]
    [InlineData("Subnet not found in the VPC", "SUBNET", "1")]
    [InlineData("database updates duration must be 4", "\"duration\":4", "\"duration\":3")]
    [InlineData("frequency must be weekly", "weekly", "monthly")]
    public void Linode_refuses_an_invalid_database(string message, params string[] replaced) =>
        Refuses("linode_database_postgresql_v2", message, Database, replaced);

    [Fact]
    public void Database_with_a_late_error_exists_after_the_error()
    {
        Refuses("linode_database_postgresql_v2", "duration must be 4", Database, ["\"duration\":4", "\"duration\":3"]);
        Assert.Contains(_account.Objects, o => o.Type == "linode_database_postgresql_v2");
    }

    [Theory]
    [InlineData("linode_firewall", Firewall, "Label must be unique among your firewalls")]
    [InlineData("linode_database_postgresql_v2", Database, "Label must be unique among your databases")]
    [InlineData("linode_object_storage_bucket", Bucket, "already exists")]
    [InlineData("linode_domain", Domain, "DNS zone already exists")]
    [InlineData("kubernetes_config_map_v1", ConfigMap, "configmaps \"a\" already exists")]
    [InlineData("kubernetes_network_policy_v1", Policy, "networkpolicies.networking.k8s.io \"a\" already exists")]
    [InlineData("helm_release", Release, "cannot re-use a name that is still in use")]
    public void Cloud_refuses_a_name_that_is_in_use(string type, string config, string message)
    {
        Errors(type, Replace(config));
        Refuses(type, message, config, []);
    }

    [Theory]
    [InlineData("Must be an IP range in CIDR notation", "203.0.113.0/24", "203.0.113.1")]
    [InlineData("Ports are not allowed", "TCP", "ICMP")]
    [InlineData("begin with a letter", "\"nodes\"", "\"1nodes\"")]
    public void Linode_refuses_an_invalid_firewall(string message, params string[] replaced) =>
        Refuses("linode_firewall", message, Firewall, replaced);

    [Theory]
    [InlineData("3-63 lowercase", "media", "Media")]
    [InlineData("not supported in region", "us-ord", "ap-west", "media", "other")]
    [InlineData("no such endpoint", "\"us-ord\"", "\"us-ord\",\"s3_endpoint\":\"x.example.org\"", "media", "other")]
    [InlineData("access_key and secret_key are required", "\"us-ord\"", "\"us-ord\",\"versioning\":true", "media", "other")]
    public void Linode_refuses_an_invalid_bucket(string message, params string[] replaced) =>
        Refuses("linode_object_storage_bucket", message, Bucket, replaced);

    [Theory]
    [InlineData("Bucket us-ord:none was not found", "media", "none")]
    [InlineData("Must be one of read_only, read_write", "read_write", "all")]
    public void Linode_refuses_an_invalid_access_key(string message, params string[] replaced) =>
        Refuses("linode_object_storage_key", message, Key, replaced);

    [Theory]
    [InlineData("Domain is not valid", "example.org", "example_org")]
    [InlineData("soa_email required", ",\"soa_email\":\"a@example.org\"", "")]
    public void Linode_refuses_an_invalid_domain(string message, params string[] replaced) =>
        Refuses("linode_domain", message, Domain, replaced);

    [Theory]
    [InlineData("[404] Not found", "DOMAIN", "1")]
    [InlineData("[400] [type] Must be one of", "\"A\"", "\"B\"")]
    public void Linode_refuses_an_invalid_domain_record(string message, params string[] replaced)
    {
        Make("DOMAIN", "linode_domain", Domain);
        Refuses("linode_domain_record", message, Record, replaced);
    }

    [Theory]
    [InlineData("[404] Not found", "v4", "x", "x")]
    [InlineData("Entity not found", "v4beta", "CLUSTER", "1")]
    [InlineData("Only cannot_delete is valid", "v4beta", "cannot_delete", "cannot_delete_with_subresources")]
    public void Linode_refuses_an_invalid_lock(string message, string api, params string[] replaced)
    {
        Make("CLUSTER", "linode_lke_cluster", Standard);
        Assert.Contains(message, Errors("linode_lock", Replace(Lock, replaced), $$"""{"api_version":"{{api}}"}"""));
    }

    [Fact]
    public void Linode_refuses_to_delete_a_locked_or_used_object()
    {
        Make("CLUSTER", "linode_lke_cluster", Cluster);
        Make("", "linode_lock", Lock);
        Make("", "linode_database_postgresql_v2", Database);
        Assert.Contains("resource is locked", DeleteErrors("linode_lke_cluster", _ids["CLUSTER"]));
        Assert.Contains("VPC has subnets", DeleteErrors("linode_vpc", _ids["VPC"]));
        Assert.Contains("databases attached", DeleteErrors("linode_vpc_subnet", _ids["SUBNET"]));
        var database = _account.Objects.Single(o => o.Type == "linode_database_postgresql_v2");
        Assert.Null(DeleteErrors(database.Type, database.Id));
        Assert.Contains("active Linodes", DeleteErrors("linode_vpc_subnet", _ids["SUBNET"]));
    }

    [Theory]
    [InlineData("kubernetes_config_map_v1", ConfigMap, "namespaces \"none\" not found", "\"dev\"", "\"none\"")]
    [InlineData("kubernetes_config_map_v1", ConfigMap, "RFC 1123 subdomain", "\"name\":\"a\"", "\"name\":\"A\"")]
    [InlineData("kubernetes_config_map_v1", ConfigMap, "a valid label must be", "\"team\":\"a\"", "\"team\":\"-a\"")]
    [InlineData("kubernetes_config_map_v1", ConfigMap, "name part must consist", "\"team\"", "\"te am\"")]
    [InlineData("kubernetes_config_map_v1", ConfigMap, "already exists", "\"name\":\"a\"", "\"name\":\"kube-root-ca.crt\"")]
    [InlineData("kubernetes_resource_quota_v1", Quota, "quantities must match", "\"1\"", "\"one\"")]
    [InlineData("kubernetes_network_policy_v1", Policy, "Unsupported value: \"Both\"", "\"Egress\"", "\"Both\"")]
    [InlineData("kubernetes_network_policy_v1", Policy, "must be a valid CIDR", "10.0.0.0/8", "10.0.0.0")]
    [InlineData("kubernetes_network_policy_v1", Policy, "strict subset of `cidr`", "10.1.0.0/16", "11.0.0.0/8")]
    [InlineData("kubernetes_network_policy_v1", Policy, "must be between 1 and 65535", "\"443\"", "\"0\"")]
    [InlineData("kubernetes_network_policy_v1", Policy, "Unsupported value: \"tcp\"", "\"TCP\"", "\"tcp\"")]
    [InlineData("kubernetes_network_policy_v1", Policy, "another peer", "\"to\":[{", "\"to\":[{\"pod_selector\":[{}],")]
    [InlineData("kubernetes_service_v1", Service, "spec.0.type to be one of", "NodePort", "Node")]
    [InlineData("kubernetes_role_binding_v1", Binding, "role_ref.0.kind to be one of", "ClusterRole", "Group")]
    [InlineData("kubernetes_manifest", "{}", "does not support kubernetes_manifest")]
    public void Kubernetes_refuses_an_invalid_object(string type, string config, string message, params string[] replaced) =>
        Refuses(type, message, config, replaced);

    [Theory]
    [InlineData("namespaces \"none\" not found", "\"dev\"", "\"none\"")]
    [InlineData("Failed to parse values", "\"{}\"", "\"{a: [\"")]
    [InlineData("invalid release name", "\"cm\"", "\"Cert_Manager\"")]
    [InlineData("path \"./none\" not found", "\"cert-manager\",\"repository\":\"https://charts.jetstack.io\"", "\"./none\"")]
    [InlineData("Chart.yaml file is missing", "\"cert-manager\",\"repository\":\"https://charts.jetstack.io\"", "\"/tmp\"")]
    public void Helm_refuses_an_invalid_release(string message, params string[] replaced) =>
        Refuses("helm_release", message, Release, replaced);

    private void Refuses(string type, string message, string config, string[] replaced) =>
        Assert.Contains(message, Errors(type, Replace(config, replaced)) ?? "(nothing was refused)");

    private void Make(string name, string type, string config)
    {
        var before = _account.Objects.Select(o => o.Key).ToHashSet();
        Assert.Null(Errors(type, Replace(config)));
        _ids[name] = _account.Objects.Single(o => !before.Contains(o.Key)).Id;
    }

    private string Replace(string config, params string[] pairs)
    {
        for (var i = 0; i < pairs.Length; i += 2)
            config = config.Replace(pairs[i], pairs[i + 1]);
        foreach (var (name, id) in _ids.Where(i => i.Key != "").OrderByDescending(i => i.Key.Length))
            config = config.Replace(name, id);
        return config;
    }

    /// <summary>Validates, plans and creates an object. Returns the errors; null if there are none.</summary>
    private string? Errors(string type, string json, string settings = """{"api_version":"v4beta"}""")
    {
        var cloud = _clouds.Of(type);
        var schema = cloud.Schema.Resources[type];
        var config = (MapValue)JsonValues.FromJson(JsonNode.Parse(json), schema.Body.Type)!;
        var problems = ConfigurationCheck
            .Run(schema.Body, cloud.Facts.Resource(type), config)
            .Concat(cloud.Validate(type, JsonNode.Parse(json)!.AsObject()))
            .ToList();
        if (problems.Count > 0)
            return string.Join("; ", problems.Select(p => $"{p.Summary} {p.Detail}"));
        try
        {
            var resources = ResourcesOf(cloud, settings);
            var made = resources.Create(type, config, resources.Plan(type, config, null, config).Planned);
            return made.Late is { } late ? $"{late.Message} {late.Detail}" : null;
        }
        catch (ProviderException e)
        {
            return $"{e.Message} {e.Detail}";
        }
    }

    private string? DeleteErrors(string type, string id)
    {
        try
        {
            ResourcesOf(_clouds.Of(type), "{}").Delete(type, id);
            return null;
        }
        catch (ProviderException e)
        {
            return e.Message;
        }
    }

    private Resources ResourcesOf(Cloud cloud, string settings)
    {
        var environment = new Dictionary<string, string> { ["LINODE_TOKEN"] = "x", ["KUBE_CONFIG_PATH"] = "x" };
        var given = cloud.Configure(JsonNode.Parse(settings)!.AsObject(), environment);
        return new Resources(cloud, _account, new Caller(given, _directory));
    }
}
