using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Rollback;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Rollback;

/// <summary>That an older configuration is applied with today's programs where those are newer: they wrote the state.</summary>
[Trait("Level", "pure")]
public sealed class KeptVersionsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("3.9.0", "3.13.0", true)]
    [InlineData("3.13.0", "3.9.0", false)]
    [InlineData("3.13.0", "3.13.0", false)]
    [InlineData("3.13.0-beta1", "3.13.0", true)]
    public void A_newer_provider_stays(string archived, string today, bool stays)
    {
        var kept = KeptVersions.Between(With("linode/linode", archived), With("linode/linode", today));

        Assert.Equal(stays ? [new("registry.terraform.io/linode/linode", archived, today)] : [], kept);
    }

    [Fact]
    public void A_newer_terraform_stays_and_a_provider_that_is_gone_is_nothing_to_keep()
    {
        var today = With("linode/linode", "3.13.0") with { TerraformVersion = "1.12.0" };

        Assert.Equal([new("Terraform", "1.11.4", "1.12.0")], KeptVersions.Between(With("hashicorp/helm", "3.1.1"), today));
    }

    [Fact]
    public void Constraints_and_lock_file_are_todays_and_nothing_else_is()
    {
        var archived = Stack("then", "3.9.0", ">= 1.9.0, < 1.11.0", "old lock");
        var today = Stack("now", "3.13.0", ">= 1.11.0, < 2.0.0", "new lock");

        KeptVersions.Write([new("registry.terraform.io/linode/linode", "3.9.0", "3.13.0")], archived, today);

        var written = JsonNode.Parse(File.ReadAllText(Path.Combine(archived.Path, StackDirectory.FileName)))!;
        Assert.Equal("3.13.0", written["terraform"]!["required_providers"]!["linode"]!["version"]!.GetValue<string>());
        Assert.Equal("3.1.1", written["terraform"]!["required_providers"]!["helm"]!["version"]!.GetValue<string>());
        Assert.Equal(">= 1.11.0, < 2.0.0", written["terraform"]!["required_version"]!.GetValue<string>());
        Assert.Equal("then", written["locals"]!["from"]!.GetValue<string>());
        Assert.Equal("new lock", File.ReadAllText(Path.Combine(archived.Path, StackPackage.LockFile)));
    }

    private static Manifest With(string source, string version) =>
        Manifests.Entry(1).Manifest with
        {
            Providers = new Dictionary<string, string> { [ProviderVersions.AddressOf(source)] = version },
        };

    private StackDirectory Stack(string name, string linode, string terraform, string lockFile)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, "stacks", name)).FullName;
        File.WriteAllText(
            Path.Combine(directory, StackDirectory.FileName),
            $$"""
            {
              "terraform": {
                "required_version": "{{terraform}}",
                "required_providers": {
                  "linode": { "source": "linode/linode", "version": "{{linode}}" },
                  "helm": { "source": "helm", "version": "3.1.1" }
                }
              },
              "locals": { "from": "{{name}}" }
            }
            """
        );
        File.WriteAllText(Path.Combine(directory, StackPackage.LockFile), lockFile);
        return StackDirectory.Read(_directory.Path, name);
    }
}
