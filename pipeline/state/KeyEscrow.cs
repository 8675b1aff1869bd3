using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.State;

/// <summary>The state keys of a platform, as they lie in an escrow.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Project">The platform's project.</param>
/// <param name="Keys">Stacks with their keys in base64.</param>
public sealed record EscrowedKeys(int Format, string Project, IReadOnlyDictionary<string, string> Keys)
{
    /// <summary>Never the keys.</summary>
    public override string ToString() => $"{Project}: {string.Join(", ", Keys.Keys)}";
}

/// <summary>
/// A copy of the state keys that only the recipients' private keys open: CMS EnvelopedData, which <c>openssl cms -decrypt</c> opens too, so that the copy does not depend on
/// this program. Losing a state key loses every state written with it.
/// </summary>
public static class KeyEscrow
{
    private const int Format = 1;
    private const string Label = "CMS";
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Seals keys for recipients; any one of them opens it.</summary>
    /// <param name="project">The platform's project.</param>
    /// <param name="keys">Stacks with their keys in base64.</param>
    /// <param name="recipients">Certificates with RSA keys.</param>
    /// <returns>PEM text.</returns>
    public static string Seal(string project, IReadOnlyDictionary<string, string> keys, IEnumerable<X509Certificate2> recipients)
    {
        var content = new ContentInfo(JsonSerializer.SerializeToUtf8Bytes(new EscrowedKeys(Format, project, keys), _json));
        // AES-256-CBC: what every openssl reads.
        var envelope = new EnvelopedCms(content, new AlgorithmIdentifier(new Oid("2.16.840.1.101.3.4.1.42")));
        var all = new CmsRecipientCollection();
        foreach (var certificate in recipients)
            all.Add(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, certificate, RSAEncryptionPadding.OaepSHA256));
        envelope.Encrypt(all);
        return PemEncoding.WriteString(Label, envelope.Encode()) + "\n";
    }

    /// <summary>Opens an escrow with one recipient's private key.</summary>
    /// <param name="text">What <see cref="Seal"/> gave.</param>
    /// <param name="identity">The private key.</param>
    /// <exception cref="PipelineException">It is no escrow, or the key is no recipient's.</exception>
    public static EscrowedKeys Open(string text, RSA identity)
    {
        foreach (var recipient in Decode(text).RecipientInfos)
        {
            // Decrypting changes the envelope, so each recipient gets a fresh one.
            var envelope = Decode(text);
            try
            {
                envelope.Decrypt(envelope.RecipientInfos.Cast<RecipientInfo>().First(item => Same(item, recipient)), identity);
            }
            catch (CryptographicException)
            {
                continue;
            }
            return JsonSerializer.Deserialize<EscrowedKeys>(envelope.ContentInfo.Content, _json) is { Format: Format } keys
                ? keys
                : throw new PipelineException($"The escrow has a format that this program does not know; allowed: {Format}.");
        }
        throw new PipelineException(
            "The private key is no recipient's of this escrow. Use the key of a certificate that it was sealed for."
        );
    }

    private static bool Same(RecipientInfo one, RecipientInfo other) =>
        one.EncryptedKey.AsSpan().SequenceEqual(other.EncryptedKey);

    private static EnvelopedCms Decode(string text)
    {
        try
        {
            var fields = PemEncoding.Find(text);
            var envelope = new EnvelopedCms();
            envelope.Decode(Convert.FromBase64String(text[fields.Base64Data]));
            return envelope;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or CryptographicException)
        {
            throw new PipelineException(
                $"The file is no escrow: {exception.Message} \"state escrow --recipients CERT.pem FILE\" writes one.",
                exception
            );
        }
    }
}
