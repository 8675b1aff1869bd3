using System.Security.Cryptography;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// A key of 32 bytes that encrypts the state of one stack: with SSE-C in the buckets, directly on this machine's disk. If the key
/// is lost, the state is lost. The key is never printed and never written: <see cref="ToString"/> gives its fingerprint.
/// </summary>
public sealed class StateKey
{
    private const int Size = 32;

    private readonly byte[] _bytes;

    private StateKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The key in base64, as S3 and Terraform need it.</summary>
    public string Base64 => Convert.ToBase64String(_bytes);

    /// <summary>Identifies the key without showing it: 12 hex digits of a hash that is used only for this.</summary>
    public string Fingerprint =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_bytes, "infra-cdktf state key fingerprint"u8))[..12];

    /// <summary>
    /// Derives a key for one purpose on this machine. So the bytes that S3 receives never encrypt a local file.
    /// </summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _bytes, Size, info: System.Text.Encoding.UTF8.GetBytes(purpose));

    /// <summary>Reads a key.</summary>
    /// <param name="text">32 bytes in base64, as <c>openssl rand -base64 32</c> prints them.</param>
    /// <returns>The key; null if the text is not a key.</returns>
    public static StateKey? TryParse(string text)
    {
        var bytes = new byte[Size + 2];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var count) && count == Size ? new(bytes[..Size]) : null;
    }

    /// <summary>Creates a new key.</summary>
    public static StateKey Generate() => new(RandomNumberGenerator.GetBytes(Size));

    /// <inheritdoc/>
    public override string ToString() => Fingerprint;
}
