using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>A deleted live state: nothing is created again, and the doctor stays red until a person decided.</summary>
[Trait("Level", "real")]
public sealed class MissingStateTests
{
    private const string Stack = StackNames.Core;

    [Theory]
    [InlineData("deploy core --yes")]
    [InlineData("rollback core --to 1 --yes")]
    [InlineData("destroy --yes --confirm infra")]
    [InlineData("state recover core --yes")]
    public async Task Command_refuses_a_stack_that_only_the_archive_knows(string command)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await DeployAsync(sandbox);
        var objects = sandbox.Sandbox.Account.Objects.Select(item => item.Key).ToList();
        using var buckets = KeyedWorkspace.Buckets(sandbox.Workspace);
        await buckets.Live.DeleteAsync(Key(sandbox), version: null, CancellationToken.None);

        var (code, _, error) = await sandbox.RunAsync(command.Replace(" 1 ", $" {(await ListAsync(sandbox))[0].Serial} "));

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(
            "stack core: its live state is missing, and the archive has 1 version(s) of it, the newest with 3 object(s).",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("Run \"state restore core last-good\" first.", error, StringComparison.Ordinal);
        Assert.Equal(objects, sandbox.Sandbox.Account.Objects.Select(item => item.Key));
        Assert.Equal(ExitCode.Failed, (await sandbox.RunAsync("state doctor core")).Code);

        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("state restore core last-good")).Code);
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("deploy core --yes")).Code);
        Assert.Equal(objects, sandbox.Sandbox.Account.Objects.Select(item => item.Key));
    }

    [Theory]
    [InlineData("deploy core --yes", false)]
    [InlineData("destroy --yes --confirm infra", false)]
    // A backup of the empty state makes it the newest version.
    [InlineData("deploy core --yes", true)]
    public async Task Command_refuses_an_empty_state_of_another_history(string command, bool archived)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await DeployAsync(sandbox);
        var objects = sandbox.Sandbox.Account.Objects.Select(item => item.Key).ToList();
        using var buckets = KeyedWorkspace.Buckets(sandbox.Workspace);
        // As Terraform by hand leaves it after the state was deleted, for example after its first apply failed.
        const string empty = """
            {"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"again","outputs":{},"resources":[]}
            """;
        await KeyedWorkspace.PutAsync(buckets.Live, Key(sandbox), buckets.Keys.Of(Stack), empty);
        if (archived)
            Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("backup core")).Code);

        var (code, _, error) = await sandbox.RunAsync(command);

        Assert.Equal(ExitCode.Failed, code);
        var version = (await ListAsync(sandbox)).Single(entry => entry.Lineage != "again").Version;
        Assert.Contains($"its live state is empty and has another lineage (again), and version {version}", error);
        Assert.Equal(objects, sandbox.Sandbox.Account.Objects.Select(item => item.Key));

        Assert.Contains($"\"state restore core {version} --force --reason TEXT\"", error, StringComparison.Ordinal);
        var restored = await sandbox.RunAsync($"state restore core {version} --force --reason lost");
        Assert.True(restored.Code == ExitCode.Done, restored.Error);
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("deploy core --yes")).Code);
        Assert.Equal(objects, sandbox.Sandbox.Account.Objects.Select(item => item.Key));
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("state doctor core")).Code);
    }

    [Fact]
    public async Task Deploy_without_state_needs_the_archive()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with
        {
            Environment = new Dictionary<string, string>(sandbox.Workspace.Environment)
            {
                ["ARCHIVE_ACCESS_KEY_ID"] = "unknown",
                ["ARCHIVE_SECRET_ACCESS_KEY"] = "wrong",
            },
        };

        var (code, _, error) = await sandbox.RunAsync("deploy core --yes", workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith(
            "stack core: it has no live state, and only the archive knows whether it was applied before: bucket ",
            error,
            StringComparison.Ordinal
        );
        Assert.Empty(sandbox.Sandbox.Account.Objects);
    }

    [Fact]
    public async Task Deploy_creates_a_destroyed_stack_whose_state_was_deleted()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await DeployAsync(sandbox);
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("destroy --yes --confirm infra")).Code);
        using var buckets = KeyedWorkspace.Buckets(sandbox.Workspace);
        await buckets.Live.DeleteAsync(Key(sandbox), version: null, CancellationToken.None);

        await DeployAsync(sandbox);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Doctor_is_red_until_one_of_two_histories_is_restored(bool back)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await DeployAsync(sandbox);
        // Terraform by hand: it creates every object again, in a new state.
        using var buckets = KeyedWorkspace.Buckets(sandbox.Workspace);
        var state = JsonNode.Parse((await buckets.Live.ReadAsync(Key(sandbox), buckets.Keys.AllOf(Stack), default))!)!;
        (state["lineage"], state["serial"]) = ("again", 1);
        await KeyedWorkspace.PutAsync(buckets.Live, Key(sandbox), buckets.Keys.Of(Stack), state.ToJsonString());
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("backup core")).Code);
        var versions = await ListAsync(sandbox);
        var (again, first) = (
            versions.Single(version => version.Lineage == "again").Version,
            versions.Single(version => version.Lineage != "again").Version
        );

        var red = await sandbox.RunAsync("state doctor core");
        Assert.Equal(ExitCode.Failed, red.Code);
        Assert.Contains($"WRONG  history of core: the live state (version {again}, lineage again)", red.Output);
        var commands = (string[])[first, again];
        Assert.All(commands, one => Assert.Contains($"\"state restore core {one} --force --reason TEXT\"", red.Output));

        var restored = await sandbox.RunAsync($"state restore core {(back ? first : again)} --force --reason decided");
        Assert.True(restored.Code == ExitCode.Done, restored.Error);

        var green = await sandbox.RunAsync("state doctor core");
        Assert.True(green.Code == ExitCode.Done, green.Output);
        Assert.Contains("good   history of core: no other history has objects.", green.Output, StringComparison.Ordinal);
    }

    private static async Task DeployAsync(SandboxFixture sandbox)
    {
        var (code, _, error) = await sandbox.RunAsync("deploy core --yes");
        Assert.True(code == ExitCode.Done, error);
    }

    private static string Key(SandboxFixture sandbox) => StateAddress.Of(sandbox.Platform, Stack).Key;

    private static async Task<IReadOnlyList<Manifest>> ListAsync(SandboxFixture sandbox)
    {
        using var buckets = KeyedWorkspace.Buckets(sandbox.Workspace);
        var entries = await StateArchive.Of(sandbox.Workspace, buckets).ListAsync(Stack, CancellationToken.None);
        return [.. entries.Select(entry => entry.Manifest)];
    }
}
