using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox;

/// <summary>A sandbox with the real Terraform: several runs and sandboxes, and a sandbox without credentials.</summary>
[Trait("Level", "real")]
public sealed class CloudSandboxTests : SandboxTest
{
    private const string Namespace = """
        resource "kubernetes_namespace_v1" "n" {
          metadata { name = "dev" }
        }

        """;

    [Fact]
    public async Task Ids_are_equal_in_two_accounts_and_new_after_recreation()
    {
        using var terraform = new TerraformRunner(Cloud, Head + Network);
        await terraform.ApplyAsync();
        var first = Cloud.Account.Objects.Select(o => o.Id).ToList();
        (await terraform.RunAsync("destroy", "-auto-approve")).Expect(0);
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(0);
        Assert.Empty(first.Intersect(Cloud.Account.Objects.Select(o => o.Id)));

        using var elsewhere = new TemporaryDirectory();
        await using var other = await CloudSandbox.StartAsync(new SandboxOptions { Directory = elsewhere.Path });
        using var again = new TerraformRunner(other, Head + Network);
        await again.ApplyAsync();
        Assert.Equal(first, other.Account.Objects.Select(o => o.Id));
    }

    [Fact]
    public async Task Account_serves_several_configurations_at_once()
    {
        var runs = Enumerable
            .Range(0, 4)
            .Select(async n =>
            {
                using var terraform = new TerraformRunner(
                    Cloud,
                    Head + Network.Replace("core", $"core{n}").Replace("nodes", $"nodes{n}")
                );
                await terraform.ApplyAsync();
                (await terraform.PlanAsync()).Expect(0);
            });
        await Task.WhenAll(runs);
        Assert.Equal(8, Cloud.Account.Objects.Count);
        Assert.Equal(Cloud.Account.Calls.Count, Cloud.Account.Calls.Select(c => c.Number).Distinct().Count());
    }

    [Fact]
    public async Task Providers_without_credentials_give_the_real_errors()
    {
        await using var bare = await CloudSandbox.StartAsync(
            new SandboxOptions { Directory = AccountDirectory, Credentials = false }
        );
        using var terraform = new TerraformRunner(bare, Head + Network + Namespace);
        (await terraform.RunAsync("init")).Expect(0);
        (await terraform.RunAsync("plan")).Expect(1).Says("LINODE_TOKEN");
        terraform.Write(Head + Namespace);
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(1).Says("connection refused");
    }

    [Fact]
    public async Task Sandbox_starts_with_its_buckets_and_shares_its_account()
    {
        await using var second = await CloudSandbox.StartAsync(
            new()
            {
                Directory = AccountDirectory,
                Buckets = ["live"],
                LockedBuckets = ["archive"],
            }
        );
        Assert.Equal(["archive", "live"], second.ObjectStore.Buckets.Order(StringComparer.Ordinal));
        Assert.Equal(second.ObjectStore.Buckets, Cloud.ObjectStore.Buckets);
        Assert.NotEqual(second.Environment["TF_REATTACH_PROVIDERS"], Cloud.Environment["TF_REATTACH_PROVIDERS"]);
    }
}
