using InfraCdktf.Pipeline;
using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline;

/// <summary>A sandbox of its own for one test, and a workspace of the small platform on it.</summary>
internal sealed class SandboxFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SandboxFixture() { }

    public required CloudSandbox Sandbox { get; init; }

    public string Directory => _directory.Path;

    public static async Task<SandboxFixture> StartAsync()
    {
        var account = new TemporaryDirectory();
        var options = new SandboxOptions { Directory = account.Path, Buckets = [SmallPlatform.Platform.State.Bucket] };
        return new() { Sandbox = await CloudSandbox.StartAsync(options, CancellationToken.None), Account = account };
    }

    /// <summary>The small platform, with a secret for the one ephemeral variable it has.</summary>
    public Workspace Workspace =>
        new()
        {
            Platform = SmallPlatform.Platform,
            Synthesize = SmallPlatform.Synthesize,
            Directory = Directory,
            Output = Path.Combine(Directory, "cdktf.out"),
            Environment = new Dictionary<string, string>(Sandbox.Environment)
            {
                ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = Directory,
                ["TF_VAR_password"] = "correct horse",
            },
        };

    private TemporaryDirectory? Account { get; init; }

    /// <summary>Runs a command as Main does.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(string arguments, Workspace? workspace = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments.Split(' '), () => workspace ?? Workspace, output, error);
        return (code, output.ToString(), error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        Account?.Dispose();
        _directory.Dispose();
    }
}
