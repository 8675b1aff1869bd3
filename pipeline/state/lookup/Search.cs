using System.Text.Json.Serialization;

namespace InfraCdktf.Pipeline.State.Lookup;

/// <summary>What a search says about an object whose create has no end.</summary>
public enum Verdict
{
    /// <summary>Exactly one object was made by this apply, and no state has it: it is the one.</summary>
    Found,

    /// <summary>
    /// Exactly one object has the name, and no state has it. It may be another one: its API does not say when it was created, or
    /// the create failed because another owner had made it, or this is another account. Or it is the one, and does not work.
    /// </summary>
    Unsure,

    /// <summary>More than one object can be it.</summary>
    Several,

    /// <summary>Exactly one object has the name, and another create of this apply has the same name.</summary>
    Shared,

    /// <summary>Objects have the name, and all are older or newer than the apply: it did not make them.</summary>
    NotMade,

    /// <summary>It does not exist.</summary>
    Absent,

    /// <summary>It does not exist now. A call that was under way when the apply ended may still create it.</summary>
    Unsettled,

    /// <summary>It is not found, and nothing shows that this is the account of the stack: it may exist in that one.</summary>
    Unproven,

    /// <summary>It could not be looked for.</summary>
    NotAsked,
}

/// <summary>The times of the apply that a search is about.</summary>
/// <param name="Began">When the apply began, by the clock of this machine.</param>
/// <param name="Ended">When it wrote its last event, by the clock of this machine.</param>
/// <param name="Now">The time of the search.</param>
public sealed record ApplyTimes(DateTimeOffset Began, DateTimeOffset Ended, DateTimeOffset Now);

/// <summary>The result of looking for one object.</summary>
/// <param name="Place">Where it was looked for: <c>the list vpcs</c>, <c>the cluster</c>.</param>
/// <param name="Sightings">What exists under its name and is in no state.</param>
/// <param name="Times">The times of the apply.</param>
/// <param name="Problem">Why it could not be looked for, one sentence; null if it was.</param>
public sealed record Search(string Place, IReadOnlyList<Sighting> Sightings, ApplyTimes Times, string? Problem = null)
{
    /// <summary>
    /// How far the clocks of this machine and of an API may differ. An object that was created this long before the apply began
    /// counts as created by it.
    /// </summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long after the last event of a killed apply a call that was under way may still create its object. Terraform writes an
    /// event every 10 seconds while it waits. No document has this time: it is a choice, above the minute after which gateways
    /// usually give up.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    /// <summary>
    /// True if the API shows no time of creation, and needs none: at most one object can exist under this name, and it belongs to
    /// an object of the stack.
    /// </summary>
    [JsonIgnore]
    public bool NeedsNoTime { get; init; }

    /// <summary>True if nothing of the create goes on after its Terraform has ended.</summary>
    [JsonIgnore]
    public bool NeedsNoWait { get; init; }

    /// <summary>True if the create failed and another owner can have made an object of this name meanwhile.</summary>
    [JsonIgnore]
    public bool MayBeOfOthers { get; init; }

    /// <summary>The addresses of other creates that the only object can belong to.</summary>
    public IReadOnlyList<string> AlsoFor { get; init; } = [];

    /// <summary>The states of other stacks that could not be compared, with the reason; null if all could.</summary>
    public string? NotCompared { get; init; }

    /// <summary>
    /// Why nothing shows that this is the account of the stack, half a sentence; null if the answer counts.
    /// </summary>
    public string? Unproven { get; init; }

    /// <summary>See <see cref="Reconciled.Occupant"/>: then what was found is a second object.</summary>
    public string? Occupant { get; init; }

    /// <summary>What the search says.</summary>
    public Verdict Verdict =>
        Problem is not null ? Verdict.NotAsked
        : Sightings.Count == 0 && Unproven is not null ? Verdict.Unproven
        : Sightings.Count == 0 ? (IsSettled ? Verdict.Absent : Verdict.Unsettled)
        : Made.Count == 0 ? Verdict.NotMade
        : Made.Count > 1 ? Verdict.Several
        : AlsoFor.Count > 0 ? Verdict.Shared
        : Doubt is not null ? Verdict.Unsure
        : Verdict.Found;

    /// <summary>The id of the only object that it can be; null if there is none or more than one.</summary>
    public string? Id => Verdict is Verdict.Found or Verdict.Unsure or Verdict.Shared ? Made[0].Id : null;

    /// <summary>True if the only object exists, and its creation failed.</summary>
    [JsonIgnore]
    public bool HasFailed => Verdict is Verdict.Unsure or Verdict.Shared && Made[0].HasFailed;

    /// <summary>True if the answer needs no further check by a person.</summary>
    [JsonIgnore]
    public bool IsSure => Verdict is Verdict.Absent || (Verdict is Verdict.Found && NotCompared is null);

    /// <summary>True if no call that was under way when the apply ended can still create its object.</summary>
    [JsonIgnore]
    public bool IsSettled => NeedsNoWait || Times.Now - Times.Ended >= Settling;

    /// <summary>True if everything that was found is older than the apply.</summary>
    [JsonIgnore]
    public bool AreOlder => Sightings.All(item => item.Created < Times.Began);

    /// <summary>What was found, sentences for people. The text begins after the address.</summary>
    [JsonIgnore]
    public string Text =>
        Verdict switch
        {
            Verdict.Found => $"exists: {Made[0]}. {NoState}",
            Verdict.Unsure => $"one object has its name: {Made[0]}. {Doubt} {NoState}",
            Verdict.Shared => $"one object has its name: {Made[0]}. It can also be {string.Join(", ", AlsoFor)}. {NoState}",
            Verdict.Several => $"{Made.Count} objects can be it: {string.Join("; ", Made)}. {NoState}",
            Verdict.NotMade when AreOlder => $"{string.Join("; ", Sightings)}: older than this apply, which began at "
                + $"{Utc(Times.Began)}. So this apply did not make it. {NoState}",
            Verdict.NotMade => $"{string.Join("; ", Sightings)}: not created while this apply ran, from {Utc(Times.Began)} to "
                + $"{Utc(Times.Ended)}. So this apply did not make it. {NoState}",
            Verdict.Absent => $"does not exist: {Place} has nothing of its name.",
            Verdict.Unproven => $"is not found: {Place} has nothing of its name. {OtherAccount}",
            Verdict.Unsettled => $"does not exist now: {Place} has nothing of its name. The apply wrote its last event at "
                + $"{Utc(Times.Ended)}; a call that was under way then may still create it. Look again after "
                + $"{Utc(Times.Ended + Settling)}.",
            _ => $"could not be looked for: {Problem}",
        };

    private string? Doubt =>
        Unproven is not null ? OtherAccount
        : Occupant is not null ? $"The state has another object at this address (id {Occupant}): one of the two must go."
        : Made[0].HasFailed ? "Its creation failed: it does not work."
        : MayBeOfOthers ? "Its create failed, so another owner may have made it: check it."
        : Made[0].Created is null && !NeedsNoTime ? "It may be older than this apply: check it."
        : null;

    private string OtherAccount => $"LINODE_TOKEN may be of another account: {Unproven}.";

    // The objects that this apply can have made.
    private List<Sighting> Made =>
        [
            .. Sightings.Where(item =>
                item.Created is null
                || (item.Created >= Times.Began - ClockTolerance && item.Created <= Times.Ended + Settling + ClockTolerance)
            ),
        ];

    private string NoState =>
        NotCompared is null ? "No state has it." : $"This stack's state does not have it; not compared: {NotCompared}.";

    private static string Utc(DateTimeOffset time) => FormattableString.Invariant($"{time:u}");
}
