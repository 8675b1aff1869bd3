using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Sandbox.ObjectStorage;

/// <summary>The metadata of a stored object.</summary>
/// <param name="Key">The object's key.</param>
/// <param name="Size">The size of the content in bytes.</param>
/// <param name="ETag">MD5 of the content, hexadecimal.</param>
/// <param name="Modified">The time of the write (UTC).</param>
/// <param name="ContentType">The content type of the request.</param>
/// <param name="CustomerKeyMd5">MD5 of the customer's key, base64; null if the object is not encrypted.</param>
/// <param name="UserMetadata">The headers x-amz-meta-*.</param>
internal sealed record StoredObject(
    string Key,
    long Size,
    string ETag,
    DateTime Modified,
    string ContentType,
    string? CustomerKeyMd5,
    IReadOnlyDictionary<string, string> UserMetadata
)
{
    /// <summary>The version. Versions sort in the order of the writes. Null in a bucket without versions.</summary>
    public string? Version { get; init; }

    /// <summary>True if this version only marks the object as deleted.</summary>
    public bool DeleteMarker { get; init; }

    /// <summary>The end of this version's lock (compliance mode, UTC); null if it can be deleted.</summary>
    public DateTime? LockedUntil { get; init; }
}

/// <summary>
/// Buckets as directories and objects as files. A file holds a line of JSON (<see cref="StoredObject"/>) and then the content,
/// which is encrypted if a customer key was given. A write goes to a temporary file that is then renamed. One writer at a time
/// over all processes. A bucket with object lock keeps every version.
/// </summary>
internal sealed class BucketFiles
{
    private readonly string _root;

    // A version is never changed, only deleted. So an entry stays correct whatever other processes do.
    private readonly ConcurrentDictionary<string, StoredObject> _versions = new();

    public BucketFiles(string root)
    {
        _root = root;
        Directory.CreateDirectory(root);
    }

    public IReadOnlyList<string> Buckets() =>
        [.. Directory.EnumerateDirectories(_root).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    public bool Exists(string bucket) => Directory.Exists(Folder(bucket));

    /// <summary>Creates a bucket. An existing bucket is not changed.</summary>
    public void Create(string bucket, bool objectLock)
    {
        using var held = Lock();
        if (Exists(bucket))
            return;
        if (objectLock)
            File.WriteAllText(LockMark(bucket), "");
        Directory.CreateDirectory(Folder(bucket));
    }

    /// <summary>True for a bucket that was created with object lock. Such a bucket keeps versions.</summary>
    public bool HasObjectLock(string bucket) => File.Exists(LockMark(bucket));

    /// <summary>
    /// A bucket's lifecycle rules as they were set; null if none were set. The rules are stored and returned but never applied.
    /// </summary>
    public string? Lifecycle(string bucket) => File.Exists(LifecycleOf(bucket)) ? File.ReadAllText(LifecycleOf(bucket)) : null;

    /// <summary>Stores a bucket's lifecycle rules.</summary>
    public void SetLifecycle(string bucket, string rules)
    {
        using var held = Lock();
        File.WriteAllText(LifecycleOf(bucket), rules);
    }

    /// <returns>False if the bucket is not empty.</returns>
    public bool TryDelete(string bucket)
    {
        using var held = Lock();
        if (Directory.EnumerateFiles(Folder(bucket)).Any())
            return false;
        Directory.Delete(Folder(bucket));
        File.Delete(LockMark(bucket));
        File.Delete(LifecycleOf(bucket));
        return true;
    }

    /// <summary>The objects of a listing: the latest version of each key, without deleted objects.</summary>
    public IReadOnlyList<StoredObject> List(string bucket) =>
        [.. Versions(bucket).DistinctBy(version => version.Key).Where(version => !version.DeleteMarker)];

    /// <summary>All versions of all objects, sorted by key and then newest first.</summary>
    public IReadOnlyList<StoredObject> Versions(string bucket)
    {
        Func<string, StoredObject?> head = HasObjectLock(bucket) ? VersionHead : Head;
        return
        [
            .. Directory
                .EnumerateFiles(Folder(bucket), "o.*")
                .Select(head)
                .OfType<StoredObject>()
                .OrderBy(version => version.Key, StringComparer.Ordinal)
                .ThenByDescending(version => version.Version, StringComparer.Ordinal),
        ];
    }

    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="version">The version; null: the latest.</param>
    /// <param name="customerKey">The customer key that decrypts the content.</param>
    /// <returns>The object; null if it does not exist or is deleted.</returns>
    /// <exception cref="S3Exception">The object has a customer key, and the given key is missing or wrong.</exception>
    public (StoredObject Object, byte[] Content)? Read(string bucket, string key, string? version, byte[]? customerKey)
    {
        var file = version is null ? Latest(bucket, key) : FileOf(bucket, key, version);
        if (!File.Exists(file))
            return null;
        var bytes = File.ReadAllBytes(file);
        var line = Array.IndexOf(bytes, (byte)'\n');
        var head = JsonSerializer.Deserialize<StoredObject>(bytes.AsSpan(0, line))!;
        if (head.DeleteMarker)
            return null;
        RequireKey(head, customerKey);
        var content = bytes[(line + 1)..];
        return (head, head.CustomerKeyMd5 is null ? content : Decrypt(content, customerKey!));
    }

    /// <returns>
    /// The written object; null if <paramref name="onlyIfAbsent"/> is set and the object exists. A bucket with versions does not
    /// check this, like RADOS Gateway (measured).
    /// </returns>
    public StoredObject? Write(string bucket, StoredObject head, byte[] content, byte[]? customerKey, bool onlyIfAbsent)
    {
        using var held = Lock();
        if (HasObjectLock(bucket))
            head = head with { Version = NextVersion(bucket, head.Key) };
        else if (onlyIfAbsent && File.Exists(FileOf(bucket, head.Key, null)))
            return null;
        WriteFile(bucket, head, customerKey is null ? content : Encrypt(content, customerKey));
        return head;
    }

    /// <summary>Deletes an object, or one version of it.</summary>
    /// <returns>The delete marker that a bucket with versions stores instead of a deletion; null if there is none.</returns>
    /// <exception cref="S3Exception">The version is locked.</exception>
    public StoredObject? Delete(string bucket, string key, string? version)
    {
        using var held = Lock();
        if (version is null && HasObjectLock(bucket))
        {
            var marker = new StoredObject(key, 0, "", DateTime.UtcNow, "", null, new Dictionary<string, string>())
            {
                Version = NextVersion(bucket, key),
                DeleteMarker = true,
            };
            WriteFile(bucket, marker, []);
            return marker;
        }
        var file = FileOf(bucket, key, version);
        if (Head(file)?.LockedUntil > DateTime.UtcNow)
            throw new S3Exception(403, "AccessDenied", "forbidden by object lock");
        File.Delete(file);
        return null;
    }

    public static string Md5(byte[] bytes) => Convert.ToBase64String(MD5.HashData(bytes));

    /// <summary>Checks the customer key. The status of an error is 400, also for HEAD, as in RADOS Gateway.</summary>
    public static void RequireKey(StoredObject head, byte[]? customerKey)
    {
        // An unencrypted object is returned even if a key is given, as in RADOS Gateway (measured). S3 refuses this.
        if (head.CustomerKeyMd5 is null)
            return;
        if (customerKey is null)
            throw new S3Exception(
                400,
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. "
                    + "The correct parameters must be provided to retrieve the object."
            );
        if (Md5(customerKey) != head.CustomerKeyMd5)
            throw new S3Exception(
                400,
                "InvalidArgument",
                "The provided encryption parameters did not match the ones used originally."
            );
    }

    private StoredObject? VersionHead(string file)
    {
        if (_versions.TryGetValue(file, out var kept))
            return kept;
        return Head(file) is { } head ? _versions.GetOrAdd(file, head) : null;
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
            return null; // the file was deleted after the listing, or it never existed
        }
    }

    private static byte[] Encrypt(byte[] content, byte[] key)
    {
        var encrypted = new byte[12 + 16 + content.Length];
        RandomNumberGenerator.Fill(encrypted.AsSpan(0, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(encrypted.AsSpan(0, 12), content, encrypted.AsSpan(28), encrypted.AsSpan(12, 16));
        return encrypted;
    }

    private static byte[] Decrypt(byte[] encrypted, byte[] key)
    {
        var content = new byte[encrypted.Length - 28];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(encrypted.AsSpan(0, 12), encrypted.AsSpan(28), encrypted.AsSpan(12, 16), content);
        return content;
    }

    private AccountLock Lock() => AccountLock.Take(Path.Combine(_root, "lock"));

    private string Folder(string bucket) => Path.Combine(_root, Uri.EscapeDataString(bucket));

    private string LifecycleOf(string bucket) => Folder(bucket) + ".lifecycle";

    private string LockMark(string bucket) => Folder(bucket) + ".object-lock";

    // An escaped key contains no "@".
    private string FileOf(string bucket, string key, string? version) =>
        Path.Combine(
            Folder(bucket),
            "o." + Uri.EscapeDataString(key) + (version is null ? "" : "@" + Uri.EscapeDataString(version))
        );

    private string Latest(string bucket, string key) =>
        FileOf(bucket, key, HasObjectLock(bucket) ? LatestVersion(bucket, key) : null);

    private string? LatestVersion(string bucket, string key)
    {
        var prefix = FileOf(bucket, key, "");
        return Directory
            .EnumerateFiles(Folder(bucket), Path.GetFileName(prefix) + "*")
            .Max(StringComparer.Ordinal)
            ?[prefix.Length..];
    }

    /// <summary>The next version: the time as 16 hexadecimal digits. It is always greater than the version before.</summary>
    private string NextVersion(string bucket, string key)
    {
        var last = LatestVersion(bucket, key) is { } version
            ? long.Parse(version, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : 0;
        return Math.Max(DateTime.UtcNow.Ticks, last + 1).ToString("x16", CultureInfo.InvariantCulture);
    }

    private void WriteFile(string bucket, StoredObject head, byte[] content)
    {
        var aside = Path.Combine(_root, "writing");
        using (var stream = File.Create(aside))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(head));
            stream.Write("\n"u8);
            stream.Write(content);
        }
        File.Move(aside, FileOf(bucket, head.Key, head.Version), overwrite: true);
    }
}
