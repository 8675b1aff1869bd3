using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>What the commands work on. The composition root gives it, so that nothing here knows a construct or starts jsii.</summary>
public sealed record Workspace
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>Synthesizes a platform into a directory: <c>{directory}/stacks/{stack}/cdk.tf.json</c>.</summary>
    public required Action<PlatformSpec, string> Synthesize { get; init; }

    /// <summary>The project's directory: <c>outputs</c> lies below it.</summary>
    public required string Directory { get; init; }

    /// <summary>Where synthesis goes, and where stacks are read: an absolute path, mostly <c>cdktf.out</c>.</summary>
    public required string Output { get; init; }

    /// <summary>The caller's environment: credentials, TF_VAR_*, PATH.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The clock. Synthesis reads none; what expires is asked here.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long Terraform waits for a state's lock that somebody else holds.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Told about each call of Terraform when it has ended.</summary>
    public Action<TerraformCall>? Called { get; init; }

    /// <summary>The waves of an apply, with the named stacks alone; all of them when none is named.</summary>
    /// <exception cref="UsageException">A name is no stack of this platform.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Waves(IReadOnlyCollection<string> names)
    {
        var waves = StackNames.Waves(Platform);
        var known = waves.SelectMany(wave => wave).ToList();
        var unknown = names.Except(known, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new UsageException($"No such stack: {string.Join(", ", unknown)}. The stacks are {string.Join(", ", known)}.");
        return names.Count == 0
            ? waves
            : [.. waves.Select(wave => wave.Where(names.Contains).ToList()).Where(wave => wave.Count > 0)];
    }

    /// <summary>The synthesized stack.</summary>
    public StackDirectory Stack(string name) => StackDirectory.Read(Output, name);

    /// <summary>Where sealed entries of the archive wait while its bucket cannot be reached.</summary>
    public string QueueDirectory => System.IO.Path.Combine(Directory, ".pipeline", "queue");

    /// <summary>What core told the stacks after it.</summary>
    public OutputsFile Outputs => new(Directory);

    /// <summary>What applies from this directory write down while they go.</summary>
    public ApplyJournals Journals => new(Path.Combine(Directory, ".pipeline", "journals"));

    /// <summary>States that applies could not save.</summary>
    public ErroredStates Errored => new(Directory, new(Environment));

    /// <summary>
    /// Terraform for a stack, with the variables that it declares, what core said last, and the state key of this stack alone. Without a key nothing runs:
    /// Terraform would write the state in clear.
    /// </summary>
    /// <exception cref="PipelineException">A value or the key is missing that must be there.</exception>
    public TerraformCli Terraform(StackDirectory stack, Placeholders placeholders)
    {
        var core = Outputs.Read();
        // A rollback runs where nothing was synthesized: what core said last then says what it declares.
        var declared = StackDirectory.IsThere(Output, StackNames.Core)
            ? Stack(StackNames.Core).Outputs
            : core.Keys.ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Stack = stack.Name,
            Directory = stack.Path,
            Environment = new Dictionary<string, string>(
                StackVariables.Environment(stack, declared, core, Environment, placeholders)
            )
            {
                [StateKeys.TerraformVariable] = new StateKeys(Environment).Of(stack.Name).Base64,
            },
            Journals = Journals,
            Errored = Errored,
            LockTimeout = LockTimeout,
            ExplainLock = cancellation => StateLock.ExplainAsync(Platform, Environment, stack.Name, cancellation),
            Called = Called,
        };
    }
}
