using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>The real kubectl and the real Terraform on one cluster: each sees the changes of the other.</summary>
[Trait("Level", "real")]
public sealed class KubectlTests
{
    private const string Configuration =
        SandboxTest.Head
        + """
            resource "kubernetes_namespace_v1" "n" {
              metadata {
                name        = "shop"
                labels      = { environment = "development", "pod-security.kubernetes.io/enforce" = "restricted" }
                annotations = { purpose = "Sells." }
              }
            }
            resource "kubernetes_service_account_v1" "a" {
              metadata {
                name      = "guest"
                namespace = kubernetes_namespace_v1.n.metadata[0].name
              }
              automount_service_account_token = false
            }
            resource "kubernetes_cluster_role_v1" "r" {
              metadata { name = "profile-viewer" }
              rule {
                api_groups = [""]
                resources  = ["configmaps", "pods"]
                verbs      = ["get", "list"]
              }
            }
            resource "kubernetes_role_binding_v1" "b" {
              metadata {
                name      = "guest"
                namespace = kubernetes_namespace_v1.n.metadata[0].name
              }
              role_ref {
                api_group = "rbac.authorization.k8s.io"
                kind      = "ClusterRole"
                name      = kubernetes_cluster_role_v1.r.metadata[0].name
              }
              subject {
                kind      = "ServiceAccount"
                name      = kubernetes_service_account_v1.a.metadata[0].name
                namespace = kubernetes_namespace_v1.n.metadata[0].name
              }
            }
            resource "kubernetes_config_map_v1" "c" {
              metadata {
                name      = "settings"
                namespace = kubernetes_namespace_v1.n.metadata[0].name
              }
              data = { colour = "green" }
            }
            resource "kubernetes_network_policy_v1" "p" {
              metadata {
                name      = "dns"
                namespace = kubernetes_namespace_v1.n.metadata[0].name
              }
              spec {
                pod_selector {}
                policy_types = ["Egress"]
                egress {
                  ports {
                    port     = "53"
                    protocol = "UDP"
                  }
                  to {
                    namespace_selector {
                      match_labels = { "kubernetes.io/metadata.name" = "kube-system" }
                    }
                  }
                }
              }
            }
            resource "kubernetes_resource_quota_v1" "q" {
              metadata {
                name      = "quota"
                namespace = kubernetes_namespace_v1.n.metadata[0].name
              }
              spec { hard = { pods = "2", "requests.cpu" = "1" } }
            }

            """;

    private const string Deployment = """
        resource "kubernetes_deployment_v1" "d" {
          metadata {
            name      = "web"
            namespace = kubernetes_namespace_v1.n.metadata[0].name
          }
          spec {
            replicas = 2
            selector {
              match_labels = { app = "web" }
            }
            template {
              metadata {
                labels = { app = "web" }
              }
              spec {
                security_context {
                  run_as_non_root = true
                  seccomp_profile { type = "RuntimeDefault" }
                }
                container {
                  name  = "web"
                  image = "web:1"
                  resources { requests = { cpu = "100m" } }
                  security_context {
                    allow_privilege_escalation = false
                    run_as_non_root            = true
                    capabilities { drop = ["ALL"] }
                  }
                }
              }
            }
          }
        }

        """;

    [Fact]
    public async Task Kubectl_reads_Terraform_objects_and_its_changes_are_drift()
    {
        DebianTools.Require("kubectl", "kubernetes-client");
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync("/api/v1/nodes", """{"metadata":{"name":"n1"}}""");
        using var terraform = new TerraformRunner(api.Sandbox, Configuration + Deployment);
        await terraform.ApplyAsync();

        var policy = await JsonAsync(terraform, "networkpolicy", "dns");
        Assert.Equal(
            """{"podSelector":{},"policyTypes":["Egress"],"egress":[{"ports":[{"port":53,"protocol":"UDP"}],"to":"""
                + """[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}}]}]}""",
            Sorted(policy["spec"]!)
        );
        var deployment = await JsonAsync(terraform, "deploy", "web");
        Assert.Equal(2, (int)deployment["spec"]!["replicas"]!);
        Assert.Equal(2, (int)deployment["status"]!["readyReplicas"]!);
        (await terraform.PlanAsync()).Expect(0);

        // A change and its reversal through the API: the objects keep all their fields.
        foreach (
            var kind in new[] { "ns/shop", "deploy/web", "networkpolicy/dns", "sa/guest", "rolebinding/guest", "cm/settings" }
        )
        {
            (await KubectlAsync(terraform, "label", kind, "looked-at=yes")).Expect(0);
            (await KubectlAsync(terraform, "label", kind, "looked-at-")).Expect(0);
        }
        (await terraform.PlanAsync()).Expect(0);

        (await KubectlAsync(terraform, "patch", "cm/settings", "--type", "merge", "-p", """{"data":{"colour":"red"}}""")).Expect(
            0
        );
        (await terraform.PlanAsync()).Expect(2).Says("0 to add, 1 to change, 0 to destroy");
        (await KubectlAsync(terraform, "delete", "deploy/web")).Expect(0);
        (await terraform.PlanAsync()).Expect(2).Says("1 to add, 1 to change, 0 to destroy");
        (await terraform.RunAsync("destroy", "-auto-approve")).Expect(0);
        Assert.Empty(api.Sandbox.Account.Objects);
        Assert.DoesNotContain("shop", (await KubectlAsync(terraform, "get", "ns", "-o", "name")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_token_reads_and_cannot_delete()
    {
        DebianTools.Require("kubectl", "kubernetes-client");
        await using var api = await ApiFixture.StartAsync();
        using var terraform = new TerraformRunner(api.Sandbox, Configuration);
        await terraform.ApplyAsync();
        var token = (await KubectlAsync(terraform, "create", "token", "guest", "--duration=10m")).Expect(0).Text.Trim();

        Task<Ended> AsGuest(params string[] arguments) => KubectlAsync(terraform, [.. arguments, $"--token={token}"]);
        (await AsGuest("auth", "whoami")).Expect(0).Says("system:serviceaccount:shop:guest");
        (await AsGuest("get", "cm/settings")).Expect(0);
        (await AsGuest("delete", "cm/settings")).Expect(1).Says("cannot delete resource \"configmaps\"");
        (await AsGuest("get", "secrets")).Expect(1).Says("cannot list resource \"secrets\"");
        (await AsGuest("auth", "can-i", "list", "pods")).Expect(0).Says("yes");
        (await AsGuest("auth", "can-i", "delete", "pods")).Expect(1).Says("no");
        Assert.Contains(api.Sandbox.Account.Objects, item => item.Id == "shop/settings");
    }

    [Fact]
    public async Task Terraform_deployment_with_refused_pods_is_tainted()
    {
        await using var api = await ApiFixture.StartAsync();
        var unsafeOne = Deployment.Replace("run_as_non_root            = true", "").Replace("run_as_non_root = true", "");
        using var terraform = new TerraformRunner(api.Sandbox, Configuration + unsafeOne);
        (await terraform.RunAsync("init")).Expect(0);
        (await terraform.RunAsync("apply", "-auto-approve"))
            .Expect(1)
            .Says("Waiting for rollout to finish")
            .Says("runAsNonRoot != true (pod or container \"web\"");
        (await terraform.PlanAsync()).Expect(2).Says("kubernetes_deployment_v1.d is tainted");
    }

    [Fact]
    public async Task Quota_refuses_a_deployment_of_Terraform()
    {
        await using var api = await ApiFixture.StartAsync();
        using var terraform = new TerraformRunner(
            api.Sandbox,
            Configuration.Replace("pods = \"2\"", "\"count/deployments.apps\" = \"0\"")
                + Deployment.Replace(
                    "spec {\n    replicas",
                    "depends_on = [kubernetes_resource_quota_v1.q]\n  spec {\n    replicas"
                )
        );
        (await terraform.RunAsync("init")).Expect(0);
        (await terraform.RunAsync("apply", "-auto-approve"))
            .Expect(1)
            .Says("deployments.apps \"web\" is forbidden: exceeded quota: quota, requested: count/deployments.apps=1");
    }

    [Fact]
    public async Task Dry_run_checks_and_stores_nothing()
    {
        DebianTools.Require("kubectl", "kubernetes-client");
        await using var api = await ApiFixture.StartAsync();
        using var terraform = new TerraformRunner(api.Sandbox, "");
        var file = Path.Combine(terraform.Folder, "secret.json");
        await File.WriteAllTextAsync(
            file,
            """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"default"}}"""
        );
        (await terraform.StartAsync("kubectl", "apply", "--dry-run=server", "-f", file))
            .Expect(0)
            .Says("created (server dry run)");
        (await api.GetAsync("/api/v1/namespaces/default/secrets/s")).Expect(HttpStatusCode.NotFound);
        (await terraform.StartAsync("kubectl", "apply", "-f", file)).Expect(0);
        (await terraform.StartAsync("kubectl", "apply", "-f", file)).Expect(0).Says("unchanged");
    }

    private static Task<Ended> KubectlAsync(TerraformRunner runner, params string[] arguments) =>
        runner.StartAsync("kubectl", ["--namespace=shop", .. arguments]);

    private static async Task<JsonNode> JsonAsync(TerraformRunner runner, string kind, string name) =>
        JsonNode.Parse((await KubectlAsync(runner, "get", kind, name, "-o", "json")).Expect(0).Text)!;

    // kubectl sorts the fields. This restores the order of the configuration.
    private static string Sorted(JsonNode spec) =>
        new JsonObject(
            new[] { "podSelector", "policyTypes", "egress" }.Select(name => KeyValuePair.Create(name, spec[name]?.DeepClone()))
        ).ToJsonString();
}
