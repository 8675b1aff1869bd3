using InfraCdktf.Environments.Model;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>The options of a rehearsal.</summary>
public sealed record RehearsalOptions
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>Synthesizes a platform into a directory.</summary>
    public required Action<PlatformSpec, string> Synthesize { get; init; }

    /// <summary>An existing directory for all files of the run: synthesized stacks, account, logs, plans.</summary>
    public required string Directory { get; init; }

    /// <summary>The PATH for programs. No other variable of the caller is used, so no credentials reach the rehearsal.</summary>
    public required string SearchPath { get; init; }

    /// <summary>Rehearse only this stack and the waves before it; null for all stacks.</summary>
    public string? Stack { get; init; }

    /// <summary>The faults to inject into the sandbox.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>The seed that selects the changes outside Terraform.</summary>
    public required int Seed { get; init; }

    /// <summary>Called at the start of each step, from several threads.</summary>
    public Action<RehearsalStep>? Progress { get; init; }
}

/// <summary>The start of a step of one stack.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Step">The name of the step.</param>
/// <param name="Number">The number of the step, from 0 to <see cref="Steps"/>, which means that the stack is done.</param>
public sealed record RehearsalStep(string Stack, string Step, int Number)
{
    /// <summary>The number of steps of a stack.</summary>
    public const int Steps = 9;
}
