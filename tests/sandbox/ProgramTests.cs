using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox;

/// <summary>The commands objects and drift of the sandbox. They need no running sandbox.</summary>
[Trait("Level", "real")]
public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryDirectory _account = new();

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task Commands_list_and_change_the_objects_of_an_account()
    {
        AddNetwork();
        (await SandboxProgram.RunAsync("objects", "--directory", _account.Path)).Expect(0).Says("\"type\": \"linode_vpc\"");
        (await SandboxProgram.RunAsync("drift", "--directory", _account.Path, "--seed", "1"))
            .Expect(0)
            .Says("linode_vpc \"core\"");
        Assert.DoesNotContain(
            new Account(_account.Path).Objects,
            o => o.Attributes["label"]!.ToString() == "core" && o.Attributes["description"]!.ToString() == "nodes"
        );
    }

    [Fact]
    public async Task Commands_report_an_empty_and_a_missing_account()
    {
        (await SandboxProgram.RunAsync("drift", "--directory", _account.Path, "--seed", "1"))
            .Expect(1)
            .Says("sandbox drift: The account has no object that can be changed outside Terraform");
        var missing = Path.Combine(_account.Path, "missing");
        (await SandboxProgram.RunAsync("objects", "--directory", missing)).Expect(1).Says("Directory does not exist");
        Assert.False(Directory.Exists(missing));
    }

    private void AddNetwork() =>
        new Account(_account.Path).Change(transaction =>
        {
            JsonObject attributes = new()
            {
                ["label"] = "core",
                ["region"] = "us-ord",
                ["description"] = "nodes",
            };
            transaction.Put(
                new()
                {
                    Provider = "linode",
                    Type = "linode_vpc",
                    Id = "1",
                    Name = "core",
                    Created = DateTimeOffset.UnixEpoch,
                    Attributes = attributes,
                    Configured = attributes.DeepClone().AsObject(),
                }
            );
            return true;
        });
}
