using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes;

/// <summary>The real Terraform with a namespace and objects in it.</summary>
[Trait("Level", "real")]
public sealed class KubernetesNamespaceTests : SandboxTest
{
    private const string Objects = """
        resource "kubernetes_namespace_v1" "n" {
          metadata { name = "dev" }
        }
        resource "kubernetes_config_map_v1" "c" {
          metadata {
            name      = "c"
            namespace = kubernetes_namespace_v1.n.metadata[0].name
          }
          data = { a = "b" }
        }
        resource "helm_release" "r" {
          name       = "r"
          namespace  = kubernetes_namespace_v1.n.metadata[0].name
          chart      = "r"
          repository = "https://charts.example.com"
          version    = "1.0.0"
        }
        resource "kubernetes_namespace_v1" "other" {
          metadata { name = "other" }
        }

        """;

    [Fact]
    public async Task Namespace_deletion_deletes_the_objects_in_it()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Objects);
        await terraform.ApplyAsync();
        (await terraform.RunAsync("destroy", "-auto-approve", "-target=kubernetes_namespace_v1.n")).Expect(0);
        Assert.Equal(["other"], Cloud.Account.Objects.Select(o => o.Name));
    }
}
