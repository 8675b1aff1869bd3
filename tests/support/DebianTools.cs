using System.Diagnostics;
using System.Text;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Real tools from Debian's packages. As root on Debian a missing one is installed (its services stay stopped); elsewhere the test is
/// skipped visibly, with a sentence that says what to install. In CI a skip is a failure: there the workflow installs them first.
/// </summary>
public static class DebianTools
{
    /// <summary>Debian's hook that says whether a package may start its services (101: no).</summary>
    private const string ServicePolicy = "/usr/sbin/policy-rc.d";

    private static readonly Lock s_installing = new();

    /// <summary>Makes sure that a command is there, or ends the test with a reason. Only for tests marked as skippable.</summary>
    /// <param name="command">The command that the test runs ("promtool").</param>
    /// <param name="package">The Debian package that holds it ("prometheus").</param>
    public static void Require(string command, string package)
    {
        lock (s_installing)
        {
            if (PathOf(command) is not null)
                return;
            if (CanInstall)
                Install(package);
            if (PathOf(command) is not null)
                return;
        }
        var reason =
            $"This test needs {command}, which is not on PATH. On Debian or Ubuntu: sudo apt-get install --no-install-recommends {package}";
        if (System.Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{reason} (CI=true: a skipped test is a failed one.)");
        Skip.If(true, reason);
    }

    /// <summary>Where a command is on PATH, or null.</summary>
    public static string? PathOf(string command) =>
        (System.Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, command))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a command to its end and gives back what it said; kills it, with its children, after <paramref name="timeoutSeconds"/>.</summary>
    public static ToolResult Run(string command, IEnumerable<string> arguments, string? directory = null, int timeoutSeconds = 60)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        using var process = new Process { StartInfo = start };
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(TimeSpan.FromSeconds(timeoutSeconds)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new TimeoutException(
                $"{command} {string.Join(' ', start.ArgumentList)} took longer than {timeoutSeconds} s.\n{output}{errors}"
            );
        }
        // Without a time limit it also waits for the last lines.
        process.WaitForExit();
        return new(process.ExitCode, output.ToString(), errors.ToString());

        static void Append(StringBuilder text, string? line)
        {
            if (line is not null)
                text.Append(line).Append('\n');
        }
    }

    private static bool CanInstall =>
        OperatingSystem.IsLinux()
        && File.Exists("/etc/debian_version")
        && PathOf("apt-get") is not null
        && Run("id", ["-u"]).Output.Trim() == "0";

    private static void Install(string package)
    {
        var ours = !File.Exists(ServicePolicy);
        if (ours)
        {
            File.WriteAllText(ServicePolicy, "#!/bin/sh\nexit 101\n");
            Run("chmod", ["+x", ServicePolicy]);
        }
        try
        {
            if (Run("apt-cache", ["show", package]).ExitCode != 0)
                Run("apt-get", ["update", "-qq"], timeoutSeconds: 300);
            // Another run of the tests may be installing: wait for dpkg's lock. No question may wait for an answer.
            Run(
                "env",
                [
                    "DEBIAN_FRONTEND=noninteractive",
                    "apt-get",
                    "install",
                    "-qq",
                    "-y",
                    "--no-install-recommends",
                    "-o",
                    "DPkg::Lock::Timeout=300",
                    package,
                ],
                timeoutSeconds: 900
            );
        }
        finally
        {
            if (ours)
                File.Delete(ServicePolicy);
        }
    }
}

/// <summary>How a tool ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>All it said, for the message of a failing test.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}{Errors}";
}
