using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>
/// A failure or hold of matching calls, given as data: `{"operation":"create","type":"linode_vpc","error":"..."}`.
/// </summary>
public sealed record Fault
{
    private static readonly string[] s_operations =
    [
        "configure",
        "validate",
        "plan",
        "create",
        "read",
        "update",
        "delete",
        "import",
        "data",
    ];

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly Lazy<IReadOnlySet<string>> s_types = new(() =>
        new[] { "linode-3.13.0", "kubernetes-2.38.0", "helm-3.1.1" }
            .SelectMany(name =>
            {
                var schema = ProviderSchema.Load(name);
                return schema.Resources.Keys.Concat(schema.DataSources.Keys).Append(name.Split('-')[0]);
            })
            .ToHashSet(StringComparer.Ordinal)
    );

    /// <summary>configure, validate, plan, create, read, update, delete, import or data; null: any operation.</summary>
    public string? Operation { get; init; }

    /// <summary>The resource type (for configure: the provider's name); null: any type.</summary>
    public string? Type { get; init; }

    /// <summary>The label or name, with `*` for any characters; null: any name.</summary>
    public string? Name { get; init; }

    /// <summary>The first matching call that fails, counted from 1.</summary>
    public int Nth { get; init; } = 1;

    /// <summary>The number of consecutive matching calls that fail.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The error (see <see cref="FaultErrors"/>). Null: the call is only held.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// Holds the call: before it has any effect, or, with <see cref="AfterEffect"/> or <see cref="AnswerLost"/>, between its
    /// effect and its answer. Null: the call is not held.
    /// </summary>
    [JsonConverter(typeof(Hold.Converter))]
    public Hold? Hold { get; init; }

    /// <summary>
    /// True: the Terraform that makes the call is killed (SIGKILL), before the call has any effect, or, with
    /// <see cref="AfterEffect"/> or <see cref="AnswerLost"/>, after its effect. Linux only.
    /// </summary>
    public bool Kill { get; init; }

    /// <summary>
    /// True: the change is made, then the error and the new state are returned. Terraform taints a created object.
    /// </summary>
    public bool AfterEffect { get; init; }

    /// <summary>
    /// True: the change is made, then the error is returned without a state. A created object is an orphan: Terraform does not
    /// know it.
    /// </summary>
    public bool AnswerLost { get; init; }

    /// <summary>Reads one fault or a list of faults, given as JSON or as <c>@FILE</c>.</summary>
    /// <exception cref="FormatException">
    /// The text is not valid JSON of a fault, or the fault could never apply. The message names the allowed values.
    /// </exception>
    public static IReadOnlyList<Fault> Read(string text)
    {
        try
        {
            var json = text.StartsWith('@') ? File.ReadAllText(text[1..]) : text;
            var faults = json.TrimStart().StartsWith('[')
                ? JsonSerializer.Deserialize<IReadOnlyList<Fault?>>(json, s_json)!
                : [JsonSerializer.Deserialize<Fault>(json, s_json)];
            if (faults.Count == 0)
                throw new FormatException("The list is empty, so nothing would be tried.");
            return [.. faults.Select(fault => fault?.Checked() ?? throw new FormatException("null is no fault."))];
        }
        catch (Exception exception)
            when (exception is JsonException or FormatException or IOException or UnauthorizedAccessException or ArgumentException
            )
        {
            throw new FormatException(
                $"--fault {text}: {exception.Message} Give a fault such as "
                    + "{\"operation\":\"create\",\"type\":\"linode_vpc\",\"error\":\"[503] Service Unavailable\"}, "
                    + "a list of faults, or @FILE."
            );
        }
    }

    /// <summary>The fault as JSON.</summary>
    internal JsonNode ToJson() => JsonSerializer.SerializeToNode(this, s_json)!;

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static Fault Of(JsonNode json) => json.Deserialize<Fault>(s_json)!;

    /// <summary>
    /// The types that calls can have: those of the providers' schemas, and for <c>configure</c> the names of the providers.
    /// </summary>
    public static IReadOnlySet<string> Types => s_types.Value;

    private Fault Checked() =>
        this switch
        {
            { Operation: { } operation } when !s_operations.Contains(operation, StringComparer.Ordinal) =>
                throw new FormatException($"There is no operation \"{operation}\"; allowed: {string.Join(", ", s_operations)}."),
            { Nth: < 1 } or { Times: < 1 } => throw new FormatException("nth and times count from 1."),
            { Error: null, Hold: null, Kill: false } => throw new FormatException(
                "The fault has no effect: neither error nor hold nor kill is given."
            ),
            _ => this,
        };

    internal bool Matches(string operation, string type, string name) =>
        (Operation is null || Operation == operation)
        && (Type is null || Type == type)
        && (Name is null || Regex.IsMatch(name, $"^{Regex.Escape(Name).Replace("\\*", ".*")}\\z"));
}

/// <summary>Errors with the text of Linode and Kubernetes.</summary>
public static class FaultErrors
{
    /// <summary>A quota of the account is exhausted. Any create can return this error.</summary>
    public const string AccountLimit = "[400] Account Limit reached. Please open a support ticket.";

    /// <summary>More than 100 object storage keys.</summary>
    public const string AccessKeyQuota = "[400] reached your access key quota";

    /// <summary>A Kubernetes version that is not offered.</summary>
    public const string KubernetesVersion = "[400] [k8s_version] k8s_version is not valid";

    /// <summary>A wrong or expired token.</summary>
    public const string InvalidToken = "[401] Invalid Token";

    /// <summary>A token without the scope that the call needs.</summary>
    public const string MissingScope = "[401] Your OAuth token is not authorized to use this endpoint.";

    /// <summary>The rate limit is exceeded, after the provider's own retries.</summary>
    public const string TooManyRequests = "[429] Too many requests";

    /// <summary>Maintenance, or an overloaded API.</summary>
    public const string Unavailable = "[503] Service Unavailable";

    /// <summary>The cluster has not started yet.</summary>
    public const string KubeconfigNotReady = "[503] Cluster kubeconfig is not yet available. Please try again later.";

    /// <summary>The connection was reset before the answer arrived.</summary>
    public const string ConnectionReset = "read tcp 192.0.2.10:51342->192.0.2.1:443: read: connection reset by peer";

    /// <summary>The Kubernetes API cannot be reached.</summary>
    public const string ClusterUnreachable = "dial tcp 192.0.2.1:6443: connect: connection refused";
}
