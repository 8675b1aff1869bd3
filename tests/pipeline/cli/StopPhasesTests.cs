using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>
/// A real signal at each phase of each long command: no stack trace, the right exit code, and a true sentence about what was
/// changed. A call of a provider that the sandbox holds is the phase.
/// </summary>
[Trait("Level", "real")]
public sealed class StopPhasesTests(ITestOutputHelper log)
{
    private const int Sample = 3;
    private const string Nothing = "Nothing was changed.";

    private static readonly (string Signal, int Code)[] s_signals =
    [
        ("INT", ExitCode.Stopped),
        ("TERM", ExitCode.Terminated),
        ("HUP", ExitCode.Stopped),
    ];

    /// <summary>A phase of a command.</summary>
    /// <param name="Command">The command.</param>
    /// <param name="Operation">The held call of a provider.</param>
    /// <param name="Type">Its type.</param>
    /// <param name="Said">What the message says about changes.</param>
    private sealed record Phase(string Command, string Operation, string Type, string Said)
    {
        /// <summary>True if the phase needs a platform that is deployed already.</summary>
        public bool IsDeployed => Command.Split(' ')[0] is "drift" or "destroy" or "rollback";
    }

    private static readonly Phase[] s_phases =
    [
        new("plan core --skip-synth", "validate", "linode_firewall", Nothing),
        new("plan core --skip-synth", "plan", "linode_firewall", Nothing),
        new("deploy core --yes --skip-synth", "validate", "linode_firewall", Nothing),
        new("deploy core --yes --skip-synth", "plan", "linode_firewall", Nothing),
        new("deploy core --yes --skip-synth", "create", "linode_vpc_subnet", "terraform apply of stack core"),
        new("drift core --skip-synth", "read", "linode_firewall", Nothing),
        new("rollback core --to VERSION --yes", "read", "linode_firewall", Nothing),
        new("destroy development --yes --confirm infra --skip-synth", "read", "kubernetes_config_map_v1", Nothing),
        new(
            "destroy development --yes --confirm infra --skip-synth",
            "delete",
            "kubernetes_config_map_v1",
            "terraform apply of stack development"
        ),
    ];

    [Fact]
    public async Task Stop_at_any_phase_has_its_exit_code_and_a_true_sentence()
    {
        var cases = s_phases.SelectMany(phase => s_signals.Select(signal => (phase, signal))).ToArray();
        if (System.Environment.GetEnvironmentVariable("LONG_TESTS") != "1")
        {
            TestRandom.Create().Shuffle(cases);
            cases = cases[..Sample];
        }
        foreach (var (phase, (signal, code)) in cases)
        {
            log.WriteLine($"{signal} at {phase}");
            await StopAsync(phase, signal, code);
        }
        log.WriteLine($"{cases.Length} stops at {cases.Select(one => one.phase).Distinct().Count()} phases");
    }

    [Fact]
    public async Task Ctrl_C_at_the_question_changes_nothing()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        var transcript = Path.Combine(sandbox.Directory, "transcript");
        File.WriteAllText(transcript, "");
        using var run = ProgramProcess.StartAtPrompt("deploy core --skip-synth", sandbox.Workspace, transcript);
        await UntilAsync("Apply core\\?");

        run.PressCtrlC();
        await UntilAsync("exit code [0-9]");

        var shown = await File.ReadAllTextAsync(transcript);
        Assert.Contains($"Stopped on request. {Nothing}", shown, StringComparison.Ordinal);
        Assert.Contains($"exit code {ExitCode.Stopped}", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", shown, StringComparison.Ordinal);
        Assert.Empty(sandbox.Sandbox.Account.Objects);

        Task UntilAsync(string pattern) =>
            FileChanges.UntilAsync(sandbox.Directory, () => Regex.IsMatch(File.ReadAllText(transcript), pattern));
    }

    private static async Task StopAsync(Phase phase, string signal, int code)
    {
        await using var sandbox = await (phase.IsDeployed ? SandboxFixture.StartDeployedAsync() : SandboxFixture.StartAsync());
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        var before = sandbox.Sandbox.Account.Objects.Select(item => item.Key).ToList();
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = phase.Operation,
                Type = phase.Type,
                Hold = hold,
            }
        );
        var command = phase.Command;
        if (command.Contains("VERSION", StringComparison.Ordinal))
        {
            var list = JsonNode.Parse((await sandbox.RunAsync("archive list core --json")).Output)!;
            command = command.Replace("VERSION", $"{list["stacks"]![0]!["versions"]![0]!["version"]}", StringComparison.Ordinal);
        }
        using var run = ProgramProcess.Start(command, sandbox.Workspace);
        var ended = run.EndAsync();
        var reached = hold.ReachedAsync(Patience.Token);
        Assert.True(await Task.WhenAny(reached, ended) == reached, $"{phase} ended: {(ended.IsCompleted ? await ended : null)}");

        run.Signal(signal);
        var result = await ended;

        Assert.True(result.ExitCode == code, $"{phase}: {result}");
        Assert.Contains("Stopped on request. ", result.Error, StringComparison.Ordinal);
        Assert.Contains(phase.Said, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output + result.Error, StringComparison.Ordinal);
        if (phase.Said == Nothing)
            Assert.Equal(before, sandbox.Sandbox.Account.Objects.Select(item => item.Key));
    }
}
