using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Sandbox;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Sandbox;

/// <summary>A directory in which the program runs as a process, as in a checkout. Dispose stops the sandbox in it.</summary>
internal sealed class SandboxCheckout : IAsyncDisposable
{
    private static readonly string s_program = typeof(PlatformApp).Assembly.Location;

    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _temporary = new();

    public string Path => _directory.Path;

    /// <summary>The TMPDIR of the program.</summary>
    public string Temporary => _temporary.Path;

    public SandboxDirectory Sandbox => new(System.IO.Path.Combine(Path, SandboxDirectory.Name));

    /// <summary>The number of the stand-in's process.</summary>
    public int Process => Sandbox.Running!.Identity!.Id;

    /// <summary>The environment of the program, with what a user's shell may have for a real account.</summary>
    public Dictionary<string, string> Environment =>
        new()
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
            // Terraform and the shell write into it.
            ["HOME"] = Temporary,
            ["TMPDIR"] = Temporary,
            ["SHELL"] = "/bin/sh",
            ["EDITOR"] = "vi",
            ["LINODE_TOKEN"] = "real",
            ["AWS_PROFILE"] = "real",
            ["STATE_KEY_CORE"] = "real",
            ["KUBECONFIG"] = "real",
            ["TF_CLI_ARGS_plan"] = "real",
            // A killed process would leave the sockets of the .NET runtime.
            ["DOTNET_EnableDiagnostics"] = "0",
        };

    public Task<ChildResult> RunAsync(params string[] arguments) => RunAsync(Environment, arguments);

    public Task<ChildResult> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        ChildProcess.RunAsync("dotnet", [s_program, .. arguments], Path, environment, line: null, CancellationToken.None);

    /// <summary>Runs a command that must succeed, and returns its output.</summary>
    public async Task<string> DoAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == ExitCode.Done, $"{string.Join(' ', arguments)}: {result.Output}{result.Error}");
        return result.Output;
    }

    /// <summary>Runs a script in the sandbox; it must succeed.</summary>
    public Task<string> ShAsync(string script) => DoAsync("sandbox", "run", "--", "sh", "-c", script);

    /// <summary>Kills the stand-in's process (SIGKILL) and waits for its end.</summary>
    public async Task KillAsync()
    {
        var process = Process;
        using (var found = System.Diagnostics.Process.GetProcessById(process))
            found.Kill();
        await ProcessEnd.WaitAsync(process);
    }

    /// <summary>The command lines of the processes that name a path below the checkout.</summary>
    public IReadOnlyList<string> Processes => ProcessesBelow.Of(Path);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("sandbox", "down");
        _directory.Dispose();
        _temporary.Dispose();
    }
}
