using System.Diagnostics;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Sandbox;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>
/// Every stage of the platform on one machine: the real Terraform applies every stack against a sandbox; then each stack is
/// changed outside Terraform, repaired and destroyed. The report has the failure; only a stop on request is an exception. When
/// the call returns, every child process has ended.
/// </summary>
public sealed class RehearsalRun
{
    private readonly RehearsalOptions _options;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private IReadOnlyList<StackRehearsal> _stacks = [];
    private IReadOnlyList<SecretFound>? _found;
    private RollbackDrill? _drill;
    private string? _drillSkipped;
    private int _secrets;
    private int _calls;

    private RehearsalRun(RehearsalOptions options) => _options = options;

    /// <summary>Runs a rehearsal.</summary>
    public static Task<RehearsalReport> RunAsync(RehearsalOptions options, CancellationToken cancellation) =>
        new RehearsalRun(options).RunAsync(cancellation);

    private async Task<RehearsalReport> RunAsync(CancellationToken cancellation)
    {
        var workspace = new Workspace
        {
            Platform = _options.Platform,
            Synthesize = _options.Synthesize,
            Directory = _options.Directory,
            Output = Path.Combine(_options.Directory, "cdktf.out"),
            Environment = new Dictionary<string, string>(),
            Called = Log,
        };
        var waves = Waves(workspace);
        Directory.CreateDirectory(Path.Combine(_options.Directory, "plans"));
        Directory.CreateDirectory(Path.Combine(_options.Directory, "logs"));

        await using var sandbox = await CloudSandbox.StartAsync(
            new()
            {
                Directory = Path.Combine(_options.Directory, "account"),
                Faults = _options.Faults,
                Buckets = [_options.Platform.State.Bucket],
                LockedBuckets = [_options.Platform.State.ArchiveBucket],
            },
            cancellation
        );
        sandbox.RecordIn(_options.Directory);
        RehearsalFailure? failure = null;
        try
        {
            workspace.Synthesize(workspace.Platform, workspace.Output);
            var secrets = new PlantedSecrets(waves.SelectMany(wave => wave).Select(workspace.Stack));
            _secrets = secrets.Count;
            workspace = workspace with { Environment = Environment(sandbox, secrets) };
            using var archiver = StackArchiver.Open(workspace, say: _ => { });
            var rehearsals = waves
                .Select(wave =>
                    wave.Select(stack => new StackRehearsal(workspace, archiver, stack, sandbox.Account, _options)).ToList()
                )
                .ToList();
            _stacks = [.. rehearsals.SelectMany(wave => wave)];

            foreach (var wave in rehearsals)
                await Wave.RunAsync(wave, stack => stack.BuildUpAsync(cancellation));
            // Each stack has its own state, and no outside change replaces an object that another stack needs.
            await Wave.RunAsync(_stacks, stack => CheckAsync(stack, cancellation));
            _found = await FindAsync(secrets, sandbox.Account, cancellation);
            foreach (var wave in Enumerable.Reverse(rehearsals))
                await Wave.RunAsync(wave, stack => stack.TakeDownAsync(cancellation));
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            failure = await ExplainAsync(exception, sandbox.Account, cancellation);
        }
        cancellation.ThrowIfCancellationRequested();
        failure ??= NotTried(sandbox.Account.UnstruckFaults);
        return new()
        {
            Stacks = [.. _stacks.Select(stack => stack.Report)],
            AccountEmpty = sandbox.Account.Objects.Count == 0,
            TerraformCalls = _calls,
            Seed = _options.Seed,
            SecretsPlanted = _secrets,
            SecretsFound = _found,
            Seconds = Math.Round(_clock.Elapsed.TotalSeconds, 1),
            PeakMemoryMegabytes = (int)(Process.GetCurrentProcess().PeakWorkingSet64 >> 20),
            Rollback = _drill,
            RollbackSkipped = _drillSkipped,
            Failure = failure,
        };
    }

    private async Task<StackReport> CheckAsync(StackRehearsal stack, CancellationToken cancellation)
    {
        var report = await stack.CheckAsync(cancellation);
        if (stack != _stacks[^1])
            return report;
        _drill = await stack.DrillAsync(cancellation);
        _drillSkipped = _drill is null ? BadChange.Missing(stack.Name) : null;
        return report;
    }

    // The selected stack, and the waves before it, which it needs.
    private IReadOnlyList<IReadOnlyList<string>> Waves(Workspace workspace)
    {
        if (_options.Stack is not { } wanted)
            return workspace.Waves([]);
        _ = workspace.Waves([wanted]); // throws for an unknown stack
        return [.. workspace.Waves([]).TakeWhile(wave => !wave.Contains(wanted)), [wanted]];
    }

    // Only PATH of the caller's environment: a rehearsal must not use a real token, and TF_CLI_ARGS or ~/.aws must not change it.
    private Dictionary<string, string> Environment(CloudSandbox sandbox, PlantedSecrets secrets)
    {
        var environment = new Dictionary<string, string>(sandbox.Environment, StringComparer.Ordinal)
        {
            ["PATH"] = _options.SearchPath,
            ["HOME"] = _options.Directory,
        };
        foreach (var (name, value) in secrets.Environment)
            environment[name] = value;
        return environment;
    }

    private async Task<IReadOnlyList<SecretFound>> FindAsync(
        PlantedSecrets secrets,
        Account account,
        CancellationToken cancellation
    )
    {
        // Synthesized JSON, saved plans, logs with the text of every plan, and the objects of the account are files in this
        // directory. A state is encrypted in the store, so it is read and searched too.
        var found = secrets.FindInFiles(_options.Directory).ToList();
        foreach (var stack in _stacks)
            found.AddRange(secrets.Find($"state of {stack.Name}", await stack.ReadStateAsync(cancellation) ?? []));
        // Secrets that providers create are part of states, saved plans and the account. They must be in no other place: not in
        // stored bucket objects, not in a log, not in entries that wait for a later run.
        var made = secrets.With(ProviderSecrets.Of(account));
        foreach (var place in new[] { "account/buckets", "logs", "cdktf.out", "outputs", ".pipeline" })
        {
            if (Path.Combine(_options.Directory, place) is var directory && Directory.Exists(directory))
                found.AddRange(made.FindInFiles(directory).Select(item => item with { Place = $"{place}/{item.Place}" }));
        }
        return [.. found.Distinct()];
    }

    private async Task<RehearsalFailure> ExplainAsync(Exception exception, Account account, CancellationToken cancellation)
    {
        // If several parallel stacks failed, this is the first one; the message has the errors of all.
        var failed = _stacks.FirstOrDefault(stack => stack.Unfinished);
        var states = new List<string>();
        foreach (var stack in _stacks)
            states.AddRange((LiveState.TryParse(await stack.ReadStateAsync(cancellation))?.Objects ?? []).Select(AccountKey.Of));
        var exists = account.Objects.Select(item => item.Key).ToList();
        return new(
            failed?.Name,
            failed?.Step ?? "synthesize",
            Text(exception),
            [.. exists.Except(states, StringComparer.Ordinal)],
            [.. states.Except(exists, StringComparer.Ordinal)]
        );
    }

    // A typing error in a fault must not give a successful run that injected nothing.
    private static RehearsalFailure? NotTried(IReadOnlyList<Fault> faults) =>
        faults.Count == 0
            ? null
            : new(
                null,
                "strike a fault",
                $"No call matched the fault {string.Join(" and ", faults)}. "
                    + "Compare operation, type, name and nth with the calls (--keep keeps account/calls.jsonl).",
                [],
                []
            );

    private static string Text(Exception exception) =>
        exception switch
        {
            AggregateException several => string.Join("\n\n", several.Flatten().InnerExceptions.Select(Text)),
            PipelineException or TerraformException or InventoryException or InvalidOperationException => exception.Message,
            _ => exception.ToString(),
        };

    private void Log(TerraformCall call)
    {
        Interlocked.Increment(ref _calls);
        var (code, seconds) = (call.Result.ExitCode, call.Elapsed.TotalSeconds);
        File.AppendAllText(
            Path.Combine(_options.Directory, "logs", $"{call.Stack}.log"),
            FormattableString.Invariant($"$ terraform {string.Join(' ', call.Arguments)}   # exit {code}, {seconds:f1} s\n")
                + $"{Said(call)}{call.Result.Error}\n"
        );
    }

    // The output of these commands is a state, a plan or outputs, with all values.
    private static string Said(TerraformCall call) =>
        call.Arguments is ["state", "pull", ..] or ["show", ..] or ["output", ..]
            ? $"({call.Result.Output.Length} characters)\n"
            : call.Result.Output;
}
