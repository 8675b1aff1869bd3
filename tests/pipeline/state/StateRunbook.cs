using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Docs;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// One section of docs/runbooks/state.md and a platform to try it on: the small one, in a sandbox, its state on a RADOS Gateway under the inventory's own bucket names. The
/// section's commands are run by a shell as they stand on the page; <c>dotnet run --</c> leads to the program that was built for these tests.
/// </summary>
internal sealed class StateRunbook : IAsyncDisposable
{
    private readonly TemporaryDirectory _path = new();
    private readonly Queue<string> _blocks;
    private readonly List<string> _exports = [];

    private StateRunbook(string heading)
    {
        var section = Sections()[heading];
        Symptom = string.Join('\n', section.Blocks.Where(block => block.Language == "text").Select(block => block.Text));
        _blocks = new(section.Blocks.Where(block => block.Language == "sh").Select(block => block.Text));
        Assert.NotEmpty(_blocks);
        var program = $"""
            #!/bin/sh
            [ "$1 $2" = "run --" ] || exit 127
            shift 2
            exec "{DebianTools.PathOf("dotnet")}" "{typeof(PlatformApp).Assembly.Location}" "$@"
            """;
        var file = _path.Write("dotnet", program.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>What the section says one sees.</summary>
    public string Symptom { get; }

    /// <summary>Where it runs.</summary>
    public required SandboxFixture Sandbox { get; init; }

    /// <summary>Whose buckets they are.</summary>
    public required RgwTenant Tenant { get; init; }

    /// <summary>The key that the commands begin with.</summary>
    public required StorageCredentials Key { get; init; }

    /// <summary>The page's sections by heading.</summary>
    public static IReadOnlyDictionary<string, Page> Sections() =>
        File.ReadAllText(Repository.PathOf("docs", "runbooks", "state.md"))
            .ReplaceLineEndings("\n")
            .Split("\n## ")
            .Skip(1)
            .ToDictionary(section => section.Split('\n')[0], section => Page.Of($"## {section}"));

    /// <summary>Opens a section on a platform of its own.</summary>
    public static async Task<StateRunbook> OpenAsync(string heading)
    {
        var rgw = await Rgw.RequireAsync();
        var tenant = rgw.MakeTenant();
        var key = tenant.MakeKey();
        PlatformSpec platform = SmallPlatform.Platform;
        await tenant.MakeBucketAsync(platform.State.Bucket, key, objectLock: false);
        await tenant.MakeBucketAsync(platform.State.ArchiveBucket, key, objectLock: true);
        var store = new Dictionary<string, string>(rgw.Environment)
        {
            ["AWS_ACCESS_KEY_ID"] = key.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = key.SecretKey,
            [StateKeys.VariableOf(StackNames.Core)] = StateKey.Generate().Base64,
        };
        return new(heading)
        {
            Sandbox = await SandboxFixture.StartAsync(platform, store),
            Tenant = tenant,
            Key = key,
        };
    }

    /// <summary>Deploys core, first without its firewall, then whole: two versions.</summary>
    public async Task DeployAsync()
    {
        var first = Sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (_, configuration) =>
                        (configuration["resource"] as System.Text.Json.Nodes.JsonObject)?.Remove("linode_firewall")
                ),
        };
        await DoneAsync("deploy core --yes", first);
        await DoneAsync("deploy core --yes", Sandbox.Workspace);
    }

    /// <summary>Changes what lies in the live bucket behind everybody's back; null takes it away.</summary>
    public async Task RewriteAsync(Func<byte[], byte[]?> change)
    {
        using var buckets = StateBuckets.Open(Sandbox.Platform, Sandbox.Workspace.Environment);
        var address = StateAddress.Of(Sandbox.Platform, StackNames.Core);
        var state = await buckets.Live.ReadAsync(address.Key, buckets.Keys.AllOf(StackNames.Core), CancellationToken.None);
        if (change(state!) is { } changed)
            await buckets.Live.PutAsync(
                address.Key,
                new MemoryStream(changed),
                buckets.Keys.Of(StackNames.Core),
                new(),
                CancellationToken.None
            );
        else
            await buckets.Live.DeleteAsync(address.Key, version: null, CancellationToken.None);
    }

    /// <summary>The state of an archived version: 0 is the newest.</summary>
    public async Task<byte[]> ArchivedAsync(int back)
    {
        using var buckets = StateBuckets.Open(Sandbox.Platform, Sandbox.Workspace.Environment);
        StateArchive archive = StateArchive.Of(Sandbox.Workspace, buckets);
        var entries = await archive.ListAsync(StackNames.Core, CancellationToken.None);
        return await archive.ReadStateAsync(entries[back], CancellationToken.None);
    }

    /// <summary>Requires that a command shows what the section calls its symptom.</summary>
    public async Task ShowsAsync(string command, int code, Workspace? workspace = null)
    {
        var shown = await Sandbox.RunAsync($"{command} --skip-synth", workspace);
        Assert.Equal(code, shown.Code);
        Assert.Contains(Symptom, shown.Output + shown.Error, StringComparison.Ordinal);
    }

    /// <summary>Runs the section's next block of commands.</summary>
    /// <param name="variables">What a person fills in.</param>
    /// <param name="code">The exit code that the section promises.</param>
    public async Task<ChildResult> RunNextAsync(IReadOnlyDictionary<string, string>? variables = null, int code = ExitCode.Done)
    {
        var workspace = Sandbox.Workspace;
        var environment = new Dictionary<string, string>(workspace.Environment)
        {
            ["STACK"] = StackNames.Core,
            ["CDKTF_OUTDIR"] = workspace.Output,
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(workspace.Directory, "temporary")).FullName,
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        environment["PATH"] = $"{_path.Path}:{environment["PATH"]}";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            environment[name] = value;
        var block = _blocks.Dequeue();
        // A person's shell keeps what was exported before.
        var script = string.Join('\n', _exports.Append(block));
        var result = await ChildProcess.RunAsync(
            "sh",
            ["-euc", script],
            workspace.Directory,
            environment,
            line: null,
            CancellationToken.None
        );
        Assert.True(result.ExitCode == code, $"{block}\nended with {result.ExitCode}:\n{result.Output}{result.Error}");
        foreach (var line in block.Split('\n').Where(line => line.StartsWith("export ", StringComparison.Ordinal)))
        {
            var filled = (variables ?? new Dictionary<string, string>()).Aggregate(
                line,
                (text, variable) => text.Replace($"${variable.Key}", variable.Value, StringComparison.Ordinal)
            );
            _exports.Add(filled);
        }
        return result;
    }

    /// <summary>
    /// Waits until no Terraform is left on this machine that may hold the lock. A lock of Terraform's does not say whose it is, and other tests run
    /// beside this one; a person would look and wait in the same way.
    /// </summary>
    public async Task WithoutOtherTerraformAsync(Workspace workspace)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var stateLock = StateLock.Of(buckets, workspace.Platform, StackNames.Core);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (await stateLock.ReadAsync(patience.Token) is { } holder && LockingRun.Of(holder).Alive != false)
            await Task.Delay(200, patience.Token);
    }

    /// <summary>Leaves out the section's next block: what it says does not apply.</summary>
    public void Skip() => _blocks.Dequeue();

    /// <summary>Runs what is left of the section, and proves that account, state and configuration are one: nothing lost, nothing made twice.</summary>
    public async Task MendsAsync(IReadOnlyDictionary<string, string>? variables = null)
    {
        while (_blocks.Count > 0)
            await RunNextAsync(variables);
        var workspace = Sandbox.Workspace with { Environment = Filled(variables) };
        await DoneAsync("drift core --skip-synth", workspace);
        await DoneAsync("state doctor core", workspace);
        Assert.Equal(
            ["linode_firewall", "linode_vpc", "linode_vpc_subnet"],
            Sandbox.Sandbox.Account.Objects.Select(item => item.Type).Order(StringComparer.Ordinal)
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _path.Dispose();
    }

    // The access key may have been replaced on the way.
    private Dictionary<string, string> Filled(IReadOnlyDictionary<string, string>? variables)
    {
        var environment = new Dictionary<string, string>(Sandbox.Workspace.Environment);
        if (variables?.GetValueOrDefault("NEW_ACCESS_KEY") is { } access)
            (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) = (access, variables["NEW_SECRET_KEY"]);
        return environment;
    }

    private async Task DoneAsync(string command, Workspace workspace)
    {
        var (code, output, error) = await Sandbox.RunAsync(command, workspace);
        Assert.True(code == ExitCode.Done, $"{command} ended with {code}:\n{output}{error}");
    }
}
