using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Rehearsal;

/// <summary>Rehearsals of a small hand-made platform: every failure is found, and no process is left.</summary>
[Trait("Level", "real")]
public sealed class RehearsalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Rehearsal_of_a_good_platform_passes()
    {
        var report = await RunAsync(new());

        Assert.True(report.Held, report.Failure?.Message);
        Assert.Equal(["state", "core", "system", "development"], report.Stacks.Select(stack => stack.Name));
        Assert.Equal([2, 3, 1, 3], report.Stacks.Select(stack => stack.Resources));
        Assert.Equal(1, report.SecretsPlanted);
        Assert.Equal("development", report.Rollback?.Stack);
        Assert.NotEqual(report.Rollback?.From, report.Rollback?.To);
        Assert.True(report.TerraformCalls >= 4 * 10, $"{report.TerraformCalls} calls");
    }

    [Fact]
    public async Task Rehearsal_shows_a_failed_create_and_the_state_is_correct()
    {
        var fault = new Fault
        {
            Operation = "create",
            Type = "linode_vpc_subnet",
            Error = FaultErrors.AccountLimit,
        };
        var report = await RunAsync(new() { Faults = [fault] });

        Assert.False(report.Held);
        Assert.Equal(("core", "apply"), (report.Failure!.Stack, report.Failure.Step));
        Assert.Contains(FaultErrors.AccountLimit, report.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(report.Failure.NotInState);
        Assert.Empty(report.Failure.NotInAccount);
        Assert.Null(report.SecretsFound);
    }

    [Fact]
    public async Task Rehearsal_names_the_orphan_of_a_lost_answer()
    {
        var fault = new Fault
        {
            Operation = "create",
            Type = "linode_vpc",
            Error = FaultErrors.ConnectionReset,
            AnswerLost = true,
        };
        var report = await RunAsync(new() { Faults = [fault] });

        Assert.StartsWith("linode_vpc/", Assert.Single(report.Failure!.NotInState), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rehearsal_fails_if_a_fault_matched_no_call()
    {
        var fault = new Fault { Type = "linode_vcp", Error = FaultErrors.AccountLimit };
        var report = await RunAsync(new() { Stack = "state", Faults = [fault] });

        Assert.False(report.Held);
        Assert.Contains("linode_vcp", report.Failure!.Message, StringComparison.Ordinal);
        Assert.True(report.AccountEmpty);
    }

    [Fact]
    public async Task Rehearsal_shows_a_second_plan_that_is_not_empty()
    {
        var report = await RunAsync(new() { Edit = Restless });

        Assert.Equal(("core", "second plan"), (report.Failure!.Stack, report.Failure.Step));
        Assert.Contains("linode_firewall.nodes will be updated in-place", report.Failure.Message, StringComparison.Ordinal);
        Assert.False(report.Stacks.Single(stack => stack.Name == "core").SecondPlanEmpty);
    }

    [Fact]
    public async Task Rehearsal_finds_a_leaked_secret()
    {
        // Terraform keeps an ephemeral value out of resources, but a provisioner may use it and writes it to a file here. The
        // file is not in the working directory: an apply works in a directory in memory that is deleted afterwards.
        var leak = $"printf %s '${{var.password}}' > {_directory.Path}/leaked.txt";
        var report = await RunAsync(
            new()
            {
                Edit = (stack, configuration) =>
                {
                    if (stack == "development")
                    {
                        configuration["resource"]!["terraform_data"] = new JsonObject
                        {
                            ["leak"] = new JsonObject
                            {
                                ["provisioner"] = new JsonArray(
                                    new JsonObject { ["local-exec"] = new JsonObject { ["command"] = leak } }
                                ),
                            },
                        };
                    }
                },
            }
        );

        Assert.Equal([new SecretFound("password", "leaked.txt")], report.SecretsFound);
        Assert.Null(report.Failure);
        Assert.False(report.Held);
    }

    [Fact]
    public async Task Rehearsal_ends_all_processes_on_a_stop_request()
    {
        using var stop = new CancellationTokenSource();
        var hold = new Hold();
        var held = new Fault
        {
            Operation = "create",
            Type = "linode_vpc_subnet",
            Hold = hold,
        };
        var run = RunAsync(new() { Faults = [held] }, stop.Token);
        // During an apply: the network is created, and its subnet is being created.
        await hold.ReachedAsync(Patience.Token);
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        Assert.Empty(Left());
        Assert.Contains(
            "Gracefully shutting down",
            Read(Path.Combine(_directory.Path, "logs", "core.log")),
            StringComparison.Ordinal
        );
    }

    private sealed record Case
    {
        public PlatformSpec Platform { get; init; } = SmallPlatform.Platform;
        public string? Stack { get; init; }
        public IReadOnlyList<Fault> Faults { get; init; } = [];
        public Action<string, JsonObject> Edit { get; init; } = (_, _) => { };
    }

    private async Task<RehearsalReport> RunAsync(Case wanted, CancellationToken cancellation = default)
    {
        var report = await RehearsalRun.RunAsync(
            new()
            {
                Platform = wanted.Platform,
                Synthesize = (platform, output) => SmallPlatform.Synthesize(platform, output, wanted.Edit),
                Directory = _directory.Path,
                SearchPath = System.Environment.GetEnvironmentVariable("PATH")!,
                Stack = wanted.Stack,
                Faults = wanted.Faults,
                Seed = 1,
            },
            cancellation
        );
        Assert.Empty(Left());
        return report;
    }

    // Every child process of a rehearsal has this directory as its home or working directory; other tests use other directories.
    private IEnumerable<string> Left() =>
        Process
            .GetProcessesByName("terraform")
            .Select(process => Read($"/proc/{process.Id}/environ"))
            .Where(environment => environment.Contains(_directory.Path, StringComparison.Ordinal));

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // does not exist yet, or the process has ended
        }
    }

    private static void Restless(string stack, JsonObject configuration)
    {
        if (stack == "core")
            configuration["resource"]!["linode_firewall"]!["nodes"]!["tags"] = new JsonArray("at:${timestamp()}");
    }
}
