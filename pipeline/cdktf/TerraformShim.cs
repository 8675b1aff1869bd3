using System.CommandLine;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Deploy;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Pipeline.Validate;

namespace InfraCdktf.Pipeline.Cdktf;

/// <summary>
/// Terraform as cdktf-cli 0.21 calls it (<c>TERRAFORM_BINARY_NAME</c>). Each call becomes the step of this program that does the
/// same: an apply is refused for the same reasons as by <c>deploy</c>, recorded and archived.
/// </summary>
internal static class TerraformShim
{
    /// <summary>The hidden command.</summary>
    public const string Name = "terraform-for-cdktf";

    // cdktf-cli shows its own question when it reads one of these lines.
    private const string ApplyQuestion = "Do you want to perform these actions?";
    private const string DestroyQuestion = "Do you really want to destroy all resources?";

    private const string Approved = "yes";

    private const string AutoApprove = "-auto-approve";
    private const string NoColor = "-no-color";

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var stack = new Option<DirectoryInfo>("--stack")
        {
            Description = "The directory that cdktf-cli calls in.",
            Required = true,
        };
        var log = new Option<DirectoryInfo>("--log") { Description = "The directory of the run.", Required = true };
        var words = new Argument<string[]>("ARGUMENTS")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Terraform's arguments.",
        };
        var command = new Command(Name, "Terraform for cdktf-cli.") { stack, log, words };
        command.Hidden = true;
        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    async () =>
                    {
                        var directory = parsed.GetRequiredValue(stack);
                        using var said = ShimLog.Open(parsed.GetRequiredValue(log).FullName, directory.Name, context.Output);
                        try
                        {
                            var call = new Call(context.Workspace(), directory, parsed.GetRequiredValue(words), said);
                            return await call.RunAsync(cancellation);
                        }
                        catch (Exception exception)
                        {
                            // The command line shows it, if anybody can still see it.
                            said.Keep(exception.Message);
                            throw;
                        }
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    private sealed class Call(Workspace checkout, DirectoryInfo directory, string[] words, TextWriter said)
    {
        // cdktf-cli calls in cdktf.out/stacks/NAME.
        private readonly Workspace _workspace = checkout with
        {
            Output = directory.Parent?.Parent?.FullName ?? directory.FullName,
        };
        private readonly string _name = directory.Name;

        public async Task<int> RunAsync(CancellationToken cancellation)
        {
            using var output = new CommandOutput(said, said, json: false, file: null);
            return words switch
            {
                ["-v"] or ["version", "-json"] => await VersionAsync(cancellation),
                ["init", .. var options] => await InitAsync(Allowed(options, NoColor, "-upgrade"), cancellation),
                ["providers", "lock", .. var options] => await LockAsync(
                    Allowed(options, NoColor, "-platform=linux_amd64"),
                    cancellation
                ),
                // The plan's file is not read by cdktf-cli, and would be in clear on the disk.
                ["plan", .. var options] => await PlanAsync(
                    Allowed(options, NoColor, "-input=false", "-out", "plan"),
                    output,
                    cancellation
                ),
                ["apply", .. var options] => await ApplyAsync(Allowed(options, NoColor, AutoApprove), output, cancellation),
                ["destroy", .. var options] => await DestroyAsync(Allowed(options, NoColor, AutoApprove), output, cancellation),
                ["output", "-json"] => await OutputAsync(cancellation),
                _ => throw new UsageException(
                    $"terraform {string.Join(' ', words)}: allowed from cdktf-cli: init, providers lock, plan, apply, destroy, "
                        + "output. Use another command of this project, or Terraform by hand."
                ),
            };
        }

        private async Task<int> VersionAsync(CancellationToken cancellation)
        {
            var result = await ChildProcess.RunAsync(
                "terraform",
                words,
                directory.FullName,
                CallerVariables.ForPrograms(_workspace.Environment),
                line: null,
                cancellation
            );
            await said.WriteAsync(result.Output + result.Error);
            return result.ExitCode;
        }

        private async Task<int> InitAsync(IReadOnlyList<string> options, CancellationToken cancellation)
        {
            // Terraform's own error for a wrong key is "BadRequest".
            await StateProtections.RequireAsync(_workspace, _name, cancellation);
            await Terraform().InitAsync(cancellation, upgrade: options.Contains("-upgrade"));
            await said.WriteLineAsync($"{_name}: initialized.");
            return ExitCode.Done;
        }

        private async Task<int> LockAsync(IReadOnlyList<string> options, CancellationToken cancellation)
        {
            await Terraform().LockProvidersAsync(options.Single(option => option != NoColor), cancellation);
            return ExitCode.Done;
        }

        private async Task<int> PlanAsync(IReadOnlyList<string> options, CommandOutput output, CancellationToken cancellation)
        {
            _ = options;
            OverrideGate.Require(_workspace, output);
            var (summary, notes) = await PlanCommand.SummariseAsync(_workspace, _name, new() { Lock = false }, cancellation);
            PlanView.Write(output, summary);
            foreach (var note in notes)
                output.Line(note);
            return ExitCode.Done;
        }

        private async Task<int> ApplyAsync(IReadOnlyList<string> options, CommandOutput output, CancellationToken cancellation)
        {
            OverrideGate.Require(_workspace, output);
            using var archiver = StackArchiver.Open(_workspace, output.Line);
            var approval = new Approval(output, options.Contains(AutoApprove), _ => AskAsync(ApplyQuestion, cancellation));
            var results = await DeployCommand.DeployWaveAsync(
                _workspace,
                archiver,
                [_name],
                approval,
                // cdktf-cli can answer one question.
                isApproved: true,
                output,
                result => output.Line(result.Applied ? $"{_name}: archived as {result.Version}." : $"{_name}: nothing to apply."),
                cancellation
            );
            if (results is not null)
                return ExitCode.Done;
            output.Line($"Not approved: {_name} is unchanged.");
            return ExitCode.Failed;
        }

        private async Task<int> DestroyAsync(IReadOnlyList<string> options, CommandOutput output, CancellationToken cancellation)
        {
            if (_name == StackNames.State)
                throw new UsageException($"{_name} is never destroyed: it holds the states of all stacks. Name other stacks.");
            await RequireNoDependentAsync(cancellation);
            await DestroyCommand.RequireApisAsync(
                _workspace,
                [
                    [_name],
                ],
                output,
                cancellation
            );
            using var archiver = StackArchiver.Open(_workspace, output.Line);
            var approval = new Approval(output, options.Contains(AutoApprove), _ => AskAsync(DestroyQuestion, cancellation));
            var isApproved = true;
            await StackDestruction.RunAsync(
                _workspace,
                archiver,
                _name,
                approve: async summary =>
                {
                    PlanView.Write(output, summary);
                    return isApproved = await approval.AskAsync("", cancellation);
                },
                line: line => output.Line($"{_name}: {line}"),
                cancellation: cancellation
            );
            if (isApproved)
                return ExitCode.Done;
            output.Line($"Not approved: {_name} is unchanged.");
            return ExitCode.Failed;
        }

        // cdktf-cli names one stack at a time, so what depends on it must be gone already.
        private async Task RequireNoDependentAsync(CancellationToken cancellation)
        {
            using var buckets = StateBuckets.Open(_workspace.Platform, _workspace.Environment);
            var left = new List<string>();
            foreach (
                var stack in StackNames
                    .Waves(_workspace.Platform)
                    .SkipWhile(wave => !wave.Contains(_name))
                    .Skip(1)
                    .SelectMany(wave => wave)
            )
                if (
                    await LiveState.Of(buckets, _workspace.Platform, stack).StateAsync(cancellation) is { } state
                    && state.Objects.Count > 0
                )
                    left.Add(stack);
            if (left.Count > 0)
            {
                throw new PipelineException(
                    $"Nothing was destroyed. {string.Join(", ", left)} depend on {_name} and still have objects. Destroy them "
                        + "first: name them in the same command."
                );
            }
        }

        private async Task<int> OutputAsync(CancellationToken cancellation)
        {
            var terraform = Terraform();
            await terraform.InitAsync(cancellation);
            await said.WriteAsync(await terraform.OutputTextAsync(cancellation));
            return ExitCode.Done;
        }

        // Cancellation ends the wait; the read itself cannot be ended.
        private async Task<bool> AskAsync(string question, CancellationToken cancellation)
        {
            await said.WriteLineAsync($"\n{question}\n  Only '{Approved}' is accepted.\n");
            var answer = await Task.Run((checkout.Input ?? Console.In).ReadLine, CancellationToken.None).WaitAsync(cancellation);
            return answer?.Trim() == Approved;
        }

        private TerraformCli Terraform() => _workspace.Terraform(_workspace.Stack(_name), Placeholders.Allowed);

        private IReadOnlyList<string> Allowed(string[] options, params string[] allowed)
        {
            var unknown = options.Except(allowed, StringComparer.Ordinal).ToList();
            return unknown.Count == 0
                ? options
                : throw new UsageException(
                    $"terraform {words[0]}: given {string.Join(' ', unknown)}; allowed from cdktf-cli: "
                        + $"{string.Join(' ', allowed)}. Leave the option out; values of variables come from the environment."
                );
        }
    }
}
