using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox;

/// <summary>A sandbox with the real Terraform: several runs and sandboxes, and a sandbox without credentials.</summary>
[Trait("Level", "real")]
public sealed class CloudSandboxTests : IAsyncLifetime
{
    private const string Head = """
        terraform {
          required_providers {
            linode     = { source = "linode/linode", version = "3.13.0" }
            kubernetes = { source = "hashicorp/kubernetes", version = "2.38.0" }
          }
        }
        provider "linode" { api_version = "v4beta" }

        """;

    private const string Network = """
        resource "linode_vpc" "v" {
          label  = "core"
          region = "us-ord"
        }
        resource "linode_firewall" "f" {
          label           = "nodes"
          inbound_policy  = "DROP"
          outbound_policy = "ACCEPT"
          tags            = ["a", "b"]
        }

        """;

    private const string Namespace = """
        resource "kubernetes_namespace_v1" "n" {
          metadata { name = "dev" }
        }

        """;

    private readonly TemporaryDirectory _account = new();
    private CloudSandbox _cloud = null!;

    public async Task InitializeAsync() =>
        _cloud = await CloudSandbox.StartAsync(new SandboxOptions { Directory = _account.Path });

    public async Task DisposeAsync()
    {
        await _cloud.DisposeAsync();
        _account.Dispose();
    }

    [Fact]
    public async Task Ids_are_equal_in_two_accounts_and_new_after_recreation()
    {
        using var terraform = new TerraformRunner(_cloud, Head + Network);
        await terraform.ApplyAsync();
        var first = _cloud.Account.Objects.Select(o => o.Id).ToList();
        (await terraform.RunAsync("destroy", "-auto-approve")).Expect(0);
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(0);
        Assert.Empty(first.Intersect(_cloud.Account.Objects.Select(o => o.Id)));

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
                    _cloud,
                    Head + Network.Replace("core", $"core{n}").Replace("nodes", $"nodes{n}")
                );
                await terraform.ApplyAsync();
                (await terraform.PlanAsync()).Expect(0);
            });
        await Task.WhenAll(runs);
        Assert.Equal(8, _cloud.Account.Objects.Count);
        Assert.Equal(_cloud.Account.Calls.Count, _cloud.Account.Calls.Select(c => c.Number).Distinct().Count());
    }

    [Fact]
    public async Task Providers_without_credentials_give_the_real_errors()
    {
        await using var bare = await CloudSandbox.StartAsync(
            new SandboxOptions { Directory = _account.Path, Credentials = false }
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
                Directory = _account.Path,
                Buckets = ["live"],
                LockedBuckets = ["archive"],
            }
        );
        Assert.Equal(["archive", "live"], second.ObjectStore.Buckets.Order(StringComparer.Ordinal));
        Assert.Equal(second.ObjectStore.Buckets, _cloud.ObjectStore.Buckets);
        Assert.NotEqual(second.Environment["TF_REATTACH_PROVIDERS"], _cloud.Environment["TF_REATTACH_PROVIDERS"]);
    }
}
