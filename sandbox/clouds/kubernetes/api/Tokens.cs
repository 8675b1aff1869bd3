using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The tokens of ServiceAccounts: JSON Web Tokens with the claims of the real API server. They are signed with a key of this
/// account (HS256; the real API server signs with RSA).
/// </summary>
/// <param name="key">The signing key.</param>
/// <param name="longest">The longest lifetime. A longer request is shortened to it.</param>
internal sealed class Tokens(byte[] key, TimeSpan longest)
{
    /// <summary>
    /// The shortest lifetime. A shorter one is refused: "may not specify a duration less than 10 minutes"
    /// (pkg/apis/authentication/validation).
    /// </summary>
    private const long ShortestSeconds = 600;

    private const string Issuer = "https://kubernetes.default.svc.cluster.local";
    private const string Claims = "kubernetes.io";

    /// <summary>Answers a TokenRequest for a ServiceAccount.</summary>
    public JsonObject Issue(ClusterView cluster, JsonObject account, JsonObject request)
    {
        var (space, name) = (account.Text("metadata.namespace")!, account.Text("metadata.name")!);
        var asked = request.Whole("spec.expirationSeconds") ?? 3600;
        if (asked < ShortestSeconds)
            throw ApiException.Invalid(
                "TokenRequest.authentication.k8s.io",
                "",
                "spec.expirationSeconds",
                $"Invalid value: {asked}: may not specify a duration less than 10 minutes"
            );
        var seconds = Math.Min(asked, (long)longest.TotalSeconds);
        var audiences = request.Texts("spec.audiences").DefaultIfEmpty(Issuer);
        var bound = new JsonObject { ["namespace"] = space, ["serviceaccount"] = Reference(account) };
        if (request.At("spec.boundObjectRef") is { } reference)
        {
            var kind = ApiKind.All.Single(kind => kind.Name == Bindable(reference));
            var item = cluster.Get(kind, space, reference.Text("name")!);
            if (reference.Text("uid") is { } uid && uid != item.Text("metadata.uid"))
                throw new ApiException(
                    409,
                    "Conflict",
                    $"the UID in the bound object reference ({uid}) does not match the UID in record. "
                        + "The object might have been deleted and then recreated"
                );
            bound[kind.Name.ToLowerInvariant()] = Reference(item);
        }
        var expires = cluster.Now.AddSeconds(seconds);
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = cluster.Now.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            [Claims] = bound,
            ["nbf"] = cluster.Now.ToUnixTimeSeconds(),
            ["sub"] = ApiUser.ServiceAccount(space, name).Name,
        };
        var answer = request.DeepClone().AsObject();
        answer["apiVersion"] = "authentication.k8s.io/v1";
        answer["kind"] = "TokenRequest";
        answer["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = space,
            ["creationTimestamp"] = ClusterView.Time(cluster.Now),
        };
        answer["spec"] ??= new JsonObject();
        answer["spec"]!["expirationSeconds"] = seconds;
        answer["status"] = new JsonObject { ["token"] = Sign(claims), ["expirationTimestamp"] = ClusterView.Time(expires) };
        return answer;
    }

    /// <summary>
    /// The user of a token. Null if this account did not sign the token, the token has expired, or its bound object is deleted.
    /// </summary>
    public ApiUser? Authenticate(ClusterView cluster, string token)
    {
        if (token.Split('.') is not [var head, var body, var signature] || !Signature($"{head}.{body}").Equals(signature))
            return null;
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(body));
        if (claims.Whole("exp") <= cluster.Now.ToUnixTimeSeconds())
            return null;
        // The claim's name contains a dot, so it cannot be read as a path.
        var bound = claims![Claims]!;
        var space = bound.Text("namespace")!;
        return
            Exists(ApiKind.Of("serviceaccounts"), bound["serviceaccount"])
            && new[] { "secrets", "pods" }
                .Select(ApiKind.Of)
                .All(kind => bound[kind.Name.ToLowerInvariant()] is not { } other || Exists(kind, other))
            ? ApiUser.ServiceAccount(space, bound.Text("serviceaccount.name")!)
            : null;

        bool Exists(ApiKind kind, JsonNode? reference) =>
            cluster.Find(kind, space, reference.Text("name")!).Text("metadata.uid") == reference.Text("uid");
    }

    private static string Bindable(JsonNode reference) =>
        reference.Text("kind") is "Pod" or "Secret"
            ? reference.Text("kind")!
            : throw ApiException.BadRequest($"cannot bind token for serviceaccount to object of type {reference.Text("kind")}");

    private static JsonObject Reference(JsonObject item) =>
        new() { ["name"] = item.Text("metadata.name"), ["uid"] = item.Text("metadata.uid") };

    private string Sign(JsonObject claims)
    {
        var text = $"{Encode("""{"alg":"HS256","kid":"sandbox"}""")}.{Encode(claims.ToJsonString())}";
        return $"{text}.{Signature(text)}";
    }

    private string Signature(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
