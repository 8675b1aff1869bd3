using InfraCdktf.Environments.Model;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>What is rehearsed, and how.</summary>
public sealed record RehearsalOptions
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>Synthesizes a platform into a directory.</summary>
    public required Action<PlatformSpec, string> Synthesize { get; init; }

    /// <summary>An existing directory for everything that comes up: synthesized stacks, account, logs, plans.</summary>
    public required string Directory { get; init; }

    /// <summary>Where programs are found (PATH); all else of the caller's environment stays outside, credentials first.</summary>
    public required string SearchPath { get; init; }

    /// <summary>Rehearse this stack and the waves before it alone; everything when null.</summary>
    public string? Stack { get; init; }

    /// <summary>What goes wrong in the sandbox.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Picks what is changed from outside.</summary>
    public required int Seed { get; init; }

    /// <summary>Told about each step as it begins; from several threads.</summary>
    public Action<RehearsalStep>? Progress { get; init; }
}

/// <summary>A step of one stack begins.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Step">What it does now.</param>
/// <param name="Number">Which step it is, from 0 to <see cref="Steps"/>: the last says that the stack is done.</param>
public sealed record RehearsalStep(string Stack, string Step, int Number)
{
    /// <summary>How many steps a stack has.</summary>
    public const int Steps = 10;
}
