using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox;

/// <summary>A test class of the real Terraform with the stand-in providers: each test gets a sandbox of its own.</summary>
public abstract class SandboxTest : IAsyncLifetime
{
    /// <summary>The providers, before every configuration.</summary>
    public const string Head = """
        terraform {
          required_providers {
            linode     = { source = "linode/linode", version = "3.13.0" }
            kubernetes = { source = "hashicorp/kubernetes", version = "2.38.0" }
            helm       = { source = "hashicorp/helm", version = "3.1.1" }
          }
        }
        provider "linode" { api_version = "v4beta" }

        """;

    /// <summary>Two objects of Linode.</summary>
    protected const string Network = """
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

    private readonly TemporaryDirectory _account = new();

    /// <summary>The directory of the account.</summary>
    protected string AccountDirectory => _account.Path;

    /// <summary>The sandbox.</summary>
    protected CloudSandbox Cloud { get; private set; } = null!;

    /// <summary>The options of the sandbox.</summary>
    private protected virtual SandboxOptions Options => new() { Directory = AccountDirectory };

    public async ValueTask InitializeAsync() => Cloud = await CloudSandbox.StartAsync(Options);

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        _account.Dispose();
    }
}
