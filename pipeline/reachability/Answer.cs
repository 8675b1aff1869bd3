using System.Text.Json;
using System.Text.Json.Nodes;
using static System.FormattableString;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>The decision of the policies at one end of a connection.</summary>
public enum Verdict
{
    /// <summary>A rule allows it.</summary>
    Allowed,

    /// <summary>No policy isolates the pod in this direction, so everything is allowed.</summary>
    NotIsolated,

    /// <summary>No policy applies to this end: it is not a pod, or a pod on its node's network, or the pod itself.</summary>
    OutOfReach,

    /// <summary>Policies isolate the pod and none of their rules allows it.</summary>
    Denied,
}

/// <summary>A rule of a policy.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Direction">The list of rules: ingress or egress.</param>
/// <param name="Index">The index of the rule in that list, from 0.</param>
public sealed record RulePlace(NetworkPolicy Policy, Direction Direction, int Index)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Invariant($"{Policy} spec.{Direction.ToString().ToLowerInvariant()}[{Index}] ({Policy.Source})");
}

/// <summary>One end of an answer.</summary>
/// <param name="Direction">Egress for the end that connects, ingress for the end that receives.</param>
/// <param name="Verdict">The decision of its policies.</param>
/// <param name="Isolating">The policies that isolate it in this direction.</param>
/// <param name="Rules">All the rules that allow the connection.</param>
public sealed record End(
    Direction Direction,
    Verdict Verdict,
    IReadOnlyList<NetworkPolicy> Isolating,
    IReadOnlyList<RulePlace> Rules
);

/// <summary>
/// Whether one endpoint can connect to another, and which rules decide it. Replies to an allowed connection are always allowed.
/// </summary>
/// <param name="From">The source of the connection.</param>
/// <param name="To">The destination.</param>
/// <param name="Port">The port of the destination.</param>
/// <param name="Egress">The decision of the policies of <paramref name="From"/>.</param>
/// <param name="Ingress">The decision of the policies of <paramref name="To"/>.</param>
/// <param name="Notes">What policies cannot decide in this case.</param>
public sealed record Answer(Endpoint From, Endpoint To, Port Port, End Egress, End Ingress, IReadOnlyList<string> Notes)
{
    /// <summary>True if neither end denies the connection.</summary>
    public bool Allowed => Egress.Verdict != Verdict.Denied && Ingress.Verdict != Verdict.Denied;

    /// <summary>The answer for people: the verdict, then each end with the policy and rule that decide, then the notes.</summary>
    public string Explain() =>
        string.Join(
            '\n',
            [
                $"{From} -> {To} {Port}: {(Allowed ? "allowed" : "denied")}",
                .. Lines(Egress, From),
                .. Lines(Ingress, To),
                .. Notes.Select(note => $"  note: {note}"),
            ]
        );

    private static IEnumerable<string> Lines(End end, Endpoint subject)
    {
        var head = $"  {end.Direction.ToString().ToLowerInvariant()} of {subject}:";
        return end.Verdict switch
        {
            Verdict.Allowed => end.Rules.SelectMany(rule => Facts(rule.Policy).Prepend($"{head} allowed by {rule}")),
            Verdict.NotIsolated => [$"{head} allowed, no policy isolates it"],
            Verdict.OutOfReach => [$"{head} allowed, no policy applies to it"],
            _ => [$"{head} denied, no rule of {string.Join(", ", end.Isolating.Select(policy => policy.Name))} allows it"],
        };
    }

    private static IEnumerable<string> Facts(NetworkPolicy policy) =>
        policy
            .Annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal)
            .Select(annotation => $"    {annotation.Key}: {annotation.Value}");

    /// <summary>
    /// The answer as JSON: the question, the verdict, and each end with the policies that isolate it and the rules that allow.
    /// </summary>
    public JsonObject ToJson() =>
        new()
        {
            ["from"] = From.Title,
            ["to"] = To.Title,
            ["port"] = $"{Port}",
            ["allowed"] = Allowed,
            ["egress"] = ToJson(Egress),
            ["ingress"] = ToJson(Ingress),
            ["notes"] = Texts(Notes),
        };

    private static JsonObject ToJson(End end) =>
        new()
        {
            ["verdict"] = JsonNamingPolicy.CamelCase.ConvertName($"{end.Verdict}"),
            ["isolatedBy"] = Texts(end.Isolating.Select(policy => $"{policy}")),
            ["allowedBy"] = Texts(end.Rules.Select(rule => $"{rule}")),
        };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
