using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary><c>sandbox shell</c>: the user's shell with the environment of the sandbox.</summary>
public static class SandboxShellCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var directory = SandboxCommand.DirectoryOption();
        var command = new Command(
            "shell",
            "Open your shell ($SHELL) in the sandbox: every command there works by hand. Starts the sandbox if none runs."
        )
        {
            directory,
        };
        // A command without a task: the library then leaves Ctrl-C to the shell.
        command.SetAction(parsed =>
        {
            var caller = context.Workspace();
            var place = SandboxCommand.PlaceOf(caller, parsed.GetValue(directory));
            if (SandboxEnvironment.Of(caller.Environment) is { } inside)
                throw new UsageException($"This shell is in the sandbox {inside.FullPath} already. \"exit\" leaves it.");
            using var output = new CommandOutput(context.Output, context.Error, json: false, file: null);
            var running = SandboxUpCommand.EnsureAsync(caller, place, output, CancellationToken.None).GetAwaiter().GetResult();
            output.Line(
                $"You are in the sandbox {place.ShownFrom(caller.Directory)}: nothing here reaches a real account. "
                    + "\"exit\" leaves it; it then still runs."
            );
            var environment = new Dictionary<string, string>(SandboxEnvironment.For(caller.Environment, place, running));
            var shell = environment.GetValueOrDefault("SHELL", "sh");
            // The prompt: bash reads this file, and a POSIX shell on a terminal that of ENV.
            environment["ENV"] = place.PosixSettings;
            string[] settings = Path.GetFileName(shell) == "bash" ? ["--rcfile", place.BashSettings] : [];
            return Start(shell, settings, environment);
        });
        return command;
    }

    /// <summary>
    /// Runs a program with this one's terminal until it ends. Ctrl-C reaches it from the terminal; SIGTERM and SIGHUP are passed
    /// on.
    /// </summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="UsageException">It cannot be started.</exception>
    internal static int Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            using var child = Process.Start(start)!;
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Pass(signal, "TERM", child.Id));
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Pass(signal, "HUP", child.Id));
            child.WaitForExit();
            return child.ExitCode;
        }
        catch (Win32Exception exception)
        {
            throw new UsageException($"{program} cannot be started: {exception.Message}. Install the program and check PATH.");
        }
    }

    private static void Pass(PosixSignalContext signal, string name, int process)
    {
        signal.Cancel = true;
        Process.Start("kill", [$"-{name}", process.ToString(CultureInfo.InvariantCulture)]).Dispose();
    }
}
