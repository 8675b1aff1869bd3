using System.Diagnostics;
using System.Text;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Real tools from Debian packages. As root on Debian, a missing tool is installed; its services are not started. Otherwise the
/// test is skipped, and the skip reason names the package. In CI (<c>CI=true</c>) a skip is a failure: the workflow installs the
/// tools first.
/// </summary>
public static class DebianTools
{
    /// <summary>Debian's hook that decides whether a package may start its services (exit code 101: no).</summary>
    private const string ServicePolicy = "/usr/sbin/policy-rc.d";

    private static readonly Lock s_installing = new();

    /// <summary>
    /// Installs a command if it is missing. Skips the test (in CI: fails it) if that is not possible.
    /// </summary>
    /// <param name="command">The command that the test runs ("promtool").</param>
    /// <param name="package">The Debian package that contains it ("prometheus").</param>
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
            $"{command}: not found on PATH. To run this test on Debian or Ubuntu: "
            + $"sudo apt-get install --no-install-recommends {package}";
        if (System.Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{reason} (CI=true: a test must not be skipped.)");
        Assert.Skip(reason);
    }

    /// <summary>The full path of a command on PATH; null if it is not found.</summary>
    public static string? PathOf(string command) =>
        (System.Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, command))
            .FirstOrDefault(File.Exists);

    /// <summary>
    /// Runs a command and returns its exit code and output. After <paramref name="timeoutSeconds"/> it kills the command and its
    /// child processes and throws a <see cref="TimeoutException"/>.
    /// </summary>
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
                $"{command} {string.Join(' ', start.ArgumentList)}: not finished after {timeoutSeconds} s.\n{output}{errors}"
            );
        }
        // WaitForExit without a time limit also waits for the last lines of output.
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
            // Another test run may be installing packages, so apt-get waits for dpkg's lock. It must not ask questions.
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

/// <summary>The result of a finished tool.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The exit code and all output, for the message of a failed test.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}{Errors}";
}
