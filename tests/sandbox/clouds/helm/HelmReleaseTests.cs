using System.Text.Json.Nodes;
using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Clouds.Helm;

/// <summary>The real Terraform with Helm releases: the stored record, upgrades, and releases that fail.</summary>
[Trait("Level", "real")]
public sealed class HelmReleaseTests : SandboxTest
{
    private const string Release = """
        resource "kubernetes_namespace_v1" "n" {
          metadata { name = "dev" }
        }
        resource "helm_release" "r" {
          name      = "local"
          namespace = kubernetes_namespace_v1.n.metadata[0].name
          chart     = "./chart"
          atomic    = true
          values    = [jsonencode({ a = { b = 1, c = 1 } }), jsonencode({ a = { c = 2 } })]
        }

        """;

    [Fact]
    public async Task Release_has_merged_values_and_counts_revisions()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Release);
        Chart(terraform.Folder);
        await terraform.ApplyAsync();
        Assert.Equal(("1", """{"a":{"b":1,"c":2}}"""), Stored());

        terraform.Write((Head + Release).Replace("c = 2", "c = 3"));
        (await terraform.RunAsync("apply", "-auto-approve", "-input=false")).Expect(0);
        Assert.Equal(("2", """{"a":{"b":1,"c":3}}"""), Stored());
        (await terraform.PlanAsync()).Expect(0);
    }

    [Fact]
    public async Task Atomic_release_that_fails_is_removed()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Release);
        Chart(terraform.Folder);
        (await terraform.RunAsync("init")).Expect(0);
        Cloud.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "helm_release",
                Error = "context deadline exceeded",
                AfterEffect = true,
            }
        );
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(1).Says("context deadline exceeded");
        Assert.DoesNotContain(Cloud.Account.Objects, o => o.Type == "helm_release");
        (await terraform.RunAsync("plan")).Says("helm_release.r will be created");
    }

    [Fact]
    public async Task Release_that_is_not_atomic_remains_after_a_failure()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Release.Replace("= true", "= false"));
        Chart(terraform.Folder);
        (await terraform.RunAsync("init")).Expect(0);
        Cloud.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "helm_release",
                Error = "context deadline exceeded",
                AfterEffect = true,
            }
        );
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(1).Says("context deadline exceeded");
        Assert.Contains(Cloud.Account.Objects, o => o.Type == "helm_release");
        (await terraform.RunAsync("plan")).Says("helm_release.r is tainted");
    }

    private (string Revision, string Values) Stored()
    {
        var metadata = Cloud.Account.Objects.Single(o => o.Type == "helm_release").Attributes["metadata"]!;
        return (metadata["revision"]!.ToJsonString(), metadata["values"]!.GetValue<string>());
    }

    private static void Chart(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "chart"));
        File.WriteAllText(Path.Combine(folder, "chart", "Chart.yaml"), "apiVersion: v2\nname: local\nversion: 0.1.0\n");
    }
}
