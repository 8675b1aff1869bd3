using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>One finished call of Terraform.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Arguments">The command line after <c>terraform</c>.</param>
/// <param name="Result">Exit code and both streams.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record TerraformCall(string Stack, IReadOnlyList<string> Arguments, ChildResult Result, TimeSpan Elapsed);

/// <summary>How to plan.</summary>
public sealed record PlanOptions
{
    /// <summary>The file for the saved plan, for an apply of exactly this plan; null if the plan is not applied.</summary>
    public string? File { get; init; }

    /// <summary>Plan the destroy of everything in the stack.</summary>
    public bool Destroy { get; init; }

    /// <summary>
    /// Take the state lock. False for a plan without an apply: it writes no state, and a read-only key cannot lock.
    /// </summary>
    public bool Lock { get; init; } = true;

    /// <summary>Compare the state with the real objects only; the configuration changes nothing.</summary>
    public bool OnlyRefresh { get; init; }

    /// <summary>
    /// Read the real resources through the providers. False plans against the state only, for credentials that may not read
    /// everything.
    /// </summary>
    public bool Refresh { get; init; } = true;
}

/// <summary>The result of a plan.</summary>
/// <param name="Differs">True if an apply would change something.</param>
/// <param name="Text">The text that Terraform printed; it may contain values.</param>
public sealed record PlanResult(bool Differs, string Text);

/// <summary>
/// Terraform for one stack directory: without prompts and colours, and with a wait for the state lock. A failed command is a <see
/// cref="TerraformException"/> with Terraform's error text. When a cancelled call returns, Terraform has ended.
/// </summary>
public sealed class TerraformCli
{
    private const string DataVariable = "TF_DATA_DIR";
    private const string Data = ".terraform";

    // Terraform's messages about a missing init name this command.
    private const string InitNeeded = "terraform init";

    private string? _data;
    private bool _initSkipped;

    // The message of Terraform 1.11 if the lock is still held after the wait.
    private const string Locked = "Error acquiring the state lock";

    // The message of Terraform 1.11 after a second interrupt.
    private const string Abandoned = "Two interrupts received";

    /// <summary>The stack's name, for messages.</summary>
    public required string Stack { get; init; }

    /// <summary>The directory of the stack's <c>cdk.tf.json</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// The synthesized stack. If <see cref="Directory"/> is a copy of it or an archived version, it may use the same data.
    /// </summary>
    public string? Original { get; init; }

    /// <summary>The complete environment of the process: credentials, TF_VAR_*, PATH.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The journals in which an apply records the objects that it creates.</summary>
    public required ApplyJournals Journals { get; init; }

    /// <summary>Keeps the states that an apply could not save.</summary>
    public required ErroredStates Errored { get; init; }

    /// <summary>Texts that no error may show: a provider may repeat what it was given.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>How long to wait for a lock that another run holds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Describes the holder of the lock if Terraform could not get the lock. Terraform cannot show the holder of a lock that is
    /// encrypted with the state key.
    /// </summary>
    public Func<CancellationToken, Task<string>>? ExplainLock { get; init; }

    /// <summary>Called after each call of Terraform has ended.</summary>
    public Action<TerraformCall>? Called { get; init; }

    /// <summary>
    /// Connects to the backend and installs providers, if anything changed since the last init (<see cref="InitRecord"/>). It is
    /// the first step of every command, so it also encrypts a state that a killed apply left in clear text.
    /// </summary>
    /// <param name="cancellation">Interrupts Terraform.</param>
    /// <param name="upgrade">Take the providers that the configuration names, whatever the lock file has, and lock them.</param>
    /// <exception cref="PipelineException">The backend does not encrypt, so no command may continue.</exception>
    public async Task InitAsync(CancellationToken cancellation, bool upgrade = false)
    {
        await Errored.CollectAsync(Stack, Original ?? Directory);
        _initSkipped = !upgrade && UseEarlierInit();
        if (!_initSkipped)
            await RunInitAsync(cancellation, upgrade);
        RequireEncryption();
    }

    /// <summary>
    /// Plans. With <see cref="PlanOptions.Lock"/> it fails if an earlier apply of the stack was killed or could not save its
    /// state, and that was not repaired yet.
    /// </summary>
    public async Task<PlanResult> PlanAsync(PlanOptions options, CancellationToken cancellation)
    {
        if (options.Lock)
        {
            Errored.RequireNone(Stack);
            Journals.RequireNone(Stack);
        }
        List<string> arguments = ["plan", "-input=false", "-no-color", "-detailed-exitcode"];
        arguments.Add(options.Lock ? Waiting : "-lock=false");
        if (options.Destroy)
            arguments.Add("-destroy");
        if (options.OnlyRefresh)
            arguments.Add("-refresh-only");
        if (!options.Refresh)
            arguments.Add("-refresh=false");
        if (options.File is not null)
            arguments.Add($"-out={options.File}");
        var result = await RunAsync(arguments, cancellation, differs: true);
        return new(result.ExitCode == ExitCode.Differs, result.Output);
    }

    /// <summary>
    /// Applies exactly the saved plan. A journal records the created objects until the state has them (<see
    /// cref="ApplyJournal"/>).
    /// </summary>
    /// <param name="planFile">The saved plan.</param>
    /// <param name="line">Called with each readable line as Terraform writes it.</param>
    /// <param name="cancellation">Interrupts Terraform, which then finishes calls in flight and writes its state.</param>
    /// <exception cref="TerraformException"> The apply failed. If the state could not be saved, the message names the file with
    /// the encrypted state. </exception>
    public async Task ApplyAsync(string planFile, Action<string>? line, CancellationToken cancellation)
    {
        Effects.Note($"terraform apply of stack {Stack}");
        var run = new ApplyRun(Journals.Begin(Stack), Errored.Workplace(Stack, Directory));
        ErroredState? errored = null;
        try
        {
            try
            {
                await RunAsync(
                    ["apply", "-input=false", "-json", Waiting, Path.GetFullPath(planFile, Directory)],
                    cancellation,
                    line: text =>
                    {
                        if ((ApplyEvent.TryParse(text) is { } item ? item.Text : text) is { } words)
                            line?.Invoke(words);
                    },
                    apply: run
                );
            }
            finally
            {
                errored = await Errored.CloseAsync(Stack, run.Place);
            }
            run.Journal.Remove();
        }
        catch (Exception exception) when (exception is TerraformException or OperationCanceledException)
        {
            if (exception is OperationCanceledException && run.Journal.Read().InFlight is { Count: > 0 } open)
            {
                line?.Invoke(
                    $"{open.Count} create(s) were under way: {string.Join(", ", open.Select(item => item.Address))}. Run "
                        + $"\"state recover {Stack}\": it keeps what exists and is ready. Otherwise the next plan may replace it."
                );
            }
            if (errored is null && await HasAsync(run.Journal, EndingOf(exception, run.Journal)))
                run.Journal.Remove();
            else if (run.Journal.Read().InFlight.Where(item => item.AnswerLost).ToList() is { Count: > 0 } lost)
            {
                line?.Invoke(
                    $"the answer to the create of {string.Join(", ", lost.Select(item => item.Address))} was lost: it may exist. "
                        + $"Run \"state recover {Stack}\" before the next deploy."
                );
            }
            if (errored is null || exception is not TerraformException failure)
                throw;
            throw new TerraformException(
                Stack,
                failure.Command,
                $"{failure.Error}\n\nThe file that Terraform names above does not exist any more. Its content is encrypted in "
                    + $"{errored.File}. Run \"state recover {Stack}\" to put it into the backend."
            );
        }
    }

    /// <summary>The content of a saved plan (Terraform's documented JSON). It may contain sensitive values.</summary>
    public async Task<JsonObject> ShowAsync(string planFile, CancellationToken cancellation) =>
        JsonNode.Parse((await RunAsync(["show", "-json", "-no-color", planFile], cancellation)).Output)!.AsObject();

    /// <summary>The stack's outputs that are not sensitive.</summary>
    public async Task<IReadOnlyDictionary<string, JsonNode?>> OutputsAsync(CancellationToken cancellation)
    {
        var outputs = JsonNode.Parse(await OutputTextAsync(cancellation))!.AsObject();
        return outputs
            .Where(output => output.Value?["sensitive"]?.GetValue<bool>() == false)
            .ToDictionary(output => output.Key, output => output.Value!["value"]?.DeepClone(), StringComparer.Ordinal);
    }

    /// <summary>All outputs as Terraform's JSON, sensitive values too.</summary>
    public async Task<string> OutputTextAsync(CancellationToken cancellation) =>
        (await RunAsync(["output", "-json", "-no-color"], cancellation)).Output;

    /// <summary>Writes the checksums of the providers for a platform into the lock file.</summary>
    /// <param name="platform">Terraform's option: <c>-platform=linux_amd64</c>.</param>
    /// <param name="cancellation">Interrupts Terraform.</param>
    public Task LockProvidersAsync(string platform, CancellationToken cancellation) =>
        RunAsync(["providers", "lock", platform], cancellation);

    /// <summary>The state in the backend, decrypted. It may contain sensitive values; empty text if there is no state.</summary>
    public async Task<string> PullStateAsync(CancellationToken cancellation) =>
        (await RunAsync(["state", "pull"], cancellation)).Output;

    /// <summary>Removes an object from the state; the object itself does not change.</summary>
    public Task ForgetAsync(string address, CancellationToken cancellation) =>
        ChangeStateAsync(["state", "rm", Waiting, address], cancellation);

    private string Waiting => $"-lock-timeout={(int)LockTimeout.TotalSeconds}s";

    /// <summary>Imports an existing object into the state.</summary>
    /// <param name="address">Its address in the configuration.</param>
    /// <param name="id">Its id at the provider.</param>
    /// <param name="cancellation">Interrupts Terraform.</param>
    public Task ImportAsync(string address, string id, CancellationToken cancellation) =>
        ChangeStateAsync(["import", "-input=false", "-no-color", Waiting, address, id], cancellation);

    /// <summary>Imports an existing object into the copy of a state in a directory of <see cref="ErroredStates.Copy"/>.</summary>
    /// <param name="place">The directory.</param>
    /// <param name="address">Its address in the configuration.</param>
    /// <param name="id">Its id at the provider.</param>
    /// <param name="cancellation">Interrupts Terraform.</param>
    public Task ImportIntoCopyAsync(PrivateDirectory place, string address, string id, CancellationToken cancellation) =>
        RunAsync(
            ["import", "-input=false", "-no-color", address, id],
            cancellation,
            place: new(place.Path, Path.Combine(place.Path, Data))
        );

    /// <summary>Removes the mark of a tainted object: the next apply keeps it.</summary>
    public Task UntaintAsync(string address, CancellationToken cancellation) =>
        ChangeStateAsync(["untaint", Waiting, address], cancellation);

    private Task<ChildResult> ChangeStateAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        Effects.Note($"the state of stack {Stack}");
        return RunAsync(arguments, cancellation);
    }

    // A copy of a stack may use the data of the original: their configurations need the same init.
    private bool UseEarlierInit()
    {
        foreach (var data in new[] { OwnData, OriginalData }.OfType<string>())
        {
            if (!new InitRecord(Directory, data, Environment).IsCurrent)
                continue;
            _data = data;
            return true;
        }
        return false;
    }

    private async Task RunInitAsync(CancellationToken cancellation, bool upgrade = false)
    {
        _data = OwnData;
        var record = new InitRecord(Directory, _data, Environment);
        record.Remove();
        await RunAsync(["init", "-input=false", "-no-color", .. upgrade ? ["-upgrade"] : Array.Empty<string>()], cancellation);
        record.Write();
    }

    // A failed or interrupted apply has saved its state, except if saving the state failed or Terraform was killed.
    private async Task<bool> HasAsync(ApplyJournal journal, ApplyEnding ending)
    {
        try
        {
            var state = StateFile.FromPull(await PullStateAsync(CancellationToken.None))?.Objects ?? [];
            return journal.Close(state, ending);
        }
        catch (Exception exception) when (exception is TerraformException or PipelineException)
        {
            return false;
        }
    }

    // After a second interrupt Terraform ends too, but it gives up the calls in flight and may not save its state.
    private static ApplyEnding EndingOf(Exception exception, ApplyJournal journal)
    {
        var (code, text) = exception switch
        {
            TerraformException failure => (failure.ExitCode, failure.Error),
            ChildStoppedException { Result: var result } => (result.ExitCode, result.Output + result.Error),
            _ => (null, ""),
        };
        if (code is not (ExitCode.Done or ExitCode.Failed) || text.Contains(Abandoned, StringComparison.Ordinal))
            return ApplyEnding.Killed;
        return journal.WasInterrupted ? ApplyEnding.Interrupted : ApplyEnding.Ended;
    }

    // Converts Terraform's JSON events to the text that Terraform shows to people; errors go to standard error.
    private static ChildResult Readable(ChildResult result)
    {
        var events = result.Output.Split('\n').Select(ApplyEvent.TryParse).OfType<ApplyEvent>().ToLookup(item => item.IsError);
        return new(result.ExitCode, Lines(events[false]), Lines(events[true]) + result.Error);

        static string Lines(IEnumerable<ApplyEvent> events) =>
            string.Concat(events.Where(item => item.Text is not null).Select(item => $"{item.Text}\n"));
    }

    // Terraform itself refuses to work with data that does not fit the configuration, and names the command to run.
    private async Task<ChildResult> RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellation,
        bool differs = false,
        Action<string>? line = null,
        ApplyRun? apply = null,
        RunPlace? place = null
    )
    {
        try
        {
            return await RunOnceAsync(arguments, cancellation, differs, line, apply, place);
        }
        catch (TerraformException refused) when (_initSkipped && refused.Error.Contains(InitNeeded, StringComparison.Ordinal))
        {
            _initSkipped = false;
            await RunInitAsync(cancellation);
            RequireEncryption();
            return await RunOnceAsync(arguments, cancellation, differs, line, apply, place);
        }
    }

    private async Task<ChildResult> RunOnceAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellation,
        bool differs,
        Action<string>? line,
        ApplyRun? apply,
        RunPlace? place
    )
    {
        // The name of the command in messages: "plan", "state pull".
        var command = arguments[0] == "state" ? $"state {arguments[1]}" : arguments[0];
        var environment = new Dictionary<string, string>(Environment) { [DataVariable] = place?.Data ?? DataDirectory };
        var clock = Stopwatch.StartNew();
        ChildResult result;
        try
        {
            result = apply is null
                ? await ChildProcess.RunAsync("terraform", arguments, place?.Path ?? Directory, environment, line, cancellation)
                : Readable(
                    await ChildProcess.RunToFileAsync(
                        "terraform",
                        arguments,
                        apply.Place.Path,
                        environment,
                        line,
                        apply.Journal.File,
                        cancellation
                    )
                );
        }
        catch (ChildStoppedException stopped)
        {
            var read = apply is null ? stopped.Result : Readable(stopped.Result);
            Called?.Invoke(new(Stack, arguments, read, clock.Elapsed));
            throw new ChildStoppedException($"stack {Stack}: terraform {command}", stopped.Result, stopped.Killed, cancellation);
        }
        catch (Win32Exception exception)
        {
            throw new TerraformException(
                Stack,
                command,
                $"terraform could not be started ({exception.Message}). Install Terraform 1.11 or newer and add it to PATH."
            );
        }
        Called?.Invoke(new(Stack, arguments, result, clock.Elapsed));
        if (result.ExitCode == 0 || (differs && result.ExitCode == ExitCode.Differs))
            return result;
        // Some commands (init) report on standard output.
        var error = KnownSecrets.Hide((result.Error.Length > 0 ? result.Error : result.Output).Trim(), Secrets);
        var holder =
            ExplainLock is not null && error.Contains(Locked, StringComparison.Ordinal) ? await ExplainLock(cancellation) : null;
        throw new TerraformException(Stack, command, error, holder) { ExitCode = result.ExitCode };
    }

    // Checks the result of init and not the configuration, because an override file may have changed the backend. Before the
    // first apply the bucket has no state that could be checked.
    private void RequireEncryption()
    {
        var file = Path.Combine(DataDirectory, "terraform.tfstate");
        var backend = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!["backend"] : null;
        if (backend?["type"]?.GetValue<string>() == "s3" && backend["config"]?["encrypt"]?.GetValue<bool>() == true)
            return;
        throw new PipelineException(
            $"stack {Stack}: the backend does not encrypt, so Terraform would write the state in clear text. "
                + $"Set \"encrypt\": true in the backend of {Path.Combine(Directory, "cdk.tf.json")} (\"synth\" writes it), "
                + "and remove override files from that directory."
        );
    }

    /// <summary>
    /// Where init stores the providers and the backend settings. An apply runs in another directory and needs this path.
    /// </summary>
    public string DataDirectory => _data ?? OwnData;

    private string OwnData => Path.GetFullPath(Data, Directory);

    private string? OriginalData => Original is null ? null : Path.Combine(Original, Data);

    /// <summary>Where Terraform runs, and where its own data is.</summary>
    private sealed record RunPlace(string Path, string Data);

    /// <summary>The journal of an apply, and the directory that it runs in.</summary>
    private sealed record ApplyRun(ApplyJournal Journal, PrivateDirectory Place);
}
