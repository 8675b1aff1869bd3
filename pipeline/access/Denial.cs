using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Access;

/// <summary>A denied request that would have given the account more rights.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">The user name at the API server; after an arrow, the user, group or account to impersonate.</param>
/// <param name="From">The address of the caller.</param>
/// <param name="Act">The request: verb, resource, namespace and name.</param>
/// <param name="Why">The message of the refusal.</param>
public sealed partial record Denial(DateTimeOffset At, string Actor, string From, string Act, string Why)
{
    /// <summary>
    /// The resources that an escalation uses: grants, tokens of other accounts, Secrets, certificates for any user, ways into
    /// containers and nodes, admission rules, and APIs that take over a group.
    /// </summary>
    private static readonly HashSet<string> _resources =
    [
        "apiservices",
        "certificatesigningrequests",
        "certificatesigningrequests/approval",
        "certificatesigningrequests/status",
        "clusterrolebindings",
        "clusterroles",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
        "mutatingwebhookconfigurations",
        "nodes/proxy",
        "pods/attach",
        "pods/ephemeralcontainers",
        "pods/exec",
        "pods/portforward",
        "pods/proxy",
        "rolebindings",
        "roles",
        "secrets",
        "serviceaccounts/token",
        "services/proxy",
        "validatingadmissionpolicies",
        "validatingadmissionpolicies/status",
        "validatingadmissionpolicybindings",
        "validatingwebhookconfigurations",
    ];

    /// <summary>
    /// Reads one document of the API server's audit log (audit.k8s.io): an Event, or an EventList, as the log's webhook sends it.
    /// Allowed requests, and refusals that are not an escalation, are left out.
    /// </summary>
    /// <param name="document">The JSON text.</param>
    /// <returns>The denials, and what is not an audit event: the reason, with the position in a list.</returns>
    public static (IReadOnlyList<Denial> Denials, IReadOnlyList<string> Unread) Read(string document)
    {
        try
        {
            var json = JsonNode.Parse(document);
            if (json is JsonObject list && (string?)list["kind"] == "EventList" && IsAudit(list))
                return list["items"] is JsonArray items ? ReadList(items) : ([], [NoEvent]);
            return Read(json) is { } denial ? ([denial], []) : ([], []);
        }
        catch (JsonException)
        {
            return ([], [NoJson]);
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            return ([], [NoEvent]);
        }
    }

    /// <summary>The reason for a text that is not JSON.</summary>
    public const string NoJson = "not JSON";

    private const string NoEvent = "not an audit event (audit.k8s.io): a field is missing, given twice or has a wrong type";

    private static (IReadOnlyList<Denial> Denials, IReadOnlyList<string> Unread) ReadList(JsonArray items)
    {
        var (denials, unread) = (new List<Denial>(), new List<string>());
        for (var i = 0; i < items.Count; i++)
        {
            try
            {
                // An item of a list has no apiVersion and kind of its own.
                var item = items[i] as JsonObject ?? throw new FormatException();
                if (item["apiVersion"] is null && item["kind"] is null)
                    (item["apiVersion"], item["kind"]) = ("audit.k8s.io/v1", "Event");
                if (Read(item) is { } denial)
                    denials.Add(denial);
            }
            catch (Exception exception) when (IsMalformed(exception))
            {
                unread.Add($"item {i + 1} of the EventList: {NoEvent}");
            }
        }
        return (denials, unread);
    }

    private static bool IsAudit(JsonObject json) =>
        ((string?)json["apiVersion"] ?? "").StartsWith("audit.k8s.io/", StringComparison.Ordinal);

    // A field has another type than in audit.k8s.io/v1, is missing or is given twice.
    private static bool IsMalformed(Exception exception) =>
        exception is InvalidOperationException or ArgumentException or FormatException or OverflowException;

    private static Denial? Read(JsonNode? json)
    {
        if (
            json is not JsonObject entry
            || !IsAudit(entry)
            || (string?)entry["kind"] != "Event"
            || (string?)entry["stage"] is null
        )
            throw new FormatException();
        var message = (string?)entry["responseStatus"]?["message"] ?? "";
        var policy = message.Contains("ValidatingAdmissionPolicy", StringComparison.Ordinal);
        var refused = (int?)entry["responseStatus"]?["code"] is 401 or 403 || policy;
        // The API server sets impersonatedUser after it has allowed the impersonation. Only the message of a refusal has
        // the name:
        // users "admin" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope
        var impersonated =
            (string?)entry["impersonatedUser"]?["username"]
            ?? (Impersonation().Match(message) is { Success: true } match ? match.Groups["name"].Value : null);
        if (!refused || !(policy || impersonated is not null || _resources.Contains(Resource(entry))))
            return null;
        var actor = (string?)entry["user"]?["username"] ?? "unknown";
        return new(
            DateTimeOffset.Parse((string)entry["requestReceivedTimestamp"]!, CultureInfo.InvariantCulture),
            impersonated is null ? actor : $"{actor} -> {impersonated}",
            (string?)entry["sourceIPs"]?[0] ?? "",
            $"{entry["verb"]} {Resource(entry)}{Place(entry)}",
            message
        );
    }

    private static string Resource(JsonObject entry)
    {
        var target = entry["objectRef"];
        return (string?)target?["subresource"] is { Length: > 0 } inner
            ? $"{target!["resource"]}/{inner}"
            : (string?)target?["resource"] ?? "";
    }

    private static string Place(JsonObject entry)
    {
        var target = entry["objectRef"];
        string[] parts = [(string?)target?["namespace"] ?? "", (string?)target?["name"] ?? ""];
        var place = string.Join('/', parts.Where(part => part.Length > 0));
        return place.Length > 0 ? $" {place}" : "";
    }

    [GeneratedRegex("""^\S+ "(?<name>[^"]*)" is forbidden: User ".*" cannot impersonate resource """)]
    private static partial Regex Impersonation();
}
