namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes;

/// <summary>The refusals of Kubernetes.</summary>
[Trait("Level", "pure")]
public sealed class KubernetesCloudTests : CloudRefusals
{
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

    public KubernetesCloudTests(SandboxClouds clouds)
        : base(clouds)
    {
        Make("", "kubernetes_namespace_v1", """{"metadata":[{"name":"dev"}]}""");
    }

    [Theory]
    [InlineData("kubernetes_config_map_v1", ConfigMap)]
    [InlineData("kubernetes_resource_quota_v1", Quota)]
    [InlineData("kubernetes_network_policy_v1", Policy)]
    [InlineData("kubernetes_service_v1", Service)]
    [InlineData("kubernetes_role_binding_v1", Binding)]
    public void Kubernetes_accepts_a_valid_object(string type, string config, params string[] replaced) =>
        Assert.Null(Errors(type, Replace(config, replaced)));

    [Theory]
    [InlineData("kubernetes_config_map_v1", ConfigMap, "configmaps \"a\" already exists")]
    [InlineData("kubernetes_network_policy_v1", Policy, "networkpolicies.networking.k8s.io \"a\" already exists")]
    public void Kubernetes_refuses_a_name_that_is_in_use(string type, string config, string message)
    {
        Errors(type, Replace(config));
        Refuses(type, message, config, []);
    }

    // registry.terraform.io/providers/hashicorp/kubernetes/2.38.0/docs/resources/default_service_account_v1: "adopts".
    [Fact]
    public void Default_service_account_can_be_adopted_again()
    {
        const string account = """{"metadata":[{"name":"default","namespace":"dev"}]}""";
        Assert.Null(Errors("kubernetes_default_service_account_v1", Replace(account)));
        Assert.Null(Errors("kubernetes_default_service_account_v1", Replace(account)));
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
}
