using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>An error answer: a <c>Status</c> object with the text of the real API server.</summary>
internal sealed class ApiException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>The warnings of the admission plug-in: the caller sees them although the request is refused.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    public JsonObject Status() =>
        new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = reason,
            ["details"] = details?.DeepClone(),
            ["code"] = Code,
        };

    public static ApiException NotFound(ApiKind kind, string name) =>
        new(404, "NotFound", $"{kind.Resource} \"{name}\" not found", Details(kind, name));

    public static ApiException AlreadyExists(ApiKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.Resource} \"{name}\" already exists", Details(kind, name));

    /// <param name="kind">The kind of the object.</param>
    /// <param name="name">The object's name; null for all objects of the kind.</param>
    /// <param name="why">The text after the colon.</param>
    public static ApiException Forbidden(ApiKind kind, string? name, string why) =>
        new(403, "Forbidden", $"{kind.Resource}{(name is null ? "" : $" \"{name}\"")} is forbidden: {why}", Details(kind, name));

    public static ApiException Invalid(string kind, string name, string field, string why) =>
        new(422, "Invalid", $"{kind} \"{name}\" is invalid: {field}: {why}");

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    private static JsonObject Details(ApiKind kind, string? name) =>
        new()
        {
            ["name"] = name,
            ["group"] = kind.Group,
            ["kind"] = kind.Plural,
        };
}
