using System.Diagnostics;
using System.Text.RegularExpressions;
using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox;

/// <summary>The exit code and the output of a program.</summary>
public sealed record Ended(int Code, string Text)
{
    /// <summary>Fails with the whole output if the exit code is not the expected one.</summary>
    public Ended Expect(int code)
    {
        Assert.True(Code == code, $"exit code {Code}, expected {code}:\n{Text}");
        return this;
    }

    /// <summary>Fails with the whole output if the output does not contain a text.</summary>
    public Ended Says(string text)
    {
        // Terraform wraps lines and draws a frame around errors.
        var flat = Regex.Replace(Text.Replace("│", " "), @"\s+", " ");
        Assert.True(flat.Contains(text), $"\"{text}\" is not in:\n{Text}");
        return this;
    }
}

/// <summary>Runs the real Terraform in a directory with a configuration.</summary>
public sealed partial class TerraformRunner : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly IReadOnlyDictionary<string, string> _environment;

    public TerraformRunner(CloudSandbox sandbox, string configuration, string? directory = null)
    {
        _environment = sandbox.Environment;
        Folder = Directory.CreateDirectory(Path.Combine(_directory.Path, directory ?? "")).FullName;
        Write(configuration);
    }

    public string Folder { get; }

    public void Write(string configuration) => File.WriteAllText(Path.Combine(Folder, "main.tf"), configuration);

    public void Dispose() => _directory.Dispose();

    /// <summary>Runs init and apply. Both must succeed.</summary>
    public async Task ApplyAsync()
    {
        (await RunAsync("init", "-input=false")).Expect(0);
        (await RunAsync("apply", "-auto-approve", "-input=false")).Expect(0);
    }

    public Task<Ended> PlanAsync() => RunAsync("plan", "-detailed-exitcode", "-input=false");

    public Task<Ended> RunAsync(params string[] arguments) => StartAsync("terraform", arguments);

    public async Task<Ended> StartAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, Colours().Replace(output, ""));
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colours();
}
