using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// An apply is killed with SIGKILL at random moments: its whole process tree, only this program, or only Terraform. Then the
/// commands that the messages name must make account and state equal, and no version that is listed as good may be damaged.
/// </summary>
[Trait("Level", "real")]
public sealed class RecoveryTests(ITestOutputHelper log)
{
    /// <summary>Set to 1 for 20 kills instead of a sample.</summary>
    private const string Long = "LONG_TESTS";

    private const int Sample = 3;
    private const int Whole = 20;
    private const int Groups = 3;

    // Few creates run in parallel, so that at a kill some objects are created, some are in flight and some are not started.
    private const int SideBySide = 3;

    [Fact]
    public async Task Recovery_loses_and_duplicates_no_object_of_a_killed_apply()
    {
        var random = TestRandom.Create();
        var moments = System.Environment.GetEnvironmentVariable(Long) == "1" ? Whole : Sample;
        for (var moment = 0; moment < moments; moment++)
            await KillAndRecoverAsync(random, (Victim)(moment % 3));
    }

    private async Task KillAndRecoverAsync(Random random, Victim victim)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var programs = new TemporaryDirectory();
        var environment = new Dictionary<string, string>(sandbox.Workspace.Environment)
        {
            ["PATH"] = $"{Slower(programs)}:{sandbox.Workspace.Environment["PATH"]}",
        };
        var workspace = sandbox.Workspace with { Synthesize = Synthesize, Environment = environment };
        var account = sandbox.Sandbox.Account;
        workspace.Synthesize(workspace.Platform, workspace.Output);
        // All creates after the first ones are held: at the kill they are in flight, and their objects exist or do not exist.
        var (made, exist) = (random.Next(0, 4 * Groups), random.Next(2) == 0);
        var hold = new Hold();
        account.AddFault(
            new()
            {
                Operation = "create",
                Nth = made + 1,
                Times = 1000,
                Hold = hold,
                AfterEffect = exist,
            }
        );
        log.WriteLine($"{victim}: after {made} objects; those in flight {(exist ? "exist" : "do not exist")}");

        using (var deploy = Start(workspace, "deploy", "core", "--yes", "--skip-synth"))
        {
            await hold.ReachedAsync(Patience.Token);
            Kill(deploy, victim, workspace);
            if (victim == Victim.Program)
                hold.Release();
            await hold.LeftAsync(Patience.Token);
            await deploy.WaitForExitAsync();
        }
        // Terraform continues after this program is killed.
        foreach (var journal in workspace.Journals.Of(StackNames.Core))
            await TerraformProcesses.EndAsync(journal);
        account.ClearFaults();

        log.WriteLine($"  {account.Objects.Count} objects exist");
        if (workspace.Journals.Of(StackNames.Core).Count > 0)
        {
            var doctor = await sandbox.RunAsync("state doctor core", workspace);
            Assert.Equal(ExitCode.Failed, doctor.Code);
            Assert.Contains("state recover core", doctor.Output, StringComparison.Ordinal);
        }
        await RecoverAsync(sandbox, workspace);

        var state = await StateAsync(workspace);
        Assert.Equal(account.Objects.Select(item => item.Key), state.Order(StringComparer.Ordinal));
        await RequireGoodVersionsAsync(workspace);
        Assert.Empty(workspace.Journals.Of());

        var rest = await sandbox.RunAsync("deploy core --yes --skip-synth", workspace);
        Assert.True(rest.Code == 0, rest.Error);
        Assert.Equal(4 * Groups + 2, account.Objects.Count);
        Assert.Equal(0, (await sandbox.RunAsync("drift core --skip-synth", workspace)).Code);
    }

    /// <summary>Runs the command that a deploy names, checks the unknown objects in the account, and answers.</summary>
    private async Task RecoverAsync(SandboxFixture sandbox, Workspace workspace)
    {
        var first = await sandbox.RunAsync("state recover core --yes --json", workspace);
        if (first.Error.Contains("When that run has ended", StringComparison.Ordinal))
        {
            // Killed before the first event: nothing tells whose lock it is, so a person must say it.
            await ReleaseAsync(workspace);
            first = await sandbox.RunAsync("state recover core --yes --json", workspace);
        }
        log.WriteLine(first.Error.TrimEnd());
        Assert.True(first.Code is ExitCode.Done or ExitCode.Failed && first.Output.Length > 0, first.Error);
        var unknown = JsonNode.Parse(first.Output)!["unknown"]!.AsArray();
        Assert.Equal(unknown.Count == 0 ? ExitCode.Done : ExitCode.Failed, first.Code);
        if (unknown.Count == 0)
            return;
        var known = await StateAsync(workspace);
        var answers = unknown.Select(item =>
        {
            var (address, name) = (item!["address"]!.GetValue<string>(), item["name"]!.GetValue<string>());
            var type = address.Split('.')[0];
            var there = sandbox.Sandbox.Account.Objects.SingleOrDefault(found =>
                found.Type == type && found.Name == name && !known.Contains(found.Key)
            );
            return there is null ? $"--absent {address}" : $"--adopt {address}={there.Id}";
        });
        var refused = await sandbox.RunAsync("deploy core --yes --skip-synth", workspace);
        Assert.Contains("Run \"state recover core\" first", refused.Error, StringComparison.Ordinal);
        var second = await sandbox.RunAsync($"state recover core {string.Join(' ', answers)}", workspace);
        Assert.True(second.Code == 0, second.Output + second.Error);
    }

    private static async Task<IReadOnlyCollection<string>> StateAsync(Workspace workspace)
    {
        var terraform = workspace.Terraform(workspace.Stack(StackNames.Core), Placeholders.Allowed);
        await terraform.InitAsync(CancellationToken.None);
        var state = StateFile.FromPull(await terraform.PullStateAsync(CancellationToken.None));
        return [.. (state?.Objects ?? []).Select(item => item.Key)];
    }

    // Not by "state unlock": it refuses while any terraform process runs that may hold the lock, and other tests run them.
    private static async Task ReleaseAsync(Workspace workspace)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var stateLock = StateLock.Of(buckets, workspace.Platform, StackNames.Core);
        if (await stateLock.ReadAsync(CancellationToken.None) is { } holder)
            await stateLock.ReleaseAsync(holder.Id, CancellationToken.None);
    }

    private static async Task RequireGoodVersionsAsync(Workspace workspace)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var archive = StateArchive.Of(workspace, buckets);
        foreach (var entry in await archive.ListAsync(StackNames.Core, CancellationToken.None))
            Assert.Empty(await archive.VerifyAsync(entry, CancellationToken.None));
    }

    /// <summary>A directory with a terraform that applies only a few objects side by side.</summary>
    private static string Slower(TemporaryDirectory programs)
    {
        var program = Path.Combine(programs.Path, "terraform");
        File.WriteAllText(
            program,
            $"""
            #!/bin/sh
            [ "$1" = apply ] && shift && set -- apply -parallelism={SideBySide} "$@"
            exec {DebianTools.PathOf("terraform")} "$@"
            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return programs.Path;
    }

    private static Process Start(Workspace workspace, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PlatformApp).Assembly.Location, .. arguments])
        {
            WorkingDirectory = Directory.CreateDirectory(workspace.Directory).FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in workspace.Environment)
            start.Environment[name] = value;
        // A killed process leaves its temporary files, and would leave the sockets of the .NET runtime.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(workspace.Directory, "temporary")).FullName;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Kill(Process deploy, Victim victim, Workspace workspace)
    {
        if (deploy.HasExited)
            return;
        switch (victim)
        {
            case Victim.Tree:
                deploy.Kill(entireProcessTree: true);
                break;
            case Victim.Program:
                deploy.Kill();
                break;
            case Victim.Terraform:
                // The Terraform process that writes the journal of this apply.
                foreach (var terraform in workspace.Journals.Of(StackNames.Core).SelectMany(TerraformProcesses.Writing))
                    Process.GetProcessById(terraform).Kill();
                break;
        }
    }

    /// <summary>Only core: networks with a subnet, a firewall and a key each, and two buckets.</summary>
    private static void Synthesize(PlatformSpec platform, string output) =>
        SmallPlatform.Synthesize(
            platform,
            output,
            (stack, configuration) =>
            {
                if (stack != StackNames.Core)
                    return;
                configuration.Remove("output");
                var (vpcs, subnets, firewalls, keys) = (new JsonObject(), new JsonObject(), new JsonObject(), new JsonObject());
                for (var group = 0; group < Groups; group++)
                {
                    var name = $"group-{group}";
                    vpcs[name] = new JsonObject { ["label"] = name, ["region"] = "us-ord" };
                    subnets[name] = new JsonObject
                    {
                        ["vpc_id"] = $"${{tonumber(linode_vpc.{name}.id)}}",
                        ["label"] = $"{name}-nodes",
                        ["ipv4"] = $"10.{group}.0.0/24",
                    };
                    firewalls[name] = new JsonObject
                    {
                        ["label"] = name,
                        ["inbound_policy"] = "DROP",
                        ["outbound_policy"] = "ACCEPT",
                    };
                    keys[name] = new JsonObject { ["label"] = name };
                }
                configuration["resource"] = new JsonObject
                {
                    ["linode_vpc"] = vpcs,
                    ["linode_vpc_subnet"] = subnets,
                    ["linode_firewall"] = firewalls,
                    ["linode_object_storage_key"] = keys,
                    ["linode_object_storage_bucket"] = new JsonObject
                    {
                        ["a"] = new JsonObject { ["label"] = "infra-core-a", ["region"] = "us-ord" },
                        ["b"] = new JsonObject { ["label"] = "infra-core-b", ["region"] = "us-ord" },
                    },
                };
            }
        );

    private enum Victim
    {
        Tree,
        Program,
        Terraform,
    }
}
