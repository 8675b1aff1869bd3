using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// The input of the commands. The composition root creates it, so this code uses no construct and does not start jsii.
/// </summary>
public sealed record Workspace
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>
    /// The capacity and the Secrets that the shared services of a platform need, for the inventory check. The composition root
    /// has this function, because the services are constructs.
    /// </summary>
    public Func<PlatformSpec, SharedServiceNeeds> SharedServices { get; init; } = _ => SharedServiceNeeds.None;

    /// <summary>Synthesizes a platform into a directory: <c>{directory}/stacks/{stack}/cdk.tf.json</c>.</summary>
    public required Action<PlatformSpec, string> Synthesize { get; init; }

    /// <summary>The project's directory.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// The directory of what commands leave for later ones: <c>outputs</c> and <c>.pipeline</c>. It is the project's directory,
    /// except in a sandbox: nothing of a sandbox may reach a real deploy.
    /// </summary>
    public string Files
    {
        get => field ?? Directory;
        init;
    }

    /// <summary>
    /// The directory that synthesis writes and that stacks are read from: an absolute path, usually <c>cdktf.out</c>.
    /// </summary>
    public required string Output { get; init; }

    /// <summary>
    /// The directory of all stacks that applies read. It differs from <see cref="Output"/> only in <see cref="ForReading"/>.
    /// </summary>
    public string Applied
    {
        get => field ?? Output;
        private init;
    }

    /// <summary>
    /// The caller's environment: credentials, TF_VAR_*, PATH. Empty variables are left out: an empty variable counts as not set
    /// (a CI service sets one for each secret that it does not have).
    /// </summary>
    public required IReadOnlyDictionary<string, string> Environment
    {
        get;
        init => field = value.Where(variable => variable.Value.Length > 0).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The standard input of the program; null if it is a terminal.</summary>
    public TextReader? Input { get; init; }

    /// <summary>The clock, for expiry dates. Synthesis reads no clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long Terraform waits for a state lock that another run holds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Called after each call of Terraform has ended.</summary>
    public Action<TerraformCall>? Called { get; init; }

    /// <summary>The waves of an apply with only the named stacks; all stacks if none is named.</summary>
    /// <param name="names">The stacks.</param>
    /// <param name="given">The argument or option that named them, for the message.</param>
    /// <exception cref="UsageException">A name is not a stack of this platform.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Waves(IReadOnlyCollection<string> names, string given = "STACK")
    {
        var waves = StackNames.Waves(Platform);
        var known = waves.SelectMany(wave => wave).ToList();
        var unknown = names.Except(known, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new UsageException(
                $"{given}: given {string.Join(", ", unknown)}; allowed: {string.Join(", ", known)}."
                    + $"{string.Concat(unknown.Select(name => Suggestion.Sentence(name, known)))} Name an existing stack."
            );
        return names.Count == 0
            ? waves
            : [.. waves.Select(wave => wave.Where(names.Contains).ToList()).Where(wave => wave.Count > 0)];
    }

    /// <summary>
    /// Synthesizes into a temporary directory and reads the result. For commands that only read: <see cref="Output"/> may hold
    /// what somebody is about to apply with <c>--skip-synth</c>.
    /// </summary>
    /// <param name="read">Reads the directory.</param>
    public T Synthesized<T>(Func<string, T> read)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("infra-cdktf-synth-").FullName;
        try
        {
            Synthesize(Platform, directory);
            return read(directory);
        }
        finally
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>
    /// Synthesizes for a command that runs Terraform and only reads. The result is in <c>.pipeline/read</c>, because
    /// <see cref="Output"/> may hold what somebody is about to apply with <c>--skip-synth</c>, or what <c>backup</c> archives.
    /// The directory stays: Terraform's providers are installed there, unless those of <see cref="Output"/> can be used.
    /// </summary>
    /// <param name="skipSynth">Read <see cref="Output"/> as it is.</param>
    public Workspace ForReading(bool skipSynth)
    {
        if (skipSynth)
            return this;
        var reading = this with { Output = Path.Combine(Files, ".pipeline", "read"), Applied = Output };
        Synthesize(Platform, reading.Output);
        // Terraform reads with the versions of the providers that an apply uses.
        foreach (var stack in StackNames.Waves(Platform).SelectMany(wave => wave))
        {
            var applied = Path.Combine(StackDirectory.PathOf(Output, stack), StackPackage.LockFile);
            if (File.Exists(applied))
                File.Copy(applied, Path.Combine(reading.Stack(stack).Path, StackPackage.LockFile), overwrite: true);
        }
        return reading;
    }

    /// <summary>The synthesized stack.</summary>
    public StackDirectory Stack(string name) => StackDirectory.Read(Output, name);

    /// <summary>The directory for encrypted archive entries while the archive bucket cannot be reached.</summary>
    public string QueueDirectory => System.IO.Path.Combine(Files, ".pipeline", "queue");

    /// <summary>The outputs of core for the stacks after it.</summary>
    public OutputsFile Outputs => new(Files);

    /// <summary>The journals of applies from this directory.</summary>
    public ApplyJournals Journals => new(Path.Combine(Files, ".pipeline", "journals"));

    /// <summary>The states that applies could not save.</summary>
    public ErroredStates Errored => new(Files, new(Environment));

    /// <summary>
    /// Terraform for a stack, with the variables that it declares, the last outputs of core, and only the state key of this
    /// stack. Without a state key Terraform would write the state in clear text, so a missing key is an error.
    /// </summary>
    /// <exception cref="PipelineException">
    /// A required value or the key is missing, or the stack's backend is not where the inventory has its state.
    /// </exception>
    /// <exception cref="UsageException">A variable of the caller would change what Terraform does.</exception>
    public TerraformCli Terraform(StackDirectory stack, Placeholders placeholders)
    {
        _ = CallerVariables.Require(Files, Environment);
        BucketAddress.RequireBackend(Platform, stack);
        var core = Outputs.Read();
        // A rollback may run without a synthesis. Then the last outputs of core show what core declares.
        var declared = StackDirectory.IsThere(Output, StackNames.Core)
            ? Stack(StackNames.Core).Outputs
            : core.Keys.ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Stack = stack.Name,
            Directory = stack.Path,
            Original = StackDirectory.PathOf(Applied, stack.Name),
            Environment = new Dictionary<string, string>(
                StackVariables.Environment(stack, declared, core, Environment, placeholders)
            )
            {
                [StateKeys.TerraformVariable] = new StateKeys(Environment).Of(stack.Name).Base64,
            },
            Secrets = KnownSecrets.Of(this, stack),
            Journals = Journals,
            Errored = Errored,
            LockTimeout = LockTimeout,
            ExplainLock = cancellation => StateLock.ExplainAsync(Platform, Environment, stack.Name, cancellation),
            Called = Called,
        };
    }
}
