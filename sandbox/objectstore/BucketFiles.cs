using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Sandbox.ObjectStorage;

/// <summary>What is known of a stored object without its content.</summary>
/// <param name="Key">The object's key.</param>
/// <param name="Size">Bytes of the content.</param>
/// <param name="ETag">MD5 of the content, hexadecimal.</param>
/// <param name="Modified">When it was written (UTC).</param>
/// <param name="ContentType">As it was given.</param>
/// <param name="CustomerKeyMd5">MD5 of the customer's key, base64; null when it is not encrypted.</param>
/// <param name="UserMetadata">The headers x-amz-meta-*.</param>
internal sealed record StoredObject(
    string Key,
    long Size,
    string ETag,
    DateTime Modified,
    string ContentType,
    string? CustomerKeyMd5,
    IReadOnlyDictionary<string, string> UserMetadata
);

/// <summary>
/// Buckets as directories, objects as files: a line of JSON (<see cref="StoredObject"/>), then the content, encrypted when a
/// customer key was given. Written to the side and renamed, one writer at a time over all processes.
/// </summary>
internal sealed class BucketFiles
{
    private readonly string _root;

    public BucketFiles(string root)
    {
        _root = root;
        Directory.CreateDirectory(root);
    }

    public IReadOnlyList<string> Buckets() =>
        [.. Directory.EnumerateDirectories(_root).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    public bool Exists(string bucket) => Directory.Exists(Folder(bucket));

    public void Create(string bucket) => Directory.CreateDirectory(Folder(bucket));

    /// <returns>False when it is not empty.</returns>
    public bool TryDelete(string bucket)
    {
        using var held = Lock();
        if (Directory.EnumerateFiles(Folder(bucket)).Any())
            return false;
        Directory.Delete(Folder(bucket));
        return true;
    }

    public IReadOnlyList<StoredObject> List(string bucket) =>
        [
            .. Directory
                .EnumerateFiles(Folder(bucket), "o.*")
                .Select(Head)
                .OfType<StoredObject>()
                .OrderBy(o => o.Key, StringComparer.Ordinal),
        ];

    public StoredObject? Head(string bucket, string key) => Head(FileOf(bucket, key));

    /// <exception cref="S3Exception">The object has a customer key and the one given is missing or wrong, or the reverse.</exception>
    public (StoredObject Object, byte[] Content)? Read(string bucket, string key, byte[]? customerKey)
    {
        var file = FileOf(bucket, key);
        if (!File.Exists(file))
            return null;
        var bytes = File.ReadAllBytes(file);
        var line = Array.IndexOf(bytes, (byte)'\n');
        var head = JsonSerializer.Deserialize<StoredObject>(bytes.AsSpan(0, line))!;
        RequireKey(head, customerKey);
        var content = bytes[(line + 1)..];
        return (head, customerKey is null ? content : Decrypt(content, customerKey));
    }

    /// <returns>False when it was to be written only if it were not there, and it is.</returns>
    public bool TryWrite(string bucket, StoredObject head, byte[] content, byte[]? customerKey, bool onlyIfAbsent)
    {
        var file = FileOf(bucket, head.Key);
        using var held = Lock();
        if (onlyIfAbsent && File.Exists(file))
            return false;
        var aside = Path.Combine(_root, "writing");
        using (var stream = File.Create(aside))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(head));
            stream.Write("\n"u8);
            stream.Write(customerKey is null ? content : Encrypt(content, customerKey));
        }
        File.Move(aside, file, overwrite: true);
        return true;
    }

    public void Delete(string bucket, string key)
    {
        using var held = Lock();
        File.Delete(FileOf(bucket, key));
    }

    public static string Md5(byte[] bytes) => Convert.ToBase64String(MD5.HashData(bytes));

    /// <summary>As RADOS Gateway and S3 do: 400, for HEAD too.</summary>
    public static void RequireKey(StoredObject head, byte[]? customerKey)
    {
        if (head.CustomerKeyMd5 is null && customerKey is null)
            return;
        if (customerKey is null || head.CustomerKeyMd5 is null)
            throw new S3Exception(
                400,
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object."
            );
        if (Md5(customerKey) != head.CustomerKeyMd5)
            throw new S3Exception(
                400,
                "InvalidArgument",
                "The provided encryption parameters did not match the ones used originally."
            );
    }

    private static StoredObject? Head(string file)
    {
        try
        {
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadLine() is { } line ? JsonSerializer.Deserialize<StoredObject>(line) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // deleted between the listing and now, or never there
        }
    }

    private static byte[] Encrypt(byte[] content, byte[] key)
    {
        var sealedBytes = new byte[12 + 16 + content.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(sealedBytes.AsSpan(0, 12), content, sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16));
        return sealedBytes;
    }

    private static byte[] Decrypt(byte[] sealedBytes, byte[] key)
    {
        var content = new byte[sealedBytes.Length - 28];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(sealedBytes.AsSpan(0, 12), sealedBytes.AsSpan(28), sealedBytes.AsSpan(12, 16), content);
        return content;
    }

    private AccountLock Lock() => AccountLock.Take(Path.Combine(_root, "lock"));

    private string Folder(string bucket) => Path.Combine(_root, Uri.EscapeDataString(bucket));

    private string FileOf(string bucket, string key) => Path.Combine(Folder(bucket), "o." + Uri.EscapeDataString(key));
}
