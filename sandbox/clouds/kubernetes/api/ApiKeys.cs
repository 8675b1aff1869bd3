using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The keys of an account's API server, created once: its own certificate authority with the server's certificate, the
/// administrator's token, and the key that signs tokens of ServiceAccounts.
/// </summary>
internal sealed record ApiKeys
{
    /// <summary>The authority's certificate, PEM. Kubeconfigs trust only this certificate.</summary>
    public required string Authority { get; init; }

    /// <summary>The server's certificate, PEM.</summary>
    public required string Certificate { get; init; }

    /// <summary>The server's private key, PEM.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>The bearer token of the administrator.</summary>
    public required string Administrator { get; init; }

    /// <summary>The key that signs tokens, 32 bytes.</summary>
    public required byte[] Signing { get; init; }

    public static ApiKeys ReadOrMake(string directory)
    {
        var file = Path.Combine(directory, "api-server-keys.json");
        using var held = AccountLock.Take(Path.Combine(directory, "lock"));
        if (File.Exists(file))
            return JsonSerializer.Deserialize<ApiKeys>(File.ReadAllText(file))!;
        var keys = Make();
        File.WriteAllText(file, JsonSerializer.Serialize(keys));
        return keys;
    }

    public X509Certificate2 Server() => X509Certificate2.CreateFromPem(Certificate, PrivateKey);

    private static ApiKeys Make()
    {
        var (from, until) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=sandbox", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        return new()
        {
            Authority = authority.ExportCertificatePem(),
            Certificate = certificate.ExportCertificatePem(),
            PrivateKey = key.ExportPkcs8PrivateKeyPem(),
            Administrator = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Signing = RandomNumberGenerator.GetBytes(32),
        };
    }
}
