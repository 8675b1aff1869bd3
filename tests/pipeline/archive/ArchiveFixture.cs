using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>
/// A fixture with its own buckets on a real RADOS Gateway, a stack directory, and states in Terraform's format. It applies
/// without Terraform, in milliseconds.
/// </summary>
internal sealed class ArchiveFixture : IDisposable
{
    public const string Stack = "development";

    private readonly TemporaryDirectory _directory = new();
    private readonly StateBuckets _buckets;

    private ArchiveFixture(Workspace workspace)
    {
        Workspace = workspace with { Directory = _directory.Path, Output = Path.Combine(_directory.Path, "cdktf.out") };
        _buckets = StateBuckets.Open(Workspace.Platform, Workspace.Environment);
        Archive = StateArchive.Of(Workspace, _buckets);
        Configure("first");
    }

    public Workspace Workspace { get; }

    public StateArchive Archive { get; }

    public Bucket Bucket => _buckets.Archive;

    public StateKeys Keys => _buckets.Keys;

    public StackDirectory Directory => Workspace.Stack(Stack);

    public List<string> Said { get; } = [];

    /// <summary>Starts on the gateway that all tests share.</summary>
    public static async Task<ArchiveFixture> StartAsync()
    {
        var rgw = await Rgw.RequireAsync();
        var state = SmallPlatform.Platform.State with
        {
            Bucket = (await rgw.LiveBucketAsync()).Name,
            ArchiveBucket = (await rgw.ArchiveBucketAsync()).Name,
        };
        return Of(SmallPlatform.Platform with { State = state }, rgw.Environment);
    }

    public static ArchiveFixture Of(PlatformSpec platform, IReadOnlyDictionary<string, string> store) =>
        new(
            new()
            {
                Platform = platform,
                Synthesize = SmallPlatform.Synthesize,
                Directory = "",
                Output = "",
                Environment = new Dictionary<string, string>(store)
                {
                    ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
                    ["USER"] = "operator",
                    ["GITHUB_SHA"] = "0123456789abcdef0123456789abcdef01234567",
                    [StateKeys.VariableOf(Stack)] = StateKey.Generate().Base64,
                },
            }
        );

    /// <summary>Writes the stack's directory.</summary>
    public void Configure(string text)
    {
        var stack = System
            .IO.Directory.CreateDirectory(Path.Combine(Workspace.Output, "stacks", Stack, "assets"))
            .Parent!.FullName;
        File.WriteAllText(Path.Combine(stack, StackDirectory.FileName), $$"""{ "//": "{{text}}" }""");
        File.WriteAllText(Path.Combine(stack, "assets", "values.yaml"), text);
    }

    /// <summary>A state with one object.</summary>
    public static byte[] State(long serial, string lineage = "one", int padding = 0) =>
        Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["version"] = 4,
                ["terraform_version"] = "1.11.4",
                ["serial"] = serial,
                ["lineage"] = lineage,
                ["outputs"] = new JsonObject(),
                ["resources"] = new JsonArray(
                    new JsonObject
                    {
                        ["mode"] = "managed",
                        ["type"] = "kubernetes_namespace_v1",
                        ["name"] = "space",
                        ["instances"] = new JsonArray(
                            new JsonObject
                            {
                                ["attributes"] = new JsonObject
                                {
                                    ["id"] = $"{serial}",
                                    ["password"] = "hunter2" + new string('x', padding),
                                },
                            }
                        ),
                    }
                ),
            }.ToJsonString()
        );

    /// <summary>The draft of a state, as an apply creates it.</summary>
    public ArchiveDraft Draft(long serial, ApplyOutcome outcome = ApplyOutcome.Succeeded, string lineage = "one") =>
        ArchiveDraft.Of(
            Directory,
            State(serial, lineage),
            new("operator", "0123abc", "1.0.0", Manifests.Day.AddMinutes(serial)),
            outcome,
            Manifests.Day.AddMinutes(serial).AddSeconds(2)
        );

    /// <summary>Writes a state to the object of Terraform's backend.</summary>
    public Task PutLiveAsync(byte[] state) =>
        _buckets.Live.PutAsync(
            StateAddress.Of(Workspace.Platform, Stack).Key,
            new MemoryStream(state),
            Keys.Of(Stack),
            new(),
            CancellationToken.None
        );

    public StackArchiver Archiver(Workspace? workspace = null) => StackArchiver.Open(workspace ?? Workspace, Said.Add);

    /// <summary>Runs an apply that writes a state with this serial.</summary>
    public async Task<Archived> ApplyAsync(long serial)
    {
        using var archiver = Archiver();
        return await archiver.ApplyAsync(Directory, new(), () => PutLiveAsync(State(serial)), CancellationToken.None);
    }

    public Task<IReadOnlyList<ArchiveEntry>> ListAsync() => Archive.ListAsync(Stack, CancellationToken.None);

    public async Task<IReadOnlyList<StoredObject>> VersionsAsync(string prefix) =>
        await Bucket.ListVersionsAsync(prefix, CancellationToken.None).ToListAsync();

    /// <summary>Fails unless every digest of every entry is correct.</summary>
    public async Task RequireAllWholeAsync()
    {
        foreach (var entry in await ListAsync())
            Assert.Empty(await Archive.VerifyAsync(entry, CancellationToken.None));
    }

    /// <summary>Runs a command as Main does.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(string arguments, Workspace? workspace = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments.Split(' '), () => workspace ?? Workspace, output, error);
        return (code, output.ToString(), error.ToString());
    }

    public void Dispose()
    {
        _buckets.Dispose();
        _directory.Dispose();
    }
}
