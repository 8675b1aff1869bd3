using System.Diagnostics;
using InfraCdktf.Sandbox;

namespace InfraCdktf.Tests.Sandbox;

/// <summary>The sandbox as a program.</summary>
internal static class SandboxProgram
{
    /// <summary>Starts the program.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CloudSandbox).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A killed process would leave the sockets of the .NET runtime.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, text);
    }
}
