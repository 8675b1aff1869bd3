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
/// One section of docs/runbooks/state.md and a platform to test it: the small platform in a sandbox, with its state on a RADOS
/// Gateway in buckets with the inventory's names. A shell runs the section's commands unchanged; <c>dotnet run --</c> calls the
/// program that was built for these tests.
/// </summary>
internal sealed class StateRunbook : IAsyncDisposable
{
    private readonly TemporaryDirectory _path = new();
    private readonly IReadOnlyList<string> _diagnosis;
    private readonly Queue<string> _blocks;
    private readonly List<string> _exports = [];

    private StateRunbook(string heading)
    {
        var (diagnosis, mitigation) = Parts(heading);
        Symptom = string.Join('\n', diagnosis.Blocks.Where(block => block.Language == "text").Select(block => block.Text));
        _diagnosis = [.. diagnosis.Blocks.Where(block => block.Language == "sh").Select(block => block.Text)];
        _blocks = new(mitigation.Blocks.Where(block => block.Language == "sh").Select(block => block.Text));
        Assert.NotEmpty(Symptom);
        Assert.NotEmpty(_diagnosis);
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

    /// <summary>The symptom that the section shows.</summary>
    public string Symptom { get; }

    /// <summary>The sandbox that it runs in.</summary>
    public required SandboxFixture Sandbox { get; init; }

    /// <summary>The owner of the buckets.</summary>
    public required RgwTenant Tenant { get; init; }

    /// <summary>The access key at the start of the section.</summary>
    public required StorageCredentials Key { get; init; }

    /// <summary>The page's sections by heading.</summary>
    public static IReadOnlyDictionary<string, Page> Sections() =>
        File.ReadAllText(Repository.PathOf("docs", "runbooks", "state.md"))
            .ReplaceLineEndings("\n")
            .Split("\n## ")
            .Skip(1)
            .ToDictionary(section => section.Split('\n')[0], section => Page.Of($"## {section}"));

    // A section's text up to Mitigation, and from there on.
    private static (Page Diagnosis, Page Mitigation) Parts(string heading)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "runbooks", "state.md")).ReplaceLineEndings("\n");
        var parts = text.Split("\n## ").Single(section => section.Split('\n')[0] == heading).Split("\n**Mitigation**");
        Assert.Equal(2, parts.Length);
        return (Page.Of(parts[0]), Page.Of(parts[1]));
    }

    /// <summary>Opens a section with its own platform.</summary>
    public static async Task<StateRunbook> OpenAsync(string heading)
    {
        var rgw = await Rgw.RequireAsync();
        var tenant = rgw.MakeTenant();
        var key = tenant.MakeKey();
        var platform = SmallPlatform.Platform;
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

    /// <summary>Deploys core twice, first without its firewall, then with it: two versions.</summary>
    public async Task DeployAsync()
    {
        await DeployFirstAsync();
        await DoneAsync("deploy core --yes", Sandbox.Workspace);
    }

    /// <summary>Deploys core without its firewall.</summary>
    public Task DeployFirstAsync() => DeployFirstAsync(configuration => configuration.Remove("linode_firewall"), "resource");

    /// <summary>Deploys core without one of its outputs: the next deploy changes no object.</summary>
    public Task DeployFirstWithoutOutputAsync() => DeployFirstAsync(configuration => configuration.Remove("hidden"), "output");

    private Task DeployFirstAsync(Action<System.Text.Json.Nodes.JsonObject> change, string part)
    {
        var first = Sandbox.Workspace with
        {
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (_, configuration) =>
                    {
                        if (configuration[part] is System.Text.Json.Nodes.JsonObject found)
                            change(found);
                    }
                ),
        };
        return DoneAsync("deploy core --yes", first);
    }

    /// <summary>Changes the live state without Terraform and without the lock; null removes it.</summary>
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
        var archive = StateArchive.Of(Sandbox.Workspace, buckets);
        var entries = await archive.ListAsync(StackNames.Core, CancellationToken.None);
        return await archive.ReadStateAsync(entries[back], CancellationToken.None);
    }

    /// <summary>Runs the commands under Diagnosis; then requires that a command shows the section's symptom.</summary>
    public async Task ShowsAsync(string command, int code, Workspace? workspace = null)
    {
        foreach (var block in _diagnosis)
        {
            var result = await RunAsync(block, workspace ?? Sandbox.Workspace, new Dictionary<string, string>());
            // A diagnosis finds nothing or finds problems. Wrong usage is another exit code.
            Assert.True(
                result.ExitCode is ExitCode.Done or ExitCode.Failed,
                $"{block}\nended with {result.ExitCode}:\n{result.Output}{result.Error}"
            );
        }
        var shown = await Sandbox.RunAsync($"{command} --skip-synth", workspace);
        Assert.Equal(code, shown.Code);
        Assert.Contains(Symptom, shown.Output + shown.Error, StringComparison.Ordinal);
    }

    /// <summary>Runs the next block of commands under Mitigation.</summary>
    /// <param name="variables">The values that a person fills in.</param>
    /// <param name="code">The exit code that the section names; null if it names more than one.</param>
    public async Task<ChildResult> RunNextAsync(IReadOnlyDictionary<string, string>? variables = null, int? code = ExitCode.Done)
    {
        var given = variables ?? new Dictionary<string, string>();
        var block = _blocks.Dequeue();
        var result = await RunAsync(block, Sandbox.Workspace, given);
        Assert.True(
            code is null || result.ExitCode == code,
            $"{block}\nended with {result.ExitCode}:\n{result.Output}{result.Error}"
        );
        foreach (var line in block.Split('\n').Where(line => line.StartsWith("export ", StringComparison.Ordinal)))
        {
            var filled = given.Aggregate(
                line,
                (text, variable) => text.Replace($"${variable.Key}", variable.Value, StringComparison.Ordinal)
            );
            _exports.Add(filled);
        }
        return result;
    }

    private Task<ChildResult> RunAsync(string block, Workspace workspace, IReadOnlyDictionary<string, string> variables)
    {
        var environment = new Dictionary<string, string>(workspace.Environment)
        {
            ["STACK"] = StackNames.Core,
            ["CDKTF_OUTDIR"] = workspace.Output,
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(workspace.Directory, "temporary")).FullName,
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        environment["PATH"] = $"{_path.Path}:{environment["PATH"]}";
        foreach (var (name, value) in variables)
            environment[name] = value;
        // A shell keeps the variables that were exported before.
        var script = string.Join('\n', _exports.Append(block));
        return ChildProcess.RunAsync(
            "sh",
            ["-euc", script],
            workspace.Directory,
            environment,
            line: null,
            CancellationToken.None
        );
    }

    /// <summary>Skips the section's next block, which does not apply.</summary>
    public void Skip() => _blocks.Dequeue();

    /// <summary>
    /// Runs the rest of the section and checks that there are no differences between account, state and configuration: no object
    /// is lost or created twice.
    /// </summary>
    public async Task RepairsAsync(IReadOnlyDictionary<string, string>? variables = null)
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

    // The section may have replaced the access key.
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
