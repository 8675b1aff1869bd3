using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>Asks the validating admission plug-in of the sandbox about one request, and keeps the warnings.</summary>
/// <param name="plugin">The plug-in; null if the sandbox has none.</param>
/// <param name="user">The user of the request.</param>
/// <param name="call">The request.</param>
internal sealed class AdmissionGate(Func<AdmissionReview, AdmissionVerdict>? plugin, ApiUser user, Call call)
{
    private readonly List<string> _warnings = [];

    /// <summary>The warnings of the plug-in.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Checks a write.</summary>
    /// <exception cref="ApiException">The plug-in refuses it.</exception>
    public void Check(string operation, JsonObject? after, JsonObject? before)
    {
        if (plugin is null)
            return;
        var name = call.Name ?? (after ?? before).Text("metadata.name") ?? "";
        var verdict = plugin(
            new()
            {
                Operation = operation,
                Group = call.Kind.Group,
                Version = call.Kind.Version,
                Resource = call.Kind.Plural,
                Subresource = call.Subresource,
                Namespace = call.Namespace,
                Name = name,
                User = user.Name,
                Groups = user.Groups,
                Object = after?.DeepClone().AsObject(),
                OldObject = before?.DeepClone().AsObject(),
            }
        );
        _warnings.AddRange(verdict.Warnings);
        // The text and the codes of the API server 1.34 (staging/src/k8s.io/apiserver, plugin/policy/validating).
        if (verdict.Refusal is { } refusal)
            throw refusal.Reason == "Forbidden"
                ? ApiException.Forbidden(call.Kind, name, refusal.Message)
                : new ApiException(
                    422,
                    "Invalid",
                    $"{call.Kind.Resource} \"{name}\" is forbidden: {refusal.Message}",
                    new()
                    {
                        ["name"] = name,
                        ["group"] = call.Kind.Group,
                        ["kind"] = call.Kind.Plural,
                        ["causes"] = new JsonArray(new JsonObject { ["message"] = refusal.Message }),
                    }
                );
    }
}
