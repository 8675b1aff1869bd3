using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Commands;

/// <summary>sandbox run: the exit code, the environment and the faults of the program that it starts.</summary>
[Trait("Level", "real")]
public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryDirectory _account = new();

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task Run_returns_the_exit_code_or_names_a_missing_program()
    {
        Assert.Equal(3, (await SandboxProgram.RunAsync("run", "--directory", _account.Path, "--", "sh", "-c", "exit 3")).Code);
        (await SandboxProgram.RunAsync("run", "--directory", _account.Path, "--", "no-such-program"))
            .Expect(127)
            .Says("cannot start \"no-such-program\"");
    }

    [Fact]
    public async Task Run_gives_the_program_an_account_with_the_buckets()
    {
        const string Script =
            "echo $LINODE_TOKEN at $LINODE_URL; test -n \"$TF_REATTACH_PROVIDERS\" && test -f $KUBE_CONFIG_PATH "
            + "&& grep -qxF \"$TF_REATTACH_PROVIDERS\" $INFRACDKTF_SANDBOX/.pipeline/sandboxes/*";
        (await SandboxProgram.RunAsync("run", "--directory", _account.Path, "--bucket", "live", "--", "sh", "-c", Script))
            .Expect(0)
            .Says("sandbox at http://127.0.0.1:");
        await using var later = await CloudSandbox.StartAsync(new() { Directory = _account.Path });
        Assert.Equal(["live"], later.ObjectStore.Buckets);
    }

    [Fact]
    public async Task Run_makes_the_call_fail_that_a_fault_names()
    {
        using var work = new TemporaryDirectory();
        work.Write(
            "main.tf",
            SandboxTest.Head
                + """
                resource "linode_vpc" "v" {
                  label  = "core"
                  region = "us-ord"
                }
                """
        );
        var fault = $$"""{"operation":"create","error":"{{FaultErrors.AccountLimit}}"}""";
        var script = $"cd {work.Path} && terraform init -no-color >&2 && terraform apply -auto-approve -no-color";
        (await SandboxProgram.RunAsync("run", "--directory", _account.Path, "--fault", fault, "--", "sh", "-c", script))
            .Expect(1)
            .Says("Account Limit reached");
        Assert.Empty(new Account(_account.Path).Objects);
        (await SandboxProgram.RunAsync("run", "--directory", _account.Path, "--", "sh", "-c", script)).Expect(0);
        Assert.Equal(["linode_vpc"], new Account(_account.Path).Objects.Select(o => o.Type));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fault_kills_the_Terraform_that_makes_the_call(bool afterEffect)
    {
        using var work = new TemporaryDirectory();
        work.Write(
            "main.tf",
            SandboxTest.Head + "resource \"linode_vpc\" \"v\" {\n  label = \"core\"\n  region = \"us-ord\"\n}\n"
        );
        var fault = $$"""{"operation":"create","kill":true,"afterEffect":{{(afterEffect ? "true" : "false")}}}""";
        var script =
            $"cd {work.Path} && terraform init -no-color >&2 && terraform apply -auto-approve -no-color; echo ended with $?";
        (await SandboxProgram.RunAsync("run", "--directory", _account.Path, "--fault", fault, "--", "sh", "-c", script))
            .Expect(0)
            .Says("ended with 137");
        Assert.Equal(afterEffect ? 1 : 0, new Account(_account.Path).Objects.Count);
    }

    [Fact]
    public async Task Run_refuses_a_malformed_fault_with_an_example() =>
        (await SandboxProgram.RunAsync("run", "--directory", _account.Path, "--fault", "{", "--", "true"))
            .Expect(1)
            .Says("Give a fault such as");
}
