using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// A deploy refuses a state that was or would be written without its key. Terraform does not report it: with <c>encrypt =
/// false</c> it ignores the key. The tests run on a RADOS Gateway, where this is the case.
/// </summary>
[Trait("Level", "real")]
public sealed class StateEncryptionTests
{
    private const string Key = "STATE_KEY_CORE";

    [Fact]
    public async Task Deploy_refuses_a_configuration_without_encryption()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        var workspace = sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (_, configuration) => configuration["terraform"]!["backend"]!["s3"]!["encrypt"] = false
                ),
        };

        await RefusedAsync(sandbox, workspace, "the backend does not encrypt");
    }

    [Fact]
    public async Task Deploy_refuses_encryption_switched_off_by_arguments()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        var arguments = sandbox.Workspace.Environment["TF_CLI_ARGS_init"];

        await RefusedAsync(
            sandbox,
            With(sandbox.Workspace, ("TF_CLI_ARGS_init", $"{arguments} -backend-config=encrypt=false")),
            "TF_CLI_ARGS_init: set in your environment",
            ExitCode.Usage
        );
    }

    [Fact]
    public async Task Deploy_refuses_encryption_switched_off_by_override()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        var workspace = sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
            {
                SmallPlatform.Synthesize(platform, output);
                var backend = StateAddress.Of(platform, StackNames.Core);
                File.WriteAllText(
                    Path.Combine(output, "stacks", StackNames.Core, "backend_override.tf.json"),
                    new JsonObject
                    {
                        ["terraform"] = new JsonObject { ["backend"] = new JsonObject { ["s3"] = Backend(backend) } },
                    }.ToJsonString()
                );
            },
        };

        await RefusedAsync(sandbox, workspace, "the backend does not encrypt");
    }

    [Fact]
    public async Task Deploy_refuses_to_start_without_a_state_key()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();

        await RefusedAsync(
            sandbox,
            With(sandbox.Workspace, (Key, ""), (StateKeys.TerraformVariable, "")),
            "no state key. Set STATE_KEY_CORE"
        );
    }

    [Fact]
    public async Task Deploy_refuses_a_wrong_key_and_a_state_in_clear()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("deploy core --yes")).Code);
        sandbox.Sandbox.Account.ChangeOutside(1, item => item.Type == "linode_firewall");
        var left = sandbox.Sandbox.Account.Objects.Count;

        var wrong = await sandbox.RunAsync("deploy core --yes", With(sandbox.Workspace, (Key, StateKey.Generate().Base64)));
        Assert.Equal(ExitCode.Failed, wrong.Code);
        Assert.Contains("written with another key than the one given", wrong.Error, StringComparison.Ordinal);

        await sandbox.RewriteInClearAsync(StackNames.Core);
        var clear = await sandbox.RunAsync("deploy core --yes");
        Assert.Equal(ExitCode.Failed, clear.Code);
        Assert.Contains("can be read without a key", clear.Error, StringComparison.Ordinal);
        Assert.Equal(left, sandbox.Sandbox.Account.Objects.Count);
    }

    private static async Task RefusedAsync(
        SandboxFixture sandbox,
        Workspace workspace,
        string message,
        int expected = ExitCode.Failed
    )
    {
        var (code, _, error) = await sandbox.RunAsync("deploy core --yes", workspace);

        Assert.Equal(expected, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Empty(sandbox.Sandbox.Account.Objects);
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        Assert.Empty(await buckets.Live.ListAsync("", CancellationToken.None).ToListAsync());
    }

    private static JsonObject Backend(StateAddress address) =>
        new()
        {
            ["bucket"] = address.Bucket,
            ["key"] = address.Key,
            ["region"] = address.Region,
            ["skip_credentials_validation"] = true,
            ["skip_region_validation"] = true,
            ["skip_requesting_account_id"] = true,
            ["use_path_style"] = true,
        };

    private static Workspace With(Workspace workspace, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>(workspace.Environment);
        foreach (var (name, value) in variables)
            environment[name] = value;
        return workspace with { Environment = environment };
    }
}
