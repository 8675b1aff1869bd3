using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// A sandbox for one test, and a workspace of the small platform on it. The state is stored in the sandbox's own store, or on a
/// real RADOS Gateway in buckets of this fixture only.
/// </summary>
internal sealed class SandboxFixture : IAsyncDisposable
{
    private static readonly Lazy<Task<SandboxFixture>> s_deployed = new(DeployAsync);

    private readonly TemporaryDirectory _directory = new();

    private SandboxFixture() { }

    public required CloudSandbox Sandbox { get; init; }

    public string Directory => _directory.Path;

    public required PlatformSpec Platform { get; set; }

    public static Task<SandboxFixture> StartAsync() => StartAsync(SmallPlatform.Platform, new Dictionary<string, string>());

    /// <summary>A copy of a sandbox in which all stacks of the small platform were deployed once.</summary>
    public static async Task<SandboxFixture> StartDeployedAsync() => await (await s_deployed.Value).CloneAsync();

    /// <summary>A new account: without the buckets of the state.</summary>
    public static Task<SandboxFixture> StartWithoutBucketsAsync() =>
        StartAsync(SmallPlatform.Platform, new Dictionary<string, string>(), buckets: false);

    /// <summary>With live and archive bucket on a RADOS Gateway.</summary>
    public static async Task<SandboxFixture> StartOnRgwAsync()
    {
        var rgw = await Rgw.RequireAsync();
        var state = SmallPlatform.Platform.State with
        {
            Bucket = (await rgw.LiveBucketAsync()).Name,
            ArchiveBucket = (await rgw.ArchiveBucketAsync()).Name,
        };
        return await StartAsync(SmallPlatform.Platform with { State = state }, rgw.Environment);
    }

    /// <summary>The small platform, with a secret for its only ephemeral variable.</summary>
    public Workspace Workspace =>
        new()
        {
            Platform = Platform,
            Synthesize = SmallPlatform.Synthesize,
            Directory = Directory,
            Output = Path.Combine(Directory, "cdktf.out"),
            // Variables of the store have priority over variables of the sandbox.
            Environment = new Dictionary<string, string>(Store.Concat(Sandbox.Environment).DistinctBy(variable => variable.Key))
            {
                ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = Directory,
                ["TF_VAR_password"] = "correct horse",
            },
        };

    private TemporaryDirectory? Account { get; init; }

    private IReadOnlyDictionary<string, string> Store { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Starts a sandbox with a copy of this one's account, store and workspace. No command may be running here. Terraform's own
    /// directory is not copied: it has the address of this sandbox's store.
    /// </summary>
    /// <param name="admission">Decides about the writes through the API server of the copy; null to accept all.</param>
    public async Task<SandboxFixture> CloneAsync(Func<AdmissionReview, AdmissionVerdict>? admission = null)
    {
        var account = new TemporaryDirectory();
        Copy(Account!.Path, account.Path);
        var clone = await StartAsync(Platform, Store, account, buckets: false, admission);
        Copy(Directory, clone.Directory);
        return clone;
    }

    /// <summary>Runs a command as Main does.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(string arguments, Workspace? workspace = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments.Split(' '), () => workspace ?? Workspace, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Waits until an object of a type is in the account.</summary>
    public Task ExistsAsync(string type) =>
        FileChanges.UntilAsync(Sandbox.Account.Directory, () => Sandbox.Account.Objects.Any(item => item.Type == type));

    /// <summary>Holds the next create of a type.</summary>
    public Hold HoldCreate(string type) => Hold("create", type);

    /// <summary>Holds the next delete of a type.</summary>
    public Hold HoldDelete(string type) => Hold("delete", type);

    /// <summary>Removes all buckets with their content until the result is disposed, as if the endpoint were wrong.</summary>
    public IDisposable WithoutBuckets() => new Absence(Path.Combine(Account!.Path, "buckets"));

    /// <summary>Writes a stack's live state without encryption, as manual Terraform does with <c>encrypt = false</c>.</summary>
    public async Task RewriteInClearAsync(string stack, Workspace? workspace = null)
    {
        using var buckets = StateBuckets.Open(Platform, (workspace ?? Workspace).Environment);
        var address = StateAddress.Of(Platform, stack);
        var state = await buckets.Live.ReadAsync(address.Key, buckets.Keys.AllOf(stack), CancellationToken.None);
        await buckets.Live.Client.PutObjectAsync(
            new()
            {
                BucketName = buckets.Live.Address.Name,
                Key = address.Key,
                InputStream = new MemoryStream(state!),
                UseChunkEncoding = false,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        // A killed run leaves its directories in memory to the next command of its stack.
        foreach (var left in StackNames.Waves(Platform).SelectMany(wave => wave).SelectMany(Workspace.Errored.Workplaces))
            System.IO.Directory.Delete(left, recursive: true);
        Account?.Dispose();
        _directory.Dispose();
    }

    /// <summary>Starts a sandbox on any store.</summary>
    /// <param name="platform">The small platform, or a copy with other buckets.</param>
    /// <param name="store">The environment variables of the store, and others that have priority over the sandbox's.</param>
    /// <param name="buckets">Whether the sandbox's own store has the platform's buckets at the start.</param>
    /// <param name="admission">Decides about the writes through the API server; null to accept all.</param>
    public static async Task<SandboxFixture> StartAsync(
        PlatformSpec platform,
        IReadOnlyDictionary<string, string> store,
        bool buckets = true,
        Func<AdmissionReview, AdmissionVerdict>? admission = null
    ) => await StartAsync(platform, store, new TemporaryDirectory(), buckets, admission);

    private Hold Hold(string operation, string type)
    {
        var hold = new Hold();
        Sandbox.Account.AddFault(
            new()
            {
                Operation = operation,
                Type = type,
                Hold = hold,
            }
        );
        return hold;
    }

    private static async Task<SandboxFixture> StartAsync(
        PlatformSpec platform,
        IReadOnlyDictionary<string, string> store,
        TemporaryDirectory account,
        bool buckets,
        Func<AdmissionReview, AdmissionVerdict>? admission = null
    )
    {
        var options = new SandboxOptions
        {
            Directory = account.Path,
            Buckets = buckets ? [platform.State.Bucket] : [],
            LockedBuckets = buckets ? [platform.State.ArchiveBucket] : [],
            Admission = admission,
        };
        var fixture = new SandboxFixture
        {
            Sandbox = await CloudSandbox.StartAsync(options, CancellationToken.None),
            Platform = platform,
            Account = account,
            Store = store,
        };
        fixture.Sandbox.RecordIn(fixture.Directory);
        return fixture;
    }

    private static async Task<SandboxFixture> DeployAsync()
    {
        var deployed = await StartAsync();
        TestRun.AtEnd(deployed);
        var (code, _, error) = await deployed.RunAsync("deploy --yes");
        Assert.True(code == ExitCode.Done, error);
        return deployed;
    }

    private static void Copy(string from, string to)
    {
        foreach (
            var directory in System.IO.Directory.EnumerateDirectories(from).Where(path => Path.GetFileName(path) != ".terraform")
        )
            Copy(directory, System.IO.Directory.CreateDirectory(Path.Combine(to, Path.GetFileName(directory))).FullName);
        // A file with a port would take the port of the running original.
        foreach (
            var file in System.IO.Directory.EnumerateFiles(from).Where(path => !path.EndsWith("-port", StringComparison.Ordinal))
        )
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private sealed class Absence : IDisposable
    {
        private readonly string _directory;

        public Absence(string directory)
        {
            _directory = directory;
            System.IO.Directory.Move(directory, $"{directory}-away");
            System.IO.Directory.CreateDirectory(directory);
        }

        public void Dispose()
        {
            System.IO.Directory.Delete(_directory, recursive: true);
            System.IO.Directory.Move($"{_directory}-away", _directory);
        }
    }
}
