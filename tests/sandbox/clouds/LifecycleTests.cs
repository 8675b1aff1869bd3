using System.Text.Json.Nodes;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Clouds;

/// <summary>The real Terraform with the stand-in providers: every stage of an object from creation to deletion.</summary>
[Trait("Level", "real")]
public sealed class LifecycleTests : SandboxTest
{
    private const string Cluster = """
        resource "linode_lke_cluster" "c" {
          label       = "core"
          region      = data.linode_region.r.id
          k8s_version = "1.34"
          control_plane {
            acl {
              enabled = true
              addresses { ipv4 = ["203.0.113.0/24"] }
            }
          }
          pool {
            type  = "g6-standard-2"
            count = 3
          }
        }
        data "linode_region" "r" { id = "us-ord" }
        output "server" {
          value     = yamldecode(base64decode(linode_lke_cluster.c.kubeconfig)).clusters[0].cluster.server
          sensitive = true
        }

        """;

    private const string Objects = """
        variable "password" {
          type      = string
          ephemeral = true
          default   = "hunter2"
        }
        resource "kubernetes_namespace_v1" "n" {
          metadata { name = "dev" }
        }
        resource "kubernetes_secret_v1" "s" {
          metadata {
            name      = "s"
            namespace = kubernetes_namespace_v1.n.metadata[0].name
          }
          data_wo          = { password = var.password }
          data_wo_revision = 1
        }
        resource "kubernetes_resource_quota_v1" "q" {
          metadata {
            name      = "q"
            namespace = kubernetes_namespace_v1.n.metadata[0].name
          }
          spec { hard = { "requests.cpu" = "1500m" } }
        }
        resource "kubernetes_service_v1" "s" {
          metadata {
            name      = "web"
            namespace = kubernetes_namespace_v1.n.metadata[0].name
          }
          spec {
            port { port = 80 }
          }
        }
        resource "kubernetes_role_binding_v1" "b" {
          metadata {
            name      = "b"
            namespace = kubernetes_namespace_v1.n.metadata[0].name
          }
          role_ref {
            api_group = "rbac.authorization.k8s.io"
            kind      = "ClusterRole"
            name      = "view"
          }
          subject {
            kind = "Group"
            name = "team"
          }
        }
        resource "helm_release" "r" {
          name      = "local"
          namespace = kubernetes_namespace_v1.n.metadata[0].name
          chart     = "./chart"
          atomic    = true
          values    = [jsonencode({ manifests = [{ kind = "ConfigMap" }] })]
        }

        """;

    [Fact]
    public async Task Apply_and_destroy_leave_no_difference_and_no_object()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Network + Cluster + Objects);
        Chart(terraform.Folder);
        await terraform.ApplyAsync();
        Assert.False(Directory.Exists(Path.Combine(terraform.Folder, ".terraform/providers")), "a provider was downloaded");
        Assert.Equal(9, Cloud.Account.Objects.Count);
        (await terraform.PlanAsync()).Expect(0);
        (await terraform.RunAsync("output", "-raw", "server")).Expect(0).Says("https://");
        var state = await File.ReadAllTextAsync(Path.Combine(terraform.Folder, "terraform.tfstate"));
        Assert.DoesNotContain("hunter2", state);
        foreach (var file in Directory.EnumerateFiles(AccountDirectory, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(file));
        (await terraform.RunAsync("destroy", "-auto-approve", "-input=false")).Expect(0);
        Assert.Empty(Cloud.Account.Objects);
    }

    [Fact]
    public async Task Drift_is_detected_by_plan_and_repaired_by_apply()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Network + Cluster + Objects);
        Chart(terraform.Folder);
        await terraform.ApplyAsync();
        for (var seed = 1; seed <= 8; seed++)
        {
            var change = Cloud.Account.ChangeOutside(seed);
            Assert.True((await terraform.PlanAsync()).Code == 2, $"drift not detected: {change}");
            (await terraform.RunAsync("apply", "-auto-approve", "-input=false")).Expect(0);
        }
        (await terraform.PlanAsync()).Expect(0);
    }

    [Fact]
    public async Task Plan_shows_changes_as_the_real_providers_do()
    {
        var before = Head + Network + Cluster + Objects;
        using var terraform = new TerraformRunner(Cloud, before);
        Chart(terraform.Folder);
        await terraform.ApplyAsync();
        async Task<Ended> Changed(string from, string to)
        {
            Assert.Contains(from, before);
            terraform.Write(before.Replace(from, to));
            return (await terraform.PlanAsync()).Expect(2);
        }

        (await Changed("count = 3", "count = 4")).Says("1 to change").Says("~ count = 3 -> 4");
        (await Changed("\"a\", \"b\"", "\"a\"")).Says("will be updated in-place").Says("-> (known after apply)");
        (await Changed("region = \"us-ord\"", "region = \"us-iad\""))
            .Says("linode_vpc.v must be replaced")
            .Says("# forces replacement");
        (await Changed("\"view\"", "\"edit\"")).Says("kubernetes_role_binding_v1.b must be replaced");
        (await Changed("manifests =", "more =")).Says("helm_release.r will be updated in-place").Says("metadata");
        terraform.Write(before.Replace("1500m", "1.5"));
        (await terraform.PlanAsync()).Expect(0);
        terraform.Write(before.Replace("count = 3", "count = 4").Replace("manifests =", "more ="));
        (await terraform.RunAsync("apply", "-auto-approve", "-input=false")).Expect(0);
        (await terraform.PlanAsync()).Expect(0);
        Assert.Equal("2", Find("helm_release")["metadata"]!["revision"]!.ToJsonString());
    }

    [Fact]
    public async Task Plan_shows_the_perpetual_difference_of_a_bare_address()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Cluster.Replace("203.0.113.0/24", "203.0.113.1"));
        await terraform.ApplyAsync();
        (await terraform.PlanAsync()).Expect(2).Says("203.0.113.1/32");
    }

    [Fact]
    public async Task Plan_shows_the_perpetual_difference_of_a_limit_range()
    {
        const string bounds = """
            resource "kubernetes_limit_range_v1" "l" {
              metadata { name = "l" }
              spec {
                limit {
                  type    = "Container"
                  default = { cpu = "0.50", memory = "8192Mi" }
                }
              }
            }
            resource "kubernetes_resource_quota_v1" "q" {
              metadata { name = "q" }
              spec { hard = { "requests.cpu" = "0.50" } }
            }

            """;
        using var terraform = new TerraformRunner(Cloud, Head + bounds);
        await terraform.ApplyAsync();
        (await terraform.PlanAsync())
            .Expect(2)
            .Says("\"500m\" -> \"0.50\"")
            .Says("\"8Gi\" -> \"8192Mi\"")
            .Says("0 to add, 1 to change");
        terraform.Write(Head + bounds.Replace("\"0.50\", memory", "\"500m\", memory").Replace("8192Mi", "8Gi"));
        (await terraform.PlanAsync()).Expect(0);
    }

    [Fact]
    public async Task Import_reads_the_object_and_fails_for_an_unknown_id()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Network);
        await terraform.ApplyAsync();
        var id = Cloud.Account.Objects.Single(o => o.Type == "linode_vpc").Id;
        (await terraform.RunAsync("state", "rm", "linode_vpc.v")).Expect(0);
        (await terraform.RunAsync("import", "-input=false", "linode_vpc.v", "1"))
            .Expect(1)
            .Says("Cannot import non-existent remote object");
        (await terraform.RunAsync("import", "-input=false", "linode_vpc.v", id)).Expect(0);
        (await terraform.PlanAsync()).Expect(0);
    }

    [Fact]
    public async Task Apply_after_a_failed_create_makes_the_missing_object()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Network);
        (await terraform.RunAsync("init")).Expect(0);
        Cloud.Account.AddFault(
            new Fault
            {
                Operation = "create",
                Type = "linode_vpc",
                Error = FaultErrors.AccountLimit,
            }
        );
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(1).Says("Error: " + FaultErrors.AccountLimit);
        Assert.Equal(["linode_firewall"], Cloud.Account.Objects.Select(o => o.Type));
        Assert.Equal(2, Cloud.Account.CreatesSeen);
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(0);
        (await terraform.PlanAsync()).Expect(0);
    }

    [Fact]
    public async Task Late_error_taints_and_lost_answer_leaves_an_orphan()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Network);
        (await terraform.RunAsync("init")).Expect(0);
        Cloud.Account.AddFault(
            new Fault
            {
                Operation = "create",
                Type = "linode_firewall",
                Error = FaultErrors.Unavailable,
                AfterEffect = true,
            }
        );
        Cloud.Account.AddFault(
            new Fault
            {
                Operation = "create",
                Type = "linode_vpc",
                Error = FaultErrors.ConnectionReset,
                AnswerLost = true,
            }
        );
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(1);
        Assert.Equal(2, Cloud.Account.Objects.Count);
        (await terraform.RunAsync("plan")).Expect(0).Says("linode_firewall.f is tainted").Says("linode_vpc.v will be created");
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(1).Says("Label must be unique among your VPCs");
    }

    [Fact]
    public async Task Fault_can_fail_or_hold_every_other_operation()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Network);
        await terraform.ApplyAsync();
        foreach (
            var (operation, arguments) in new (string, string[])[]
            {
                ("configure", ["plan"]),
                ("validate", ["validate"]),
                ("read", ["plan"]),
                ("plan", ["plan", "-refresh=false"]),
                ("delete", ["destroy", "-auto-approve"]),
            }
        )
        {
            var type = operation == "configure" ? "linode" : "linode_vpc";
            Cloud.Account.AddFault(
                new Fault
                {
                    Operation = operation,
                    Type = type,
                    Error = $"[503] {operation} failed",
                }
            );
            (await terraform.RunAsync(arguments)).Expect(1).Says($"[503] {operation} failed");
            Cloud.Account.ClearFaults();
        }
        var hold = new Hold();
        Cloud.Account.AddFault(new Fault { Operation = "delete", Hold = hold });
        var destroy = terraform.RunAsync("destroy", "-auto-approve");
        await hold.ReachedAsync(Patience.Token);
        Assert.NotEmpty(Cloud.Account.Objects);
        hold.Release();
        (await destroy).Expect(0);
        Assert.Empty(Cloud.Account.Objects);
    }

    private JsonObject Find(string type) => Cloud.Account.Objects.Single(o => o.Type == type).Attributes;

    private static void Chart(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "chart"));
        File.WriteAllText(Path.Combine(folder, "chart", "Chart.yaml"), "apiVersion: v2\nname: local\nversion: 0.1.0\n");
    }
}
