using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Access;

/// <summary>A denied request that would have given the account more rights.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">The user name at the API server; after an arrow, the user to impersonate.</param>
/// <param name="From">The address of the caller.</param>
/// <param name="Act">The request: verb, resource, namespace and name.</param>
/// <param name="Why">The message of the refusal.</param>
public sealed record Denial(DateTimeOffset At, string Actor, string From, string Act, string Why)
{
    /// <summary>The resources that an escalation uses: grants, tokens of other accounts, Secrets, and admission rules.</summary>
    private static readonly HashSet<string> _resources =
    [
        "clusterrolebindings",
        "clusterroles",
        "mutatingwebhookconfigurations",
        "rolebindings",
        "roles",
        "secrets",
        "serviceaccounts/token",
        "validatingadmissionpolicies",
        "validatingadmissionpolicybindings",
        "validatingwebhookconfigurations",
    ];

    /// <summary>
    /// Reads one line of the API server's audit log (audit.k8s.io/v1). Null for an allowed request, and for a refusal that is not
    /// an escalation.
    /// </summary>
    /// <exception cref="FormatException">The line is not an audit event.</exception>
    public static Denial? Read(string line)
    {
        try
        {
            return Read(JsonNode.Parse(line));
        }
        catch (JsonException)
        {
            throw new FormatException("not JSON");
        }
        // A field has another type than in audit.k8s.io/v1, or is given twice.
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new FormatException("not an audit event (audit.k8s.io): a field is missing, given twice or has a wrong type");
        }
    }

    private static Denial? Read(JsonNode? json)
    {
        if (
            json is not JsonObject entry
            || !((string?)entry["apiVersion"] ?? "").StartsWith("audit.k8s.io/", StringComparison.Ordinal)
        )
            throw new FormatException("not an audit event (audit.k8s.io)");
        var message = (string?)entry["responseStatus"]?["message"] ?? "";
        var policy = message.Contains("ValidatingAdmissionPolicy", StringComparison.Ordinal);
        var refused = (int?)entry["responseStatus"]?["code"] is 401 or 403 || policy;
        var impersonated = (string?)entry["impersonatedUser"]?["username"];
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
}
