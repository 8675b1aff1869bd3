using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>The result of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Wrong">What does not agree; empty if everything agrees.</param>
/// <param name="Log">What happened.</param>
internal sealed record KillResult(KillCase Case, IReadOnlyList<string> Wrong, string Log)
{
    /// <summary>Calls in flight at the kill.</summary>
    public int InFlight { get; init; }

    /// <summary>What a person typed, from the first doctor to the end of the killed command.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Keys that were replaced because their secret was lost.</summary>
    public int SecretsLost { get; init; }

    /// <summary>Releases that were taken back because they never were installed.</summary>
    public int NeverInstalled { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Case}, {InFlight} in flight; {Commands.Count} commands"
        + (SecretsLost == 0 ? "" : $", {SecretsLost} secrets lost")
        + (NeverInstalled == 0 ? "" : $", {NeverInstalled} releases taken back")
        + $"\n  {string.Join("; ", Commands)}"
        + string.Concat(Wrong.Select(sentence => $"\n  WRONG {sentence}"));
}

/// <summary>One kill: the run that is killed, the repair, and the comparison.</summary>
internal sealed partial class KilledRun : IDisposable
{
    private readonly SandboxFixture _sandbox;
    private readonly Workspace _workspace;
    private readonly KillCase _case;
    private readonly StringBuilder _log = new();
    private readonly Hold _hold = new();
    private readonly CancellationTokenSource _watch = new();
    private readonly SemaphoreSlim _moved = new(0);
    private int _reached;
    private int _left;

    private KilledRun(SandboxFixture sandbox, KillCase chosen)
    {
        (_sandbox, _case, _workspace) = (sandbox, chosen, KillPlatform.WorkspaceOf(sandbox));
        _ = CountAsync(_hold.ReachedAsync, () => Interlocked.Increment(ref _reached));
        _ = CountAsync(_hold.LeftAsync, () => Interlocked.Increment(ref _left));
    }

    private Account Account => _sandbox.Sandbox.Account;

    private string Command =>
        _case.Operation != KilledOperation.Destroy
            ? $"deploy {_case.Stack} --yes --skip-synth"
            : $"destroy {string.Join(' ', KillPlatform.Stacks.SkipWhile(name => name != _case.Stack).Where(IsNamed))} --yes "
                + $"--confirm {_workspace.Platform.Project} --skip-synth";

    /// <summary>Runs the case of a seed. Every failure is in the result.</summary>
    public static async Task<KillResult> RunAsync(KillPlatform platform, int seed, bool all)
    {
        var configurations = new Dictionary<string, JsonObject>();
        foreach (var stack in KillPlatform.Stacks)
            configurations[stack] = await platform.ConfigurationAsync(stack);
        var chosen = KillCase.Of(seed, all, stack => configurations[stack]);
        await using var sandbox = await platform.BeginAsync(chosen.Stack, chosen.Operation);
        using var run = new KilledRun(sandbox, chosen);
        var person = new OnCallEngineer(sandbox, run._workspace, chosen.Stack);
        var result = new KillResult(chosen, [], "");
        try
        {
            result = await run.RunAsync(person);
        }
        catch (Exception exception)
        {
            result = result with { Wrong = [exception.Message], Log = $"{exception}" };
        }
        return result with { Commands = person.Commands, Log = $"{run._log}\n{person.Said}\n{result.Log}" };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Cancel();
        _watch.Dispose();
        _moved.Dispose();
    }

    private async Task<KillResult> RunAsync(OnCallEngineer person)
    {
        Configure();
        var before = await KeysAsync();
        var history = new AccountHistory(Account.Directory);
        history.Begin();
        foreach (var fault in _case.Faults(_hold))
            Account.AddFault(fault);
        var (killed, inFlight) = await KillAsync(person);
        _log.Append(killed.Output).Append(killed.Error);
        var planned = Planned(killed.Output);

        await person.RepairAsync();
        var wrong = (await PlatformAgreement.DifferencesAsync(_sandbox, _workspace, finished: false)).ToList();
        await person.FinishAsync(Command);
        wrong.AddRange(await PlatformAgreement.DifferencesAsync(_sandbox, _workspace, finished: true));

        var after = await KeysAsync();
        var (created, removed, neverInstalled) = history.Read();
        var lost = person.SecretsLost.Select(address => after.GetValueOrDefault(address)).OfType<string>().ToList();
        Compare(created, [.. Wanted(planned, ["add", "replace"], after)], "made twice", "not made", lost.Count);
        Compare(removed, [.. Wanted(planned, ["destroy", "replace"], before)], "replaced or removed", "not removed", lost.Count);
        if (_case.Operation != KilledOperation.Destroy)
        {
            var drift = await _sandbox.RunAsync($"drift {_case.Stack} --skip-synth", _workspace);
            if (drift.Code != ExitCode.Done)
                wrong.Add($"the plan afterwards is not empty:\n{drift.Output}{drift.Error}");
        }
        return new(_case, wrong, "")
        {
            InFlight = inFlight,
            SecretsLost = lost.Count,
            NeverInstalled = neverInstalled,
        };

        void Compare(IReadOnlyList<string> real, IReadOnlyList<string> wanted, string more, string less, int secretsLost)
        {
            var counted = real.CountBy(key => key).ToDictionary();
            foreach (var (key, count) in wanted.CountBy(key => key))
                counted[key] = counted.GetValueOrDefault(key) - count;
            // A key whose secret is lost is replaced on purpose: one more is created, and one more is removed.
            var keys = counted
                .Where(item => item.Value > 0 && item.Key.StartsWith("linode_object_storage_key/"))
                .Take(secretsLost);
            wrong.AddRange(counted.Where(item => item.Value > 0).Except(keys).Select(item => $"{more}: {item.Key}"));
            wrong.AddRange(counted.Where(item => item.Value < 0).Select(item => $"{less}: {item.Key}"));
        }
    }

    private void Configure()
    {
        if (_case.Replacements.Count == 0)
            return;
        var stack = _workspace.Stack(_case.Stack);
        foreach (var replacement in _case.Replacements)
            replacement.In(stack.Configuration);
        File.WriteAllText(Path.Combine(stack.Path, "cdk.tf.json"), stack.Configuration.ToJsonString());
    }

    /// <summary>Starts the command, waits until calls are in flight, kills it, and waits until everything has ended.</summary>
    private async Task<(ChildResult Result, int InFlight)> KillAsync(OnCallEngineer person)
    {
        var directory = Path.Combine(_workspace.Directory, ".pipeline", "journals");
        using var journals = new FileChanges(Directory.CreateDirectory(directory).FullName);
        using var process = ProgramProcess.Start(Command, _workspace);
        var ended = process.EndAsync();
        var (moved, changed) = (_moved.WaitAsync(Patience.Token), journals.ReachAsync(1));
        while (!IsMoment())
        {
            var first = await Task.WhenAny(moved, changed, ended);
            if (first == ended)
                Assert.Fail($"The command ended before the call: {await ended}");
            await first;
            moved = moved.IsCompleted ? _moved.WaitAsync(Patience.Token) : moved;
            changed = changed.IsCompleted ? journals.ReachAsync(journals.Count + 1) : changed;
        }
        var inFlight = Volatile.Read(ref _reached);
        var terraform = _workspace.Journals.Of(_case.Stack).SelectMany(TerraformProcesses.Writing).ToList();
        switch (_case.Kill)
        {
            case Kill.Terraform:
                terraform.ForEach(id => Process.GetProcessById(id).Kill());
                break;
            case Kill.Program:
                process.Kill(children: false);
                if (_case.Impatient)
                    await person.LookAsync();
                _hold.Release();
                break;
            case Kill.Both:
                process.Kill(children: true);
                break;
            default:
                var signal = _case.Kill.ToString().ToUpperInvariant();
                if (_case.InTerminal && _case.Kill != Kill.Term)
                    terraform.ForEach(id => Signal(id, signal));
                process.Signal(signal);
                break;
        }
        var result = await ended;
        await Task.WhenAll(terraform.Select(ProcessEnd.WaitAsync));
        while (Volatile.Read(ref _left) < Volatile.Read(ref _reached))
        {
            await moved;
            moved = _moved.WaitAsync(Patience.Token);
        }
        Account.ClearFaults();
        return (result, inFlight);
    }

    // Enough calls are in flight, or no other one can begin before one of them ends.
    private bool IsMoment()
    {
        var held = Volatile.Read(ref _reached);
        if (held == 0 || held >= _case.InFlight)
            return held > 0;
        var journal = _workspace.Journals.Of(_case.Stack).Single().Read();
        return journal.InFlight.Count + journal.Changing.Count <= held;
    }

    private static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    private async Task CountAsync(Func<CancellationToken, Task<string>> next, Action count)
    {
        var end = _watch.Token;
        while (!end.IsCancellationRequested)
        {
            try
            {
                await next(end);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            count();
            _moved.Release();
        }
    }

    // Stacks that depend on the destroyed one must be named; they have no state.
    private bool IsNamed(string name) => name == _case.Stack || !IsEnvironment(_case.Stack);

    private bool IsEnvironment(string name) => _workspace.Platform.Applications.Any(item => item.Name.Text == name);

    private async Task<Dictionary<string, string>> KeysAsync() =>
        (await PlatformAgreement.StatesAsync(_sandbox, _workspace))
            .Where(state => state.Stack == _case.Stack)
            .SelectMany(state => state.Objects)
            .ToDictionary(item => item.Address, item => item.Key);

    private static IEnumerable<string> Wanted(
        IReadOnlyList<(string Action, string Address)> planned,
        IReadOnlyList<string> actions,
        Dictionary<string, string> keys
    ) =>
        planned
            .Where(item => actions.Contains(item.Action))
            .Select(item => keys.GetValueOrDefault(item.Address) ?? $"{item.Address}, which is not in the state");

    private static IReadOnlyList<(string Action, string Address)> Planned(string output) =>
        [.. Change().Matches(output).Select(match => (match.Groups["action"].Value, match.Groups["address"].Value))];

    [GeneratedRegex(@"^\W+(?<action>add|change|replace|destroy)\s+(?<address>\w+\.\S+)", RegexOptions.Multiline)]
    private static partial Regex Change();
}
