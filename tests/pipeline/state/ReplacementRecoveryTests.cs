using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>Terraform is killed in the middle of a replacement, or while its only create is in flight.</summary>
[Trait("Level", "real")]
public sealed class ReplacementRecoveryTests
{
    private const string Firewall = "linode_firewall.late";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_replacement_keeps_the_object_it_made(bool createFirst)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await DoneAsync(sandbox, With(sandbox, "us-ord", createFirst, late: false), "deploy core --yes");
        var old = Vpcs(sandbox).Single();
        var next = With(sandbox, "us-iad", createFirst, late: true);
        await KillDuringAsync(sandbox, next, new() { Operation = "create", Type = "linode_firewall" });
        var made = Vpcs(sandbox).Single(id => id != old);
        // Before a create, the old object is deleted, or kept until all that depends on it is made.
        Assert.Equal(createFirst ? [old, made] : [made], Vpcs(sandbox));
        Assert.Equal([old], await StateAsync(sandbox, "linode_vpc"));

        var doctor = await sandbox.RunAsync("state doctor core", next);
        Assert.Contains("Run \"state recover core --yes\" before the next apply.", doctor.Output, StringComparison.Ordinal);
        var first = await sandbox.RunAsync("state recover core --yes", next);
        Assert.True(first.Code == ExitCode.Failed, first.Output + first.Error);
        Assert.Contains("imported into the state: linode_vpc.a", first.Output, StringComparison.Ordinal);
        Assert.Equal(createFirst, first.Output.Contains("linode_vpc.a replaces an older object", StringComparison.Ordinal));
        Assert.Contains($"state recover core --absent '{Firewall}'", first.Output, StringComparison.Ordinal);
        await DoneAsync(sandbox, next, $"state recover core --absent {Firewall}");

        await DoneAsync(sandbox, next, "deploy core --yes");
        Assert.Equal([made], Vpcs(sandbox));
        await DoneAsync(sandbox, next, "drift core");
    }

    [Fact]
    public async Task Journal_stays_when_only_a_create_was_in_flight()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await DoneAsync(sandbox, With(sandbox, "us-ord", createFirst: false, late: false), "deploy core --yes");
        var next = With(sandbox, "us-ord", createFirst: false, late: true);
        // The firewall exists, and Terraform never learns it.
        await KillDuringAsync(
            sandbox,
            next,
            new()
            {
                Operation = "create",
                Type = "linode_firewall",
                AfterEffect = true,
            }
        );

        Assert.Single(next.Journals.Of(StackNames.Core));
        var refused = await sandbox.RunAsync("deploy core --yes", next);
        Assert.Contains("Run \"state recover core\" first", refused.Error, StringComparison.Ordinal);

        var firewall = sandbox.Sandbox.Account.Objects.Single(item => item.Type == "linode_firewall");
        await DoneAsync(sandbox, next, "state recover core --yes");
        await DoneAsync(sandbox, next, "deploy core --yes");
        var now = sandbox.Sandbox.Account.Objects.Single(item => item.Type == "linode_firewall");
        Assert.Equal(firewall.Id, now.Id);
    }

    [Fact]
    public async Task Discarded_object_is_recorded_with_the_reason()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var next = With(sandbox, "us-ord", createFirst: false, late: true);
        await KillDuringAsync(sandbox, next, new() { Operation = "create", Type = "linode_firewall" });

        Assert.Equal(ExitCode.Usage, (await sandbox.RunAsync($"state recover core --yes --discard {Firewall}", next)).Code);
        var wrong = await sandbox.RunAsync("state recover core --yes --discard linode_vpc.b --reason why", next);
        Assert.Contains($"--discard linode_vpc.b: allowed: {Firewall}, linode_vpc.a.", wrong.Error, StringComparison.Ordinal);
        var done = await sandbox.RunAsync($"state recover core --yes --discard {Firewall} --reason lost", next);

        Assert.True(done.Code == ExitCode.Done, done.Output + done.Error);
        Assert.Contains($"given up: {Firewall}.", done.Output, StringComparison.Ordinal);
        using var buckets = StateBuckets.Open(next.Platform, next.Environment);
        var records = await StateArchive.Of(next, buckets).Audit.ListAsync(StackNames.Core, default);
        var record = Assert.Single(records, item => item.Reason == "lost");
        Assert.Contains(Firewall, record.Body.ToString(), StringComparison.Ordinal);
        Assert.Empty(next.Journals.Of());
    }

    private static async Task KillDuringAsync(SandboxFixture sandbox, Workspace workspace, Fault fault)
    {
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(fault with { Hold = hold });
        var deploy = sandbox.RunAsync("deploy core --yes", workspace);
        var reached = hold.ReachedAsync(Patience.Token);
        if (await Task.WhenAny(reached, deploy) == deploy)
            Assert.Fail($"The deploy ended before the call: {await deploy}");
        await reached;
        TerraformProcesses.Kill(workspace, StackNames.Core);
        await hold.LeftAsync(Patience.Token);
        Assert.Equal(ExitCode.Failed, (await deploy).Code);
        sandbox.Sandbox.Account.ClearFaults();
    }

    private static async Task DoneAsync(SandboxFixture sandbox, Workspace workspace, string command)
    {
        var (code, output, error) = await sandbox.RunAsync(command, workspace);
        Assert.True(code == ExitCode.Done, $"{command} ended with {code}:\n{output}{error}");
    }

    private static IReadOnlyList<string> Vpcs(SandboxFixture sandbox) =>
        [.. sandbox.Sandbox.Account.Objects.Where(item => item.Type == "linode_vpc").Select(item => item.Id)];

    private static async Task<IReadOnlyList<string>> StateAsync(SandboxFixture sandbox, string type)
    {
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var content = await buckets.Live.ReadAsync(
            StateAddress.Of(sandbox.Platform, StackNames.Core).Key,
            buckets.Keys.AllOf(StackNames.Core),
            default
        );
        return [.. StateFile.Parse(content).Objects.Where(item => item.Type == type).Select(item => item.Id)];
    }

    /// <summary>Only core: a network, whose change of region replaces it, and later a firewall that depends on it.</summary>
    private static Workspace With(SandboxFixture sandbox, string region, bool createFirst, bool late) =>
        sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (stack, configuration) =>
                    {
                        if (stack != StackNames.Core)
                            return;
                        configuration.Remove("output");
                        var vpc = new JsonObject
                        {
                            ["label"] = $"a-{region}",
                            ["region"] = region,
                            ["lifecycle"] = new JsonObject { ["create_before_destroy"] = createFirst },
                        };
                        var firewall = new JsonObject
                        {
                            ["label"] = "late",
                            ["inbound_policy"] = "DROP",
                            ["outbound_policy"] = "ACCEPT",
                            ["depends_on"] = new JsonArray("linode_vpc.a"),
                        };
                        var resources = new JsonObject { ["linode_vpc"] = new JsonObject { ["a"] = vpc } };
                        if (late)
                            resources["linode_firewall"] = new JsonObject { ["late"] = firewall };
                        configuration["resource"] = resources;
                    }
                ),
        };
}
