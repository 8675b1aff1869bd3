using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace InfraCdktf.Sandbox.ObjectStorage;

/// <summary>
/// An access key: its secret, and for a limited key the allowed buckets, each with true if writing is allowed.
/// </summary>
internal sealed record AccessKey(string Secret, IReadOnlyDictionary<string, bool>? Buckets)
{
    public bool Allows(string bucket, bool write) =>
        Buckets is null || (Buckets.TryGetValue(bucket, out var mayWrite) && (mayWrite || !write));
}

/// <summary>
/// AWS Signature Version 4 in the Authorization header (docs.aws.amazon.com, "Signature Version 4 signing process").
/// </summary>
internal static class Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Returns the key that signed a request.</summary>
    /// <exception cref="S3Exception">The signature is missing or wrong, or the key is unknown.</exception>
    public static AccessKey Check(HttpRequest request, Func<string, AccessKey?> find)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            throw new S3Exception(403, "AccessDenied", "Access Denied");
        var fields = header[(Algorithm.Length + 1)..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(f => f.Split('=', 2))
            .Where(f => f.Length == 2)
            .ToDictionary(f => f[0], f => f[1]);
        var scope = fields.GetValueOrDefault("Credential", "").Split('/');
        if (scope.Length != 5 || find(scope[0]) is not { } key)
            throw new S3Exception(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
        var expected = Sign(key.Secret, scope[1..], Canonical(request, fields.GetValueOrDefault("SignedHeaders", "")), request);
        if (!CryptographicOperations.FixedTimeEquals(Bytes(expected), Bytes(fields.GetValueOrDefault("Signature", ""))))
            throw new S3Exception(
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. "
                    + "Check your key and signing method."
            );
        return key;
    }

    private static string Canonical(HttpRequest request, string signedHeaders)
    {
        // The path and query must be the raw ones of the request. ASP.NET's own properties are decoded.
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = target.Length == 1 ? [] : target[1].Split('&').Select(p => p.Contains('=') ? p : p + "=");
        var headers = signedHeaders.Split(';').Select(name => $"{name}:{request.Headers[name].ToString().Trim()}\n");
        return string.Join(
            '\n',
            request.Method,
            target[0],
            string.Join('&', query.Order(StringComparer.Ordinal)),
            string.Concat(headers),
            signedHeaders,
            request.Headers["x-amz-content-sha256"].ToString()
        );
    }

    private static string Sign(string secret, string[] scope, string canonical, HttpRequest request)
    {
        var text = string.Join(
            '\n',
            Algorithm,
            request.Headers["x-amz-date"].ToString(),
            string.Join('/', scope),
            Convert.ToHexStringLower(SHA256.HashData(Bytes(canonical)))
        );
        var key = scope.Aggregate(Bytes("AWS4" + secret), (k, part) => HMACSHA256.HashData(k, Bytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Bytes(text)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
