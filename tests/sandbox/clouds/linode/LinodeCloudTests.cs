namespace InfraCdktf.Tests.Sandbox.Clouds.Linode;

/// <summary>The refusals of Linode.</summary>
[Trait("Level", "pure")]
public sealed class LinodeCloudTests : CloudRefusals
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

    public LinodeCloudTests(SandboxClouds clouds)
        : base(clouds)
    {
        Make("VPC", "linode_vpc", Vpc);
        Make("SUBNET", "linode_vpc_subnet", Subnet);
        Make("", "linode_object_storage_bucket", Bucket);
    }

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
    public void Linode_accepts_a_valid_object(string type, string config, params string[] replaced) =>
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
        Assert.Contains(Account.Objects, o => o.Type == "linode_database_postgresql_v2");
    }

    [Theory]
    [InlineData("linode_firewall", Firewall, "Label must be unique among your firewalls")]
    [InlineData("linode_database_postgresql_v2", Database, "Label must be unique among your databases")]
    [InlineData("linode_object_storage_bucket", Bucket, "already exists")]
    [InlineData("linode_domain", Domain, "DNS zone already exists")]
    public void Linode_refuses_a_name_that_is_in_use(string type, string config, string message)
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
        Assert.Contains("resource is locked", DeleteErrors("linode_lke_cluster", Ids["CLUSTER"]));
        Assert.Contains("VPC has subnets", DeleteErrors("linode_vpc", Ids["VPC"]));
        Assert.Contains("databases attached", DeleteErrors("linode_vpc_subnet", Ids["SUBNET"]));
        var database = Account.Objects.Single(o => o.Type == "linode_database_postgresql_v2");
        Assert.Null(DeleteErrors(database.Type, database.Id));
        Assert.Contains("active Linodes", DeleteErrors("linode_vpc_subnet", Ids["SUBNET"]));
    }
}
