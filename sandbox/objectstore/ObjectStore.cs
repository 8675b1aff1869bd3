using System.Security.Cryptography;
using System.Text.Json;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Clouds.Linode;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Sandbox.ObjectStorage;

/// <summary>
/// The account's object storage: the S3 calls of Terraform's backend and of a state archive, in path style. It supports
/// conditional writes and customer keys, and versions in buckets with object lock. The buckets are stored in the account's
/// directory. Other sandboxes on the account see the same buckets.
/// </summary>
public sealed class ObjectStore : IBuckets
{
    private readonly BucketFiles _files;
    private readonly Account _account;
    private readonly Keys _root;

    internal ObjectStore(Account account)
    {
        _account = account;
        _files = new BucketFiles(Path.Combine(account.Directory, "buckets"));
        _root = Keys.ReadOrMake(account.Directory);
    }

    /// <summary>`http://127.0.0.1:PORT`; empty until the sandbox has started.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>The account's unlimited access key. It is random and is stored in the account's directory.</summary>
    public string AccessKey => _root.Access;

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    public string SecretKey => _root.Secret;

    /// <summary>A customer key for SSE-C: 32 random bytes in base64. It is stored in the account's directory.</summary>
    public string EncryptionKey => _root.Encryption;

    /// <summary>The names of all buckets.</summary>
    public IReadOnlyList<string> Buckets => _files.Buckets();

    /// <summary>Creates a bucket. An existing bucket is not changed.</summary>
    /// <param name="name">The bucket's name.</param>
    /// <param name="objectLock">True: versions can be locked, and the bucket keeps every version.</param>
    public void CreateBucket(string name, bool objectLock = false) => _files.Create(name, objectLock);

    /// <summary>The keys of a bucket's objects, sorted.</summary>
    public IReadOnlyList<string> List(string bucket) => [.. _files.List(bucket).Select(o => o.Key)];

    /// <summary>
    /// An object's content; null if the object does not exist. An encrypted object needs its customer key (base64).
    /// </summary>
    /// <exception cref="S3Exception">The key is missing or wrong.</exception>
    public byte[]? Read(string bucket, string key, string? encryptionKey = null) =>
        _files.Read(bucket, key, version: null, encryptionKey is null ? null : Convert.FromBase64String(encryptionKey))?.Content;

    void IBuckets.Create(string name) => CreateBucket(name);

    bool IBuckets.Exists(string name) => name != "" && _files.Exists(name);

    bool IBuckets.TryDelete(string name) => !_files.Exists(name) || _files.TryDelete(name);

    internal async Task<IAsyncDisposable> ListenAsync(CancellationToken ct)
    {
        var service = new S3Service(_files, FindKey);
        // The same port as last time: `terraform init` stores the endpoint and asks for another init if it has changed.
        var server = await LoopbackServer.StartAtKeptPortAsync(
            Path.Combine(_account.Directory, "object-store-port"),
            service.ServeAsync,
            ct
        );
        Endpoint = $"http://127.0.0.1:{server.Port}";
        return server;
    }

    /// <summary>The account's own key, or the key of a linode_object_storage_key.</summary>
    private AccessKey? FindKey(string id) =>
        id == _root.Access
            ? new AccessKey(_root.Secret, null)
            : _account.Read(index =>
                index
                    .OfType("linode_object_storage_key")
                    .Where(k => k.Attributes.Text("access_key") == id)
                    .Select(k => new AccessKey(k.Attributes.Text("secret_key")!, Limits(k)))
                    .FirstOrDefault()
            );

    private static Dictionary<string, bool>? Limits(AccountObject key) =>
        key.Attributes.True("limited")
            ? key
                .Attributes.Items("bucket_access")
                .GroupBy(b => b.Text("bucket_name")!)
                .ToDictionary(b => b.Key, b => b.Any(a => a.Text("permissions") == "read_write"))
            : null;

    private sealed record Keys(string Access, string Secret, string Encryption)
    {
        public static Keys ReadOrMake(string directory)
        {
            var file = Path.Combine(directory, "object-store-keys.json");
            using var held = AccountLock.Take(Path.Combine(directory, "lock"));
            if (File.Exists(file))
                return JsonSerializer.Deserialize<Keys>(File.ReadAllText(file))!;
            var keys = new Keys(
                RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 20),
                RandomNumberGenerator.GetHexString(40, lowercase: true),
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))
            );
            File.WriteAllText(file, JsonSerializer.Serialize(keys));
            return keys;
        }
    }
}
