using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>The reviews of a user's identity and rights: <c>kubectl auth whoami</c> and <c>kubectl auth can-i</c>.</summary>
internal static class Reviews
{
    /// <summary>The answered review; null if the path is not the path of a review.</summary>
    public static JsonObject? Answer(ClusterView cluster, ApiUser user, string path, JsonNode? body) =>
        path.Trim('/') switch
        {
            "apis/authentication.k8s.io/v1/selfsubjectreviews" => Filled(
                body,
                new()
                {
                    ["userInfo"] = new JsonObject
                    {
                        ["username"] = user.Name,
                        ["groups"] = new JsonArray([.. user.Groups.Select(group => (JsonNode)group)]),
                    },
                }
            ),
            "apis/authorization.k8s.io/v1/selfsubjectaccessreviews" => Filled(
                body,
                new() { ["allowed"] = Rbac.Allows(cluster, user, Asked(body.At("spec.resourceAttributes"))) }
            ),
            "apis/authorization.k8s.io/v1/selfsubjectrulesreviews" => Filled(
                body,
                new()
                {
                    ["incomplete"] = false,
                    ["nonResourceRules"] = new JsonArray(),
                    ["resourceRules"] = new JsonArray([
                        .. Rbac.Rules(cluster, user, body.Text("spec.namespace")).Select(rule => rule.DeepClone()),
                    ]),
                }
            ),
            _ => null,
        };

    private static Request Asked(JsonNode? attributes)
    {
        var subresource = attributes.Text("subresource") is { Length: > 0 } inner ? $"/{inner}" : "";
        return new(
            attributes.Text("verb") ?? "",
            attributes.Text("group") ?? "",
            $"{attributes.Text("resource")}{subresource}",
            attributes.Text("namespace") is { Length: > 0 } space ? space : null,
            attributes.Text("name")
        );
    }

    private static JsonObject Filled(JsonNode? review, JsonObject status)
    {
        var answer = review?.DeepClone().AsObject() ?? [];
        answer["status"] = status;
        return answer;
    }
}
