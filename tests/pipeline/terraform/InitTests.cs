using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Terraform;

/// <summary>When the real Terraform is initialized, and when not.</summary>
[Trait("Level", "real")]
public sealed class InitTests
{
    private readonly ConcurrentQueue<TerraformCall> _calls = [];

    private int Inits => _calls.Count(call => call.Arguments[0] == "init");

    [Fact]
    public async Task Only_the_first_command_initializes_a_stack()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Called = _calls.Enqueue };

        await DoneAsync(sandbox.RunAsync("deploy --yes", workspace));
        Assert.Equal(4, Inits);
        await DoneAsync(sandbox.RunAsync("deploy --yes", workspace));
        await DoneAsync(sandbox.RunAsync("drift", workspace));
        // It works on a copy of each stack.
        await DoneAsync(sandbox.RunAsync("destroy --yes --confirm infra", workspace));
        Assert.Equal(4, Inits);
    }

    [Fact]
    public async Task Plans_without_an_apply_initialize_a_stack_once()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Called = _calls.Enqueue };

        await DoneAsync(sandbox.RunAsync("plan", workspace));
        await DoneAsync(sandbox.RunAsync("plan", workspace));
        Assert.Equal(4, Inits);
        Assert.False(Directory.Exists(workspace.Output));
    }

    [Fact]
    public async Task Changed_backend_is_initialized_again()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Called = _calls.Enqueue };
        await DoneAsync(sandbox.RunAsync("synth", workspace));
        await DoneAsync(sandbox.RunAsync("plan state --skip-synth", workspace));

        Change(workspace, backend => backend["max_retries"] = 3);
        var (code, _, error) = await sandbox.RunAsync("plan state --skip-synth", workspace);

        Assert.Equal(2, Inits);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("Backend configuration changed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_that_terraform_demands_is_run_and_the_call_repeated()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Called = _calls.Enqueue };
        await DoneAsync(sandbox.RunAsync("synth", workspace));
        await DoneAsync(sandbox.RunAsync("plan state --skip-synth", workspace));
        // Data that does not fit the configuration, with a record that does not show it.
        Rewrite(workspace, backend => backend["hash"] = 1);
        _calls.Clear();

        await DoneAsync(sandbox.RunAsync("plan state --skip-synth", workspace));

        Assert.Equal(
            ["plan 1", "init 0", "plan 2", "show 0"],
            _calls.Select(call => $"{call.Arguments[0]} {call.Result.ExitCode}")
        );
    }

    [Fact]
    public async Task Failed_init_is_repeated_by_the_next_command()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Called = _calls.Enqueue };
        await DoneAsync(sandbox.RunAsync("synth", workspace));
        await DoneAsync(sandbox.RunAsync("plan state --skip-synth", workspace));
        Change(workspace, backend => backend["max_retries"] = "none");
        Assert.Equal(ExitCode.Failed, (await sandbox.RunAsync("plan state --skip-synth", workspace)).Code);

        await DoneAsync(sandbox.RunAsync("synth", workspace));
        await DoneAsync(sandbox.RunAsync("plan state --skip-synth", workspace));
        Assert.Equal(3, Inits);
    }

    [Fact]
    public async Task Encryption_is_required_also_without_an_init()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Called = _calls.Enqueue };
        await DoneAsync(sandbox.RunAsync("synth", workspace));
        await DoneAsync(sandbox.RunAsync("plan state --skip-synth", workspace));
        Rewrite(workspace, backend => backend["config"]!["encrypt"] = false);

        var refused = await Assert.ThrowsAsync<PipelineException>(() => Terraform(workspace).InitAsync(CancellationToken.None));

        Assert.Contains("the backend does not encrypt", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, Inits);
    }

    private static async Task DoneAsync(Task<(int Code, string Output, string Error)> run)
    {
        var (code, output, error) = await run;
        Assert.True(code == 0, output + error);
    }

    private static TerraformCli Terraform(Workspace workspace) =>
        workspace.Terraform(workspace.Stack(StackNames.State), Placeholders.Allowed);

    // Changes the backend in the synthesized configuration.
    private static void Change(Workspace workspace, Action<JsonNode> change)
    {
        var file = Path.Combine(workspace.Stack(StackNames.State).Path, StackDirectory.FileName);
        var configuration = JsonNode.Parse(File.ReadAllText(file))!;
        change(configuration["terraform"]!["backend"]!["s3"]!);
        File.WriteAllText(file, configuration.ToJsonString());
    }

    private static string Data(Workspace workspace) => Path.Combine(workspace.Stack(StackNames.State).Path, ".terraform");

    /// <summary>Changes what the last init stored, as if the record belonged to it.</summary>
    private static void Rewrite(Workspace workspace, Action<JsonNode> edit)
    {
        var file = Path.Combine(Data(workspace), "terraform.tfstate");
        var stored = JsonNode.Parse(File.ReadAllText(file))!;
        edit(stored["backend"]!);
        File.WriteAllText(file, stored.ToJsonString());
        new InitRecord(workspace.Stack(StackNames.State).Path, Data(workspace), Terraform(workspace).Environment).Write();
    }
}
