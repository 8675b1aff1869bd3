using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Storage;

/// <summary>The state and the description of the run behind a lock.</summary>
[Trait("Level", "pure")]
public sealed class LockingRunTests
{
    [Fact]
    public void Locking_run_on_another_machine_is_unknown_with_its_link()
    {
        var elsewhere = Of(Holder("runner@fv-az1", "process 42, run https://github.com/o/r/actions/runs/7"));
        Assert.Null(elsewhere.Alive);
        Assert.Contains("https://github.com/o/r/actions/runs/7", elsewhere.Evidence, StringComparison.Ordinal);
        Assert.Null(Of(Holder("root@another-machine", "")).Alive);
    }

    [Fact]
    public void Locking_run_on_this_machine_is_running_or_has_ended()
    {
        var mine = ProcessIdentity.Own!;
        Assert.True(Of(Holder(LockingRun.Who, $"{mine}")).Alive);
        Assert.False(Of(Holder(LockingRun.Who, $"{mine with { Id = 999999999 }}")).Alive);
        // Another process has the same number: it started at another time.
        Assert.False(Of(Holder(LockingRun.Who, $"{mine with { Start = "1" }}")).Alive);
        // The clock plays no part.
        var old = Holder(LockingRun.Who, $"{mine}") with
        {
            Created = DateTimeOffset.UtcNow.AddDays(-30),
        };
        Assert.True(Of(old).Alive);
    }

    [Fact]
    public void Locking_run_that_cannot_be_seen_is_unknown()
    {
        var mine = ProcessIdentity.Own!;
        ProcessIdentity[] elsewhere =
        [
            mine with
            {
                Boot = "0b0dd0c4-8a5e-4e6e-9d5e-000000000000",
            }, // before this start, or on another machine of this name
            mine with
            {
                Namespace = "pid:[1]",
            }, // in another container
        ];
        Assert.All(elsewhere, process => Assert.Null(Of(Holder(LockingRun.Who, $"{process}")).Alive));
        // Locks that do not identify their process: Terraform's, and those of earlier versions of this program.
        Assert.Null(Of(Holder(LockingRun.Who, "") with { Created = DateTimeOffset.UnixEpoch }).Alive);
        var earlier = Holder(LockingRun.Who, "process 999999999") with { Created = DateTimeOffset.UnixEpoch };
        Assert.Null(Of(earlier).Alive);
    }

    [Theory]
    [InlineData("live", "core/terraform.tfstate", "https://state.example.com", true)]
    [InlineData("another", "core/terraform.tfstate", "https://state.example.com", null)]
    [InlineData("live", "system/terraform.tfstate", "https://state.example.com", null)]
    [InlineData("live", "core/terraform.tfstate", "https://another.example.com", null)]
    [InlineData(null, null, null, null)] // no init: it can hold no lock
    public void Terraform_process_holds_locks_of_its_own_state_only(string? bucket, string? key, string? endpoint, bool? alive)
    {
        // In the working directory, and elsewhere: an apply of this program has a working directory of its own.
        foreach (var data in new[] { null, "data" })
        {
            using var directory = new TemporaryDirectory();
            if (bucket is not null)
            {
                File.WriteAllText(
                    Path.Combine(
                        Directory.CreateDirectory(Path.Combine(directory.Path, data ?? ".terraform")).FullName,
                        "terraform.tfstate"
                    ),
                    JsonSerializer.Serialize(
                        new
                        {
                            backend = new
                            {
                                type = "s3",
                                config = new
                                {
                                    bucket,
                                    key,
                                    endpoints = new { s3 = endpoint },
                                },
                            },
                        }
                    )
                );
            }
            using var terraform = Start(directory, "./terraform", "echo begun; read end", data);
            Assert.Equal("begun", terraform.StandardOutput.ReadLine());
            var run = Of(Holder(LockingRun.Who, ""));
            terraform.StandardInput.WriteLine();
            terraform.WaitForExit();

            Assert.Equal(alive, run.Alive);
            Assert.Equal(alive == true, run.Evidence.EndsWith($": process {terraform.Id}", StringComparison.Ordinal));
        }
    }

    // The endpoint can also be in the environment (AWS_ENDPOINT_URL_S3), or in the argument that Terraform has replaced.
    [Theory]
    [InlineData(Backend + """ "endpoints": null } } }""", true)]
    [InlineData(Backend + """ "endpoints": { "s3": null } } } }""", true)]
    [InlineData(Backend + """ "endpoint": "https://State.example.com/", "endpoints": null } } }""", true)]
    [InlineData(Backend + """ "endpoint": "https://another.example.com", "endpoints": null } } }""", null)]
    [InlineData("", true)]
    [InlineData("[]", true)]
    [InlineData("null", true)]
    public void Terraform_of_an_uncertain_state_may_hold_the_lock(string stored, bool? alive)
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(directory.Path, ".terraform"));
        File.WriteAllText(Path.Combine(directory.Path, ".terraform", "terraform.tfstate"), stored);

        Assert.Equal(alive, WhileRunning(directory, data: null).Alive);
    }

    /// <summary>Somebody deletes it during an apply: Terraform has read its backend, and holds its lock.</summary>
    [Theory]
    [InlineData(null, true, true)]
    [InlineData("data", false, true)]
    [InlineData(null, false, null)] // without a backend it needs no data
    public void Terraform_without_its_data_may_hold_the_lock(string? data, bool hasBackend, bool? alive)
    {
        using var directory = new TemporaryDirectory();
        if (hasBackend)
            File.WriteAllText(Path.Combine(directory.Path, "main.tf.json"), Backend + " } } }");

        Assert.Equal(alive, WhileRunning(directory, data).Alive);
    }

    /// <summary>In a container with other files its directory is another one than that of the same path here.</summary>
    [Fact]
    public void Terraform_among_other_files_may_hold_the_lock()
    {
        using var directory = new TemporaryDirectory();
        string[] other = ["--mount", "./terraform"];
        using (var probe = Start(directory, "unshare", "exit", data: null, before: other))
        {
            probe.WaitForExit();
            Assert.SkipUnless(probe.ExitCode == 0, "Files of its own for a process (unshare --mount) are not allowed here.");
        }
        using var terraform = Start(directory, "unshare", "echo begun; read end", data: null, before: other);
        Assert.Equal("begun", terraform.StandardOutput.ReadLine());
        var run = Of(Holder(LockingRun.Who, ""));
        terraform.StandardInput.WriteLine();
        terraform.WaitForExit();

        Assert.True(run.Alive);
    }

    private const string Backend =
        """{ "backend": { "type": "s3", "config": { "bucket": "live", "key": "core/terraform.tfstate",""";

    private static LockingRun WhileRunning(TemporaryDirectory directory, string? data)
    {
        using var terraform = Start(directory, "./terraform", "echo begun; read end", data, after: ["apply"]);
        Assert.Equal("begun", terraform.StandardOutput.ReadLine());
        try
        {
            return Of(Holder(LockingRun.Who, ""));
        }
        finally
        {
            terraform.StandardInput.WriteLine();
            terraform.WaitForExit();
        }
    }

    [Fact]
    public async Task Zombie_holds_no_lock()
    {
        using var directory = new TemporaryDirectory();
        // The shell becomes a program that reads no exit code of a child.
        using var parent = Start(directory, "sh", "./terraform -c 'kill -STOP $$' & echo $!; exec cat", data: null);
        var ended = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        await parent.StandardInput.WriteLineAsync("copied");
        Assert.Equal("copied", await parent.StandardOutput.ReadLineAsync());
        using (var terraform = Process.GetProcessById(ended))
            terraform.Kill();
        await ProcessEnd.WaitAsync(ended);

        Assert.True(Directory.Exists($"/proc/{ended}"));
        Assert.Null(Of(Holder(LockingRun.Who, "")).Alive);
        var start = File.ReadAllText($"/proc/{ended}/stat").Split(' ')[21];
        Assert.False(Of(Holder(LockingRun.Who, $"{ProcessIdentity.Own! with { Id = ended, Start = start }}")).Alive);
        parent.StandardInput.Close();
        await parent.WaitForExitAsync();
    }

    [Fact]
    public void Lock_info_contains_the_run_on_GitHub()
    {
        var environment = new Dictionary<string, string>
        {
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_REPOSITORY"] = "o/r",
            ["GITHUB_RUN_ID"] = "7",
        };
        Assert.EndsWith(", run https://github.com/o/r/actions/runs/7", LockingRun.Info(environment), StringComparison.Ordinal);
        var alone = LockingRun.Info(new Dictionary<string, string>());
        Assert.StartsWith($"process {System.Environment.ProcessId} (start ", alone, StringComparison.Ordinal);
        Assert.Equal(ProcessIdentity.Own, ProcessIdentity.In(alone));
    }

    [Fact]
    public void Lock_holder_is_described_in_one_sentence()
    {
        var holder = Holder("root@m", "") with { Created = new(2026, 11, 21, 18, 0, 0, TimeSpan.Zero) };
        Assert.Equal(
            "root@m since 2026-11-21 18:00:00 UTC (12 min), for apply",
            holder.Describe(holder.Created.AddMinutes(12.9))
        );
    }

    private static LockingRun Of(LockHolder holder) =>
        LockingRun.Of(holder, new("live", "us-ord", new("https://state.example.com")), "core/terraform.tfstate");

    /// <summary>Starts a shell in a directory. <c>./terraform</c> is a shell with the name of Terraform.</summary>
    private static Process Start(
        TemporaryDirectory directory,
        string shell,
        string script,
        string? data,
        string[]? before = null,
        string[]? after = null
    )
    {
        var terraform = Path.Combine(directory.Path, "terraform");
        if (!File.Exists(terraform))
            File.Copy("/bin/sh", terraform);
        string[] arguments = [.. before ?? [], "-c", script, .. after ?? []];
        var start = new ProcessStartInfo(shell == "./terraform" ? terraform : shell, arguments)
        {
            WorkingDirectory = directory.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("TF_DATA_DIR");
        if (data is not null)
            start.Environment["TF_DATA_DIR"] = data;
        return Process.Start(start)!;
    }

    private static LockHolder Holder(string who, string info) =>
        new()
        {
            Id = "id",
            Operation = "OperationTypeApply",
            Who = who,
            Info = info,
            Created = DateTimeOffset.UtcNow,
        };
}
