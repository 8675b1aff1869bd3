using System.Text.Json.Serialization;
using InfraCdktf.Pipeline.Rollback;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>The result of a rehearsal.</summary>
public sealed record RehearsalReport
{
    /// <summary>The stacks in the order of their apply.</summary>
    public required IReadOnlyList<StackReport> Stacks { get; init; }

    /// <summary>True if the account was empty at the end.</summary>
    public required bool AccountEmpty { get; init; }

    /// <summary>The number of Terraform calls.</summary>
    public required int TerraformCalls { get; init; }

    /// <summary>The seed of the outside changes: the same seed makes the same changes.</summary>
    public required int Seed { get; init; }

    /// <summary>The number of planted secrets, one for each ephemeral variable.</summary>
    public required int SecretsPlanted { get; init; }

    /// <summary>The places where a planted secret was found; null if the run ended before the search.</summary>
    public required IReadOnlyList<SecretFound>? SecretsFound { get; init; }

    /// <summary>The duration of the run, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The peak memory of this process (synthesis, sandbox), in MB; without the Terraform processes.</summary>
    public required int PeakMemoryMegabytes { get; init; }

    /// <summary>
    /// The rollback drill, on the stack that is applied last; null if that stack has nothing to change (state, core), or if the
    /// run ended before the drill.
    /// </summary>
    public RollbackDrill? Rollback { get; init; }

    /// <summary>Why there was no drill; null if there was one, or if the run ended before it.</summary>
    public string? RollbackSkipped { get; init; }

    /// <summary>The reason for an early end of the rehearsal; null if there was none.</summary>
    public RehearsalFailure? Failure { get; init; }

    /// <summary>True only if every check passed.</summary>
    [JsonIgnore]
    public bool Held =>
        Failure is null
        && AccountEmpty
        && SecretsFound is []
        && Stacks.Count > 0
        && (Rollback is null || Rollback.Seconds <= StackRollback.Limit.TotalSeconds)
        && Stacks.All(stack => stack is { SecondPlanEmpty: true, DriftFound: true, Versions: > 0, Destroyed: true });
}

/// <summary>The result of one stack.</summary>
/// <param name="Name">The stack.</param>
/// <param name="Resources">Objects in its state after the apply.</param>
/// <param name="SecondPlanEmpty">True if the plan directly after the apply and the plan after the repair of drift were both
/// empty.</param>
/// <param name="DriftFound">True if the next plan found the change that was made outside Terraform.</param>
/// <param name="Versions">The number of archive entries after the destroy, one for every apply; each entry was read back
/// completely.</param>
/// <param name="Destroyed">True if the account has no object of the stack any more.</param>
/// <param name="Seconds">The duration in seconds, including the destroy.</param>
public sealed record StackReport(
    string Name,
    int Resources,
    bool SecondPlanEmpty,
    bool DriftFound,
    int Versions,
    bool Destroyed,
    double Seconds
);

/// <summary>A bad change that was applied and rolled back; the plan after the rollback was empty.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="From">The version with the bad change.</param>
/// <param name="To">The version that <c>rollback --to last-good</c> chose.</param>
/// <param name="Seconds">The duration of the rollback command in seconds.</param>
public sealed record RollbackDrill(string Stack, string From, string To, double Seconds);

/// <summary>The reason for an early end of a rehearsal.</summary>
/// <param name="Stack">The stack; null before the first stack or after the last.</param>
/// <param name="Step">The step that failed.</param>
/// <param name="Message">The error; Terraform's error text if Terraform failed.</param>
/// <param name="NotInState">Objects in the account but in no state: orphans that no destroy would find.</param>
/// <param name="NotInAccount">Objects in a state but not in the account.</param>
public sealed record RehearsalFailure(
    string? Stack,
    string Step,
    string Message,
    IReadOnlyList<string> NotInState,
    IReadOnlyList<string> NotInAccount
);
