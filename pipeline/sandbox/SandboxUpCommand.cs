using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State.Bootstrap;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary><c>sandbox up</c>: starts the stand-in cloud in the background and prepares its state.</summary>
public static class SandboxUpCommand
{
    private const string Terraform = "terraform";

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var deployed = new Option<bool>("--deployed") { Description = "Apply all stacks, so that the sandbox has the platform." };
        var directory = SandboxCommand.DirectoryOption();
        return context.Verb(
            "up",
            "Start the sandbox in the background, with keys and buckets for the state; a second call changes nothing.",
            [deployed, directory],
            async (parsed, output, cancellation) =>
            {
                var clock = Stopwatch.StartNew();
                var caller = context.Workspace();
                var place = SandboxCommand.PlaceOf(caller, parsed.GetValue(directory));
                var before = place.Running;
                var running = await EnsureAsync(caller, place, output, cancellation);
                var started = running.Process != before?.Process;
                if (!started)
                    output.Line($"The sandbox runs already, since {running.Since:u}: {place.ShownFrom(caller.Directory)}.");
                if (parsed.GetValue(deployed))
                    await DeployAsync(SandboxEnvironment.Inside(caller, place, running), place, output, cancellation);
                if (started)
                    output.Line(FormattableString.Invariant($"The sandbox runs after {clock.Elapsed.TotalSeconds:f1} s."));
                Next(caller, place, output);
                output.Json(
                    new
                    {
                        directory = place.FullPath,
                        started,
                        since = running.Since,
                        seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
                    }
                );
                return ExitCode.Done;
            }
        );
    }

    /// <summary>The running sandbox. If none runs, it starts one.</summary>
    /// <exception cref="UsageException">The directory has files of others.</exception>
    internal static async Task<RunningSandbox> EnsureAsync(
        Workspace caller,
        SandboxDirectory place,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        RequireOwn(place);
        using var held = await SandboxLock.TakeAsync(place, output.Line, cancellation);
        return place.Running ?? await StartAsync(caller, place, output, cancellation);
    }

    // Starts the process, and prepares keys, buckets and secrets unless an earlier start has done it.
    private static async Task<RunningSandbox> StartAsync(
        Workspace caller,
        SandboxDirectory place,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        if (place.Last is { } last)
            output.Line($"The sandbox of {last.Since:u} has ended without \"down\". It starts again with the same account.");
        else
            output.Line($"Starting a stand-in cloud in {place.ShownFrom(caller.Directory)}.");
        var isNew = !place.HasAccount;
        var running = await StandIn.StartAsync(place, caller.Time, cancellation);
        try
        {
            WriteTools(place);
            var settings = new SandboxSettings(place.Settings);
            if (!settings.IsComplete)
                await PrepareAsync(caller, place, running, settings, isNew, output, cancellation);
            return running;
        }
        catch
        {
            await StandIn.StopAsync(running);
            throw;
        }
    }

    // A directory with something else would be mixed with the files of a sandbox.
    private static void RequireOwn(SandboxDirectory place)
    {
        if (Directory.Exists(place.FullPath) && !place.IsSandbox)
        {
            throw new UsageException(
                $"--directory: given {place.FullPath}, which has other files; allowed: a new directory, or that of a sandbox or "
                    + "of a kept rehearsal. Name another one."
            );
        }
    }

    private static async Task PrepareAsync(
        Workspace caller,
        SandboxDirectory place,
        RunningSandbox running,
        SandboxSettings settings,
        bool isNew,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        // The states of a kept rehearsal have one key, that of the account, and its buckets exist.
        isNew |= File.Exists(place.Settings);
        settings.AddKeys(caller.Platform, isNew ? null : running.Variables["AWS_SSE_CUSTOMER_KEY"]);
        var workspace = SandboxEnvironment.Inside(caller, place, running);
        if (isNew)
        {
            output.Line("Making state keys, buckets and access keys, as \"state bootstrap\" does.");
            using var bootstrap = new StateBootstrap(workspace, _ => { });
            await bootstrap.RunAsync(
                (purpose, key) =>
                {
                    settings.Add(purpose, key);
                    return Task.CompletedTask;
                },
                cancellation
            );
        }
        var stacks = StackNames.Waves(workspace.Platform).SelectMany(wave => wave);
        settings.AddSecrets(stacks.Where(stack => StackDirectory.IsThere(place.Output, stack)).Select(workspace.Stack));
        settings.SetComplete();
    }

    private static async Task DeployAsync(
        Workspace workspace,
        SandboxDirectory place,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        output.Line(
            $"Applying all stacks: \"deploy --yes\". Its output is in {place.ShownFrom(workspace.Directory)}/sandbox.log."
        );
        await using var log = new StreamWriter(place.Log, append: true);
        using var both = TextWriter.Synchronized(log);
        var code = await CommandLine.RunAsync(["deploy", "--yes"], () => workspace, both, both, cancellation);
        await both.FlushAsync(cancellation);
        if (code != ExitCode.Done)
        {
            throw new PipelineException(
                $"\"deploy\" failed with exit code {code}; the sandbox runs. The end of its output is in {place.Log}. Run "
                    + "\"sandbox run -- ./infra deploy\" to see it."
            );
        }
    }

    private static void Next(Workspace caller, SandboxDirectory place, CommandOutput output)
    {
        var option =
            place.FullPath == Path.Combine(caller.Directory, SandboxDirectory.Name) ? "" : $" --directory {place.FullPath}";
        output.Line("Next:");
        output.Line($"  ./infra sandbox shell{option}");
        output.Line("      a shell in which every command works: ./infra, terraform, kubectl, npx cdktf");
        output.Line($"  ./infra sandbox down{option}");
        output.Line("      stops the sandbox and deletes its files");
        output.Line("docs/quick-start.md is a tour of ten minutes.");
    }

    private static void WriteTools(SandboxDirectory place)
    {
        Directory.CreateDirectory(place.Tools);
        var file = Path.Combine(place.Tools, Terraform);
        using (var text = Assembly.GetExecutingAssembly().GetManifestResourceStream($"sandbox/{Terraform}.cjs")!)
        using (var target = File.Create(file))
            text.CopyTo(target);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(place.PosixSettings, "PS1=\"(sandbox) $PS1\"\n");
        File.WriteAllText(
            place.BashSettings,
            """
            # The bash of "sandbox shell".
            [ ! -e ~/.bashrc ] || . ~/.bashrc
            PATH=$INFRACDKTF_SANDBOX/bin:$PATH
            PS1="(sandbox) $PS1"

            """
        );
    }
}
