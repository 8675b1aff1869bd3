using System.Diagnostics;
using System.Globalization;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Tests.Sandbox.Accounts;

/// <summary>A fault holds a call of the real Terraform until it is released, or until Terraform stops or ends.</summary>
[Trait("Level", "real")]
public sealed class HoldTests : SandboxTest
{
    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    [Fact]
    public async Task Held_call_goes_on_after_the_release()
    {
        using var terraform = await ReadyAsync();
        var hold = new Hold();
        Cloud.Account.AddFault(
            new()
            {
                Operation = "create",
                Times = 2,
                Hold = hold,
            }
        );
        var apply = terraform.RunAsync("apply", "-auto-approve");
        string[] held = [await hold.ReachedAsync(Patience), await hold.ReachedAsync(Patience)];

        Assert.Equal(["create linode_firewall nodes", "create linode_vpc core"], held.Order(StringComparer.Ordinal));
        Assert.Empty(Cloud.Account.Objects);
        Assert.False(apply.IsCompleted);
        hold.Release();
        (await apply).Expect(0);
        Assert.Equal(2, Cloud.Account.Objects.Count);
    }

    [Fact]
    public async Task Hold_after_the_effect_keeps_the_answer_back()
    {
        using var terraform = await ReadyAsync();
        var hold = new Hold();
        Cloud.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_vpc",
                AfterEffect = true,
                Hold = hold,
            }
        );
        var apply = terraform.RunAsync("apply", "-auto-approve");
        await hold.ReachedAsync(Patience);

        Assert.Contains(Cloud.Account.Objects, item => item.Type == "linode_vpc");
        Assert.False(apply.IsCompleted);
        hold.Release();
        (await apply).Expect(0);
        (await terraform.PlanAsync()).Expect(0);
    }

    [Fact]
    public async Task Held_call_fails_when_Terraform_stops_its_provider()
    {
        using var terraform = await ReadyAsync();
        var hold = new Hold();
        AddFault(hold, afterEffect: false);
        var apply = StartAsync(terraform);
        await hold.ReachedAsync(Patience);
        Signal(terraform, "INT");

        (await apply).Expect(1).Says("The call was cancelled");
        Assert.DoesNotContain(Cloud.Account.Objects, item => item.Type == "linode_vpc");
        // The provider is stopped for that run only.
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Held_call_ends_when_Terraform_is_killed(bool afterEffect)
    {
        using var terraform = await ReadyAsync();
        var hold = new Hold();
        AddFault(hold, afterEffect);
        var apply = StartAsync(terraform);
        await hold.ReachedAsync(Patience);
        Signal(terraform, "KILL");
        await apply;

        Assert.Equal("create linode_vpc core", await hold.LeftAsync(Patience));
        Assert.Equal(afterEffect, Cloud.Account.Objects.Any(item => item.Type == "linode_vpc"));
    }

    [Fact]
    public async Task Held_call_ends_with_the_sandbox()
    {
        using var terraform = await ReadyAsync();
        var hold = new Hold();
        AddFault(hold, afterEffect: false);
        var apply = StartAsync(terraform);
        await hold.ReachedAsync(Patience);
        await Cloud.DisposeAsync();

        Assert.Equal("create linode_vpc core", await hold.LeftAsync(Patience));
        (await apply).Expect(1);
    }

    private void AddFault(Hold hold, bool afterEffect) =>
        Cloud.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_vpc",
                AfterEffect = afterEffect,
                Hold = hold,
            }
        );

    private async Task<TerraformRunner> ReadyAsync()
    {
        var terraform = new TerraformRunner(Cloud, Head + Network);
        (await terraform.RunAsync("init")).Expect(0);
        return terraform;
    }

    // The file "pid" has the id of Terraform's process.
    private static Task<Ended> StartAsync(TerraformRunner terraform) =>
        terraform.StartAsync("sh", "-c", "echo $$ > pid; exec terraform apply -auto-approve");

    private static void Signal(TerraformRunner terraform, string signal)
    {
        var process = int.Parse(File.ReadAllText(Path.Combine(terraform.Folder, "pid")), CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}
