using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>A stop on request says what happened, and loses no archive entry.</summary>
[Trait("Level", "real")]
public sealed partial class StopTests
{
    [Theory]
    [InlineData("HUP", ExitCode.Stopped)]
    [InlineData("TERM", ExitCode.Terminated)]
    [InlineData("INT", ExitCode.Stopped)]
    public async Task Signal_interrupts_Terraform_and_has_its_exit_code(string signal, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_vpc_subnet",
                Hold = hold,
            }
        );
        using var run = ProgramProcess.Start("deploy core --yes --skip-synth", sandbox.Workspace);
        await hold.ReachedAsync(Patience.Token);

        run.Signal(signal);
        var result = await run.EndAsync();

        Assert.True(result.ExitCode == code, $"{result}");
        Assert.Contains(
            "Stopped on request. stack core: terraform apply was interrupted and has ended, with exit code 1. Run \"state doc",
            result.Error,
            StringComparison.Ordinal
        );
        // The request for the subnet may have been sent: recovery looks at it, and at nothing else.
        var journal = Assert.Single(sandbox.Workspace.Journals.Of(StackNames.Core)).Read();
        Assert.Equal(["linode_vpc_subnet.nodes"], journal.InFlight.Select(item => item.Address));
        Assert.Empty(journal.Changing);
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        Assert.Null(await StateLock.Of(buckets, sandbox.Platform, StackNames.Core).ReadAsync(default));
    }

    [Fact]
    public async Task Closed_terminal_does_not_end_the_stop_early()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        var hold = sandbox.HoldCreate("linode_vpc_subnet");
        var exitCode = Path.Combine(sandbox.Directory, "exit-code");
        using var run = ProgramProcess.StartOnTerminal("deploy core --yes --skip-synth", sandbox.Workspace, exitCode);
        await hold.ReachedAsync(Patience.Token);

        run.Kill(children: false);
        await FileChanges.UntilAsync(sandbox.Directory, () => File.Exists(exitCode));

        // Every line after SIGHUP fails to be written; Terraform has ended, and what it made is archived.
        Assert.Equal($"{ExitCode.Stopped}\n", await File.ReadAllTextAsync(exitCode));
        // The request for the subnet may have been sent: recovery looks at it, and at nothing else.
        var journal = Assert.Single(sandbox.Workspace.Journals.Of()).Read();
        Assert.Equal(["linode_vpc_subnet.nodes"], journal.InFlight.Select(item => item.Address));
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        Assert.Null(await StateLock.Of(buckets, sandbox.Platform, StackNames.Core).ReadAsync(default));
        var versions = await StateArchive.Of(sandbox.Workspace, buckets).ListAsync(StackNames.Core, default);
        Assert.Equal(ApplyOutcome.Failed, Assert.Single(versions).Manifest.Outcome);
    }

    [Fact]
    public async Task Two_interrupts_lose_no_object_that_was_being_made()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        // The object exists, and its answer never comes.
        var hold = new Hold { HeedsStop = false };
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = "linode_vpc_subnet",
                Hold = hold,
                AnswerLost = true,
            }
        );
        using var run = ProgramProcess.Start("deploy core --yes --skip-synth", sandbox.Workspace);
        await hold.ReachedAsync(Patience.Token);
        var journal = Assert.Single(sandbox.Workspace.Journals.Of());

        // As a terminal does: to the program and to Terraform.
        await InterruptAsync(run, journal);
        await FileChanges.UntilAsync(
            Path.GetDirectoryName(journal.File)!,
            () => File.ReadAllText(journal.File).Contains("Interrupt received", StringComparison.Ordinal)
        );
        await InterruptAsync(run, journal);
        var result = await run.EndAsync();

        Assert.True(result.ExitCode == ExitCode.Stopped, $"{result}");
        Assert.Contains("Two interrupts received", await File.ReadAllTextAsync(journal.File), StringComparison.Ordinal);
        var refused = await sandbox.RunAsync("deploy core --yes");
        Assert.Contains("Run \"state recover core\" first", refused.Error, StringComparison.Ordinal);
        var made = sandbox.Sandbox.Account.Objects.Single(item => item.Type == "linode_vpc_subnet");
        var recovered = await sandbox.RunAsync($"state recover core --yes --adopt linode_vpc_subnet.nodes={made.Id}");
        Assert.True(recovered.Code == ExitCode.Done, recovered.Output + recovered.Error);
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("deploy core --yes")).Code);
        Assert.Equal(made, sandbox.Sandbox.Account.Objects.Single(item => item.Type == "linode_vpc_subnet"), Same);
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("drift core")).Code);

        static bool Same(AccountObject? first, AccountObject? second) => first!.Key == second!.Key;
    }

    private static async Task InterruptAsync(ProgramProcess run, ApplyJournal journal)
    {
        run.Signal("INT");
        foreach (var process in TerraformProcesses.Writing(journal))
        {
            using var kill = Process.Start("kill", ["-INT", process.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Stop_before_any_change_says_that_nothing_was_changed()
    {
        var (code, error) = await RunAsync(stopped: true, new OperationCanceledException("The operation was canceled."));

        Assert.Equal((ExitCode.Stopped, "Stopped on request. Nothing was changed.\n"), (code, error));
    }

    [Fact]
    public async Task Call_without_an_answer_is_no_stop_on_request()
    {
        var late = new TaskCanceledException("x", new TimeoutException("The request was canceled after 100 seconds."));
        var (code, error) = await RunAsync(stopped: false, late);

        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("A call had no answer within its time limit: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Stopped on request", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_of_several_stacks_names_each()
    {
        var none = new ChildResult(137, "", "");
        var (code, error) = await RunAsync(
            stopped: true,
            new OperationCanceledException(
                "x",
                new AggregateException(
                    new ChildStoppedException("stack core: terraform apply", none, killed: true, default),
                    new ChildStoppedException("stack system: terraform plan", none with { ExitCode = 1 }, killed: false, default)
                )
            )
        );

        Assert.Equal(ExitCode.Stopped, code);
        Assert.Contains("stack core: terraform apply did not end within 60 s after the interrupt and was killed.", error);
        Assert.Contains("stack system: terraform plan was interrupted and has ended, with exit code 1.", error);
    }

    [Fact]
    public async Task Stop_right_after_an_apply_still_archives_it()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(ExitCode.Done, (await sandbox.RunAsync("deploy core --yes")).Code);
        using var archiver = StackArchiver.Open(sandbox.Workspace, _ => { });
        using var stop = new CancellationTokenSource();

        var archived = await archiver.ApplyAsync(
            sandbox.Workspace.Stack(StackNames.Core),
            new(),
            () => stop.CancelAsync(),
            stop.Token
        );

        Assert.Equal(ArchivePlace.Archive, archived.Place);
        Assert.Equal(archived.Version, Assert.Single(await archiver.Archive.ListAsync(StackNames.Core, default)).Version);
    }

    [Fact]
    public async Task Command_that_doctor_names_runs_as_printed()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var stateLock = StateLock.Of(buckets, sandbox.Platform, StackNames.Core);
        await LeaveLockAsync(buckets, sandbox, ProcessIdentity.Own! with { Start = "1" });

        var doctor = await sandbox.RunAsync("state doctor core");
        Assert.Contains("Its run has ended; this releases it: ", doctor.Output, StringComparison.Ordinal);
        var printed = Named().Match(doctor.Output).Groups["command"].Value;
        var words = Word().Matches(printed).Select(word => word.Value.Trim('\''));
        var output = new StringWriter();
        // Without a terminal, as in a workflow.
        var code = await CommandLine.RunAsync([.. words], () => sandbox.Workspace, output, output);

        Assert.True(code == ExitCode.Done, output.ToString());
        Assert.Null(await stateLock.ReadAsync(default));
    }

    [Fact]
    public async Task Recover_asks_before_it_releases_a_lock()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var stateLock = StateLock.Of(buckets, sandbox.Platform, StackNames.Core);
        await LeaveLockAsync(buckets, sandbox, ProcessIdentity.Own! with { Start = "1" });

        var asked = await sandbox.RunAsync("state recover core");
        Assert.Equal(ExitCode.Usage, asked.Code);
        Assert.Contains("to release the lock, add --yes", asked.Error, StringComparison.Ordinal);
        Assert.NotNull(await stateLock.ReadAsync(default));

        var done = await sandbox.RunAsync("state recover core --yes");
        Assert.True(done.Code == ExitCode.Done, done.Output + done.Error);
        Assert.Null(await stateLock.ReadAsync(default));
        var records = await StateArchive.Of(sandbox.Workspace, buckets).Audit.ListAsync(StackNames.Core, default);
        Assert.Equal("state recover", Assert.Single(records).Kind);
    }

    // Writes a lock of this program whose process has ended.
    private static async Task LeaveLockAsync(StateBuckets buckets, SandboxFixture sandbox, ProcessIdentity process)
    {
        var holder = new LockHolder
        {
            Id = "left",
            Operation = "state restore",
            Info = $"{process}",
            Who = LockingRun.Who,
            Created = DateTimeOffset.UtcNow,
        };
        using var content = new MemoryStream(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(holder));
        await buckets.Live.PutAsync(
            StateAddress.Of(sandbox.Platform, StackNames.Core).LockKey,
            content,
            buckets.Keys.Of(StackNames.Core),
            new(),
            default
        );
    }

    private static async Task<(int Code, string Error)> RunAsync(bool stopped, Exception failure)
    {
        using var stop = new CancellationTokenSource();
        var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["synth"],
            () =>
            {
                if (stopped)
                    stop.Cancel();
                throw failure;
            },
            TextWriter.Null,
            error,
            stop.Token
        );
        return (code, error.ToString());
    }

    [GeneratedRegex("this releases it: \"(?<command>[^\"]*)\"")]
    private static partial Regex Named();

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Word();
}
