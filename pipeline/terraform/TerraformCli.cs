using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>One call of Terraform, as it went.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Arguments">The command line after <c>terraform</c>.</param>
/// <param name="Result">Exit code and both streams.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record TerraformCall(string Stack, IReadOnlyList<string> Arguments, ChildResult Result, TimeSpan Elapsed);

/// <summary>How to plan.</summary>
public sealed record PlanOptions
{
    /// <summary>The file that the plan is saved to, for an apply of exactly this plan; none when it is only looked at.</summary>
    public string? File { get; init; }

    /// <summary>Plan the end of everything in the stack.</summary>
    public bool Destroy { get; init; }

    /// <summary>Take the state lock. False for plans that nothing follows: they write no state, and a read-only key cannot lock.</summary>
    public bool Lock { get; init; } = true;

    /// <summary>Ask the providers what is there now. False plans against the state alone, with credentials that may not read everything.</summary>
    public bool Refresh { get; init; } = true;
}

/// <summary>What came of a plan.</summary>
/// <param name="Differs">True when an apply would change something.</param>
/// <param name="Text">Terraform's own text; it may show values.</param>
public sealed record PlanResult(bool Differs, string Text);

/// <summary>
/// Terraform for one stack directory. Never asks, never colours, waits for a lock rather than failing at once. A failed command is a
/// <see cref="TerraformException"/> with Terraform's own error text; a cancelled one has ended when the call returns.
/// </summary>
public sealed class TerraformCli
{
    private const string DataVariable = "TF_DATA_DIR";

    // Of Terraform 1.11, for a lock that is still held when the time is up.
    private const string Locked = "Error acquiring the state lock";

    /// <summary>The stack's name, for messages.</summary>
    public required string Stack { get; init; }

    /// <summary>The directory of the stack's <c>cdk.tf.json</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>The whole environment of the process: credentials, TF_VAR_*, PATH.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where an apply writes down what it makes.</summary>
    public required ApplyJournals Journals { get; init; }

    /// <summary>Where states go that an apply could not save.</summary>
    public required ErroredStates Errored { get; init; }

    /// <summary>How long to wait for a lock that somebody else holds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Says who holds the lock, when Terraform is refused by it: it cannot say so itself where locks are encrypted with our key.</summary>
    public Func<CancellationToken, Task<string>>? ExplainLock { get; init; }

    /// <summary>Told about each call when it has ended.</summary>
    public Action<TerraformCall>? Called { get; init; }

    /// <summary>Connects to the backend and fetches providers. Comes first in every command, so it also seals what a killed one left in clear.</summary>
    /// <exception cref="PipelineException">The backend does not encrypt: nothing may go on.</exception>
    public async Task InitAsync(CancellationToken cancellation)
    {
        await Errored.CollectAsync(Stack, Directory);
        await RunAsync(["init", "-input=false", "-no-color"], cancellation);
        RequireEncryption();
    }

    /// <summary>Checks the configuration without state or credentials.</summary>
    public Task ValidateAsync(CancellationToken cancellation) => RunAsync(["validate", "-no-color"], cancellation);

    /// <summary>Plans. A plan that an apply may follow is refused while an apply of the stack that was killed or could not save its state is not mended.</summary>
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
        if (!options.Refresh)
            arguments.Add("-refresh=false");
        if (options.File is not null)
            arguments.Add($"-out={options.File}");
        var result = await RunAsync(arguments, cancellation, differs: true);
        return new(result.ExitCode == ExitCode.Differs, result.Output);
    }

    /// <summary>Applies exactly the plan that was saved. What it makes is written down until the state is known to have it (<see cref="ApplyJournal"/>).</summary>
    /// <param name="planFile">The saved plan.</param>
    /// <param name="line">Told about each line for people as Terraform writes it.</param>
    /// <param name="cancellation">Interrupts Terraform, which then finishes calls in flight and writes its state.</param>
    /// <exception cref="TerraformException">
    /// It failed. When that was because the state could not be saved, the message says where the state is sealed.
    /// </exception>
    public async Task ApplyAsync(string planFile, Action<string>? line, CancellationToken cancellation)
    {
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
            if (errored is null && await HasAsync(run.Journal.Read()))
                run.Journal.Remove();
            if (errored is null || exception is not TerraformException failure)
                throw;
            throw new TerraformException(
                Stack,
                failure.Command,
                $"{failure.Error}\n\nThe file that Terraform speaks of is gone: what it held is sealed in {errored.File}. \"state recover {Stack}\" puts it where it belongs."
            );
        }
    }

    /// <summary>What a saved plan holds (Terraform's documented JSON). It may hold sensitive values.</summary>
    public async Task<JsonObject> ShowAsync(string planFile, CancellationToken cancellation) =>
        JsonNode.Parse((await RunAsync(["show", "-json", "-no-color", planFile], cancellation)).Output)!.AsObject();

    /// <summary>The stack's outputs that are not sensitive.</summary>
    public async Task<IReadOnlyDictionary<string, JsonNode?>> OutputsAsync(CancellationToken cancellation)
    {
        var outputs = JsonNode.Parse((await RunAsync(["output", "-json", "-no-color"], cancellation)).Output)!.AsObject();
        return outputs
            .Where(output => output.Value?["sensitive"]?.GetValue<bool>() == false)
            .ToDictionary(output => output.Key, output => output.Value!["value"]?.DeepClone(), StringComparer.Ordinal);
    }

    /// <summary>The state as it lies in the backend, decrypted. It may hold sensitive values; empty text when there is none.</summary>
    public async Task<string> PullStateAsync(CancellationToken cancellation) =>
        (await RunAsync(["state", "pull"], cancellation)).Output;

    /// <summary>Makes Terraform forget an object without touching it.</summary>
    public Task ForgetAsync(string address, CancellationToken cancellation) =>
        RunAsync(["state", "rm", Waiting, address], cancellation);

    private string Waiting => $"-lock-timeout={(int)LockTimeout.TotalSeconds}s";

    /// <summary>Takes an object that exists into the state.</summary>
    /// <param name="address">Its address in the configuration.</param>
    /// <param name="id">What names it to its provider.</param>
    /// <param name="cancellation">Interrupts Terraform.</param>
    public Task ImportAsync(string address, string id, CancellationToken cancellation) =>
        RunAsync(["import", "-input=false", "-no-color", Waiting, address, id], cancellation);

    /// <summary>Marks an object for replacement by the next apply.</summary>
    public Task TaintAsync(string address, CancellationToken cancellation) => RunAsync(["taint", Waiting, address], cancellation);

    // An apply that fails or is interrupted has saved its state, unless just that failed.
    private async Task<bool> HasAsync(JournalContent made)
    {
        try
        {
            var state = StateFile.FromPull(await PullStateAsync(CancellationToken.None));
            var known = (state?.Objects ?? []).Select(item => item.Address);
            return !made.Created.Select(item => item.Address).Except(known, StringComparer.Ordinal).Any();
        }
        catch (Exception exception) when (exception is TerraformException or PipelineException)
        {
            return false;
        }
    }

    // What Terraform says in JSON to a file, as it says it to people: errors on standard error.
    private static ChildResult Readable(ChildResult result)
    {
        var events = result.Output.Split('\n').Select(ApplyEvent.TryParse).OfType<ApplyEvent>().ToLookup(item => item.IsError);
        return new(result.ExitCode, Lines(events[false]), Lines(events[true]) + result.Error);

        static string Lines(IEnumerable<ApplyEvent> events) =>
            string.Concat(events.Where(item => item.Text is not null).Select(item => $"{item.Text}\n"));
    }

    private async Task<ChildResult> RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellation,
        bool differs = false,
        Action<string>? line = null,
        ApplyRun? apply = null
    )
    {
        // "plan", "state pull": what people call the command.
        var command = arguments[0] == "state" ? $"state {arguments[1]}" : arguments[0];
        var clock = Stopwatch.StartNew();
        ChildResult result;
        try
        {
            result = apply is null
                ? await ChildProcess.RunAsync("terraform", arguments, Directory, Environment, line, cancellation)
                : Readable(
                    await ChildProcess.RunToFileAsync(
                        "terraform",
                        arguments,
                        apply.Place.Path,
                        new Dictionary<string, string>(Environment) { [DataVariable] = DataDirectory },
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
            throw;
        }
        catch (Win32Exception exception)
        {
            throw new TerraformException(
                Stack,
                command,
                $"terraform could not be started ({exception.Message}): install Terraform 1.11 or newer and put it on PATH."
            );
        }
        Called?.Invoke(new(Stack, arguments, result, clock.Elapsed));
        if (result.ExitCode == 0 || (differs && result.ExitCode == ExitCode.Differs))
            return result;
        // Some commands (init) report on standard output.
        var error = (result.Error.Length > 0 ? result.Error : result.Output).Trim();
        var holder =
            ExplainLock is not null && error.Contains(Locked, StringComparison.Ordinal) ? await ExplainLock(cancellation) : null;
        throw new TerraformException(Stack, command, error, holder);
    }

    // Asks init, not the configuration: TF_CLI_ARGS_init or an override file may have changed the backend on the way. Before the first apply there is no
    // state in the bucket that could be looked at.
    private void RequireEncryption()
    {
        var file = Path.Combine(DataDirectory, "terraform.tfstate");
        var backend = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!["backend"] : null;
        if (backend?["type"]?.GetValue<string>() == "s3" && backend["config"]?["encrypt"]?.GetValue<bool>() == true)
            return;
        throw new PipelineException(
            $"stack {Stack}: its backend does not encrypt: Terraform would ignore the state key and write the state in clear. \"encrypt\": true must stand in the backend of {Path.Combine(Directory, "cdk.tf.json")} (\"synth\" writes it), and nothing in TF_CLI_ARGS_init may change that."
        );
    }

    // Where init leaves providers and what the backend is. An apply runs elsewhere and must still find it.
    private string DataDirectory =>
        Path.GetFullPath(Environment.GetValueOrDefault(DataVariable) is { Length: > 0 } given ? given : ".terraform", Directory);

    /// <summary>What an apply has besides its arguments: where it writes down what it makes, and where it runs.</summary>
    private sealed record ApplyRun(ApplyJournal Journal, PrivateDirectory Place);
}
