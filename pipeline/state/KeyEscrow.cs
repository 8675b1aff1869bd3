using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.State;

/// <summary>The state keys of a platform, as an escrow contains them.</summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Project">The platform's project.</param>
/// <param name="Keys">Stacks with their keys in base64.</param>
public sealed record EscrowedKeys(int Format, string Project, IReadOnlyDictionary<string, string> Keys)
{
    /// <summary>The project and the stacks, never the keys.</summary>
    public override string ToString() => $"{Project}: {string.Join(", ", Keys.Keys)}";
}

/// <summary>
/// A copy of the state keys that only the recipients' private keys open. The format is CMS EnvelopedData. <c>openssl cms
/// -decrypt</c> opens it too, so the copy does not depend on this program. If a state key is lost, every state written with it is
/// lost.
/// </summary>
public static class KeyEscrow
{
    private const int Format = 1;
    private const string Label = "CMS";
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Encrypts keys for recipients. The private key of any one recipient opens the escrow.</summary>
    /// <param name="project">The platform's project.</param>
    /// <param name="keys">Stacks with their keys in base64.</param>
    /// <param name="recipients">Certificates with RSA keys.</param>
    /// <returns>PEM text.</returns>
    public static string Encrypt(
        string project,
        IReadOnlyDictionary<string, string> keys,
        IEnumerable<X509Certificate2> recipients
    )
    {
        var content = new ContentInfo(JsonSerializer.SerializeToUtf8Bytes(new EscrowedKeys(Format, project, keys), _json));
        // AES-256-CBC: every openssl can read it.
        var envelope = new EnvelopedCms(content, new AlgorithmIdentifier(new Oid("2.16.840.1.101.3.4.1.42")));
        var all = new CmsRecipientCollection();
        foreach (var certificate in recipients)
            all.Add(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, certificate, RSAEncryptionPadding.OaepSHA256));
        envelope.Encrypt(all);
        return PemEncoding.WriteString(Label, envelope.Encode()) + "\n";
    }

    /// <summary>Opens an escrow with one recipient's private key.</summary>
    /// <param name="text">The result of <see cref="Encrypt"/>.</param>
    /// <param name="identity">The private key.</param>
    /// <exception cref="PipelineException">The text is not a valid escrow, or the key belongs to no recipient.</exception>
    public static EscrowedKeys Open(string text, RSA identity)
    {
        foreach (var recipient in Decode(text).RecipientInfos)
        {
            // Decrypt changes the envelope, so it is decoded again for each recipient.
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
                : throw new PipelineException(
                    $"The escrow has an unknown format; allowed: {Format}. Use the version of this program that wrote " + "it."
                );
        }
        throw new PipelineException(
            "The private key belongs to no recipient of this escrow. Use the key of a certificate that the escrow was "
                + "encrypted for."
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
                $"The file is not a valid escrow: {exception.Message} \"state escrow --recipients CERT.pem FILE\" writes one.",
                exception
            );
        }
    }
}
