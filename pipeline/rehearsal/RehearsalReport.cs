using System.Text.Json.Serialization;
using InfraCdktf.Pipeline.Rollback;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>What a rehearsal showed.</summary>
public sealed record RehearsalReport
{
    /// <summary>Each stack in the order of its apply.</summary>
    public required IReadOnlyList<StackReport> Stacks { get; init; }

    /// <summary>True when nothing was left in the account at the end.</summary>
    public required bool AccountEmpty { get; init; }

    /// <summary>How often Terraform was run.</summary>
    public required int TerraformCalls { get; init; }

    /// <summary>The seed of the outside changes: the same seed changes the same things.</summary>
    public required int Seed { get; init; }

    /// <summary>How many secrets were planted, one for each ephemeral variable.</summary>
    public required int SecretsPlanted { get; init; }

    /// <summary>Where one was found although it must be nowhere; null when the run ended before the search.</summary>
    public required IReadOnlyList<SecretFound>? SecretsFound { get; init; }

    /// <summary>The whole run, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The most memory that this process (synthesis, sandbox) had in use, in MB; Terraform's own is not in it.</summary>
    public required int PeakMemoryMegabytes { get; init; }

    /// <summary>The rollback drill, on the stack that is applied last; null when that has nothing to spoil (state, core), or the run ended before.</summary>
    public RollbackDrill? Rollback { get; init; }

    /// <summary>What ended the rehearsal early; null when nothing did.</summary>
    public RehearsalFailure? Failure { get; init; }

    /// <summary>True only when all held.</summary>
    [JsonIgnore]
    public bool Held =>
        Failure is null
        && AccountEmpty
        && SecretsFound is []
        && Stacks.Count > 0
        && (Rollback is null || Rollback.Seconds <= StackRollback.Limit.TotalSeconds)
        && Stacks.All(stack => stack is { SecondPlanEmpty: true, DriftFound: true, Versions: > 0, Destroyed: true });
}

/// <summary>What one stack showed.</summary>
/// <param name="Name">The stack.</param>
/// <param name="Resources">Objects in its state after the apply.</param>
/// <param name="SecondPlanEmpty">A plan right after the apply, and another after drift was mended, found nothing to do.</param>
/// <param name="DriftFound">A change from outside was seen by the next plan.</param>
/// <param name="Versions">Entries in the archive after the destroy, each read back whole: one for every apply.</param>
/// <param name="Destroyed">Nothing of it is left in the account.</param>
/// <param name="Seconds">How long it took, its destroy included.</param>
public sealed record StackReport(
    string Name,
    int Resources,
    bool SecondPlanEmpty,
    bool DriftFound,
    int Versions,
    bool Destroyed,
    double Seconds
);

/// <summary>A bad change that was applied and taken back; a plan was empty again afterwards.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="From">The version with the bad change.</param>
/// <param name="To">The version that <c>rollback --to last-good</c> chose.</param>
/// <param name="Seconds">The rollback from the command's begin to its end.</param>
public sealed record RollbackDrill(string Stack, string From, string To, double Seconds);

/// <summary>Why a rehearsal ended early.</summary>
/// <param name="Stack">The stack; null before the first or after the last.</param>
/// <param name="Step">What it was doing.</param>
/// <param name="Message">What went wrong, in Terraform's words where they are its.</param>
/// <param name="NotInState">What is in the account and in no state: an orphan that no destroy would find.</param>
/// <param name="NotInAccount">What a state holds and the account does not.</param>
public sealed record RehearsalFailure(
    string? Stack,
    string Step,
    string Message,
    IReadOnlyList<string> NotInState,
    IReadOnlyList<string> NotInAccount
);
