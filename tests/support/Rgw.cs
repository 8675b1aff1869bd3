using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// A real Ceph RADOS Gateway on loopback ports; Linode Object Storage runs the same software. It starts once per test run, when
/// the first test needs it (13 s on an idle machine). It ends with the test run, even if the run is killed (rgw.sh). Each test
/// creates its own buckets; tests share only the gateway.
/// </summary>
public sealed class Rgw : IAsyncDisposable
{
    /// <summary>The region in request signatures; RADOS Gateway accepts any region.</summary>
    public const string Region = "us-ord";

    // Two causes of a failed start: the OSD sometimes ends with "wrong fsid" because it missed its own registration, or another
    // process took the port. A new start with new ports fixes both.
    private const int Attempts = 3;

    private static readonly Lazy<Task<Rgw>> s_started = new(StartAsync);

    private readonly Process _script;
    private readonly string _configuration;

    private Rgw(Process script, string directory, int port) =>
        (_script, _configuration, Endpoint) = (script, Path.Combine(directory, "ceph.conf"), new($"http://127.0.0.1:{port}"));

    /// <summary>The address of the gateway.</summary>
    public Uri Endpoint { get; }

    /// <summary>The key of the user who owns every bucket (tenants excluded).</summary>
    public StorageCredentials Owner { get; private set; } = new("", "");

    /// <summary>
    /// Returns the running gateway. Skips the test (in CI: fails it) if Ceph cannot be installed.
    /// </summary>
    public static async Task<Rgw> RequireAsync()
    {
        DebianTools.Require("ceph-mon", "ceph-mon");
        DebianTools.Require("ceph-osd", "ceph-osd");
        DebianTools.Require("ceph", "ceph-common");
        DebianTools.Require("radosgw", "radosgw");
        return await s_started.Value;
    }

    /// <summary>Stops the gateway and deletes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
    }

    /// <summary>
    /// Creates a bucket with a unique name, as <c>state bootstrap</c> creates the live bucket: no versioning, no object lock.
    /// </summary>
    public Task<BucketAddress> LiveBucketAsync() => BucketAsync("live", objectLock: false);

    /// <summary>Creates a bucket with a unique name as an archive bucket: object lock, and therefore versioning.</summary>
    public Task<BucketAddress> ArchiveBucketAsync() => BucketAsync("archive", objectLock: true);

    /// <summary>Opens a bucket as its owner.</summary>
    public Bucket Open(BucketAddress address) => new(address, Owner);

    /// <summary>Creates a key that can only read the given buckets, as Linode's read_only keys.</summary>
    public Task<StorageCredentials> ReadOnlyKeyAsync(params BucketAddress[] buckets) =>
        LimitedKeyAsync(["s3:ListBucket", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucketVersions"], buckets);

    /// <summary>Creates a key that can only do the given actions in the given buckets.</summary>
    public async Task<StorageCredentials> LimitedKeyAsync(IReadOnlyList<string> actions, params BucketAddress[] buckets)
    {
        var name = Name("reader");
        var key = MakeUser(name);
        foreach (var address in buckets)
        {
            using var bucket = Open(address);
            var policy = new JsonObject
            {
                ["Version"] = "2012-10-17",
                ["Statement"] = new JsonArray(
                    new JsonObject
                    {
                        ["Effect"] = "Allow",
                        ["Principal"] = new JsonObject { ["AWS"] = new JsonArray($"arn:aws:iam:::user/{name}") },
                        ["Action"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]),
                        ["Resource"] = new JsonArray($"arn:aws:s3:::{address.Name}", $"arn:aws:s3:::{address.Name}/*"),
                    }
                ),
            };
            await bucket.Client.PutBucketPolicyAsync(
                new PutBucketPolicyRequest { BucketName = address.Name, Policy = policy.ToJsonString() }
            );
        }
        return key;
    }

    /// <summary>
    /// Creates a user in a new tenant. Each tenant has its own bucket names, so a test can use those of the inventory.
    /// </summary>
    public RgwTenant MakeTenant()
    {
        // A tenant name allows only letters, digits and underscores.
        var tenant = new RgwTenant(this, Name("tenant").Replace('-', '_'));
        Administer("user", "create", $"--tenant={tenant.Name}", $"--uid={RgwTenant.User}", $"--display-name={tenant.Name}");
        return tenant;
    }

    internal ToolResult Administer(params IEnumerable<string> arguments)
    {
        var result = DebianTools.Run("radosgw-admin", ["--conf", _configuration, "--name", "client.rgw", .. arguments]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    /// <summary>
    /// Environment variables that send the S3 calls of the program and of Terraform's backend to this gateway, as in the sandbox.
    /// Merge them into the environment of a process.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            [BucketAddress.EndpointVariable] = Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = Owner.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = Owner.SecretKey,
            ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required",
            ["AWS_RESPONSE_CHECKSUM_VALIDATION"] = "when_required",
            [BucketAddress.RedirectVariable] = BucketAddress.Redirect(Endpoint.ToString()),
        };

    private static async Task<Rgw> StartAsync()
    {
        var said = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (monitor, gateway) = FreePorts();
            var script = Process.Start(
                new ProcessStartInfo("bash", [Repository.PathOf("tests", "support", "rgw.sh"), $"{monitor}", $"{gateway}"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var errors = script.StandardError.ReadToEndAsync();
            if (await script.StandardOutput.ReadLineAsync() is { } line && line.StartsWith("up ", StringComparison.Ordinal))
            {
                var rgw = new Rgw(script, line["up ".Length..], gateway);
                TestRun.AtEnd(rgw);
                rgw.Owner = rgw.MakeUser(Name("owner"));
                await rgw.LiveBucketAsync(); // the first bucket creates the pools for all buckets
                return rgw;
            }
            said = await errors;
        }
        throw new InvalidOperationException(
            $"RADOS Gateway: not started after {Attempts} attempts. Output of the last attempt:\n{said}"
        );
    }

    private async Task<BucketAddress> BucketAsync(string kind, bool objectLock)
    {
        var address = new BucketAddress(Name(kind), Region, Endpoint);
        using var bucket = Open(address);
        await bucket.Client.PutBucketAsync(
            new PutBucketRequest { BucketName = address.Name, ObjectLockEnabledForBucket = objectLock }
        );
        return address;
    }

    /// <summary>Creates a key in a new tenant, for a program that takes bucket names from the shipped inventory.</summary>
    public StorageCredentials TenantKey() => MakeTenant().MakeKey();

    private StorageCredentials MakeUser(string name)
    {
        var made = Administer("user", "create", $"--uid={name}", $"--display-name={name}");
        var key = JsonNode.Parse(made.Output)!["keys"]![0]!;
        return new(key["access_key"]!.GetValue<string>(), key["secret_key"]!.GetValue<string>());
    }

    private static string Name(string kind) => $"{kind}-{System.Guid.NewGuid().ToString("N")[..12]}";

    private static (int Monitor, int Gateway) FreePorts()
    {
        using TcpListener first = new(IPAddress.Loopback, 0),
            second = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}

/// <summary>A user in its own tenant. Its keys can be created and revoked.</summary>
/// <param name="rgw">The gateway.</param>
/// <param name="name">The tenant's name.</param>
public sealed class RgwTenant(Rgw rgw, string name)
{
    internal const string User = "owner";

    /// <summary>The tenant's name.</summary>
    public string Name => name;

    /// <summary>Creates an additional key.</summary>
    public StorageCredentials MakeKey()
    {
        var key = new StorageCredentials(
            System.Guid.NewGuid().ToString("N")[..20].ToUpperInvariant(),
            System.Guid.NewGuid().ToString("N")
        );
        rgw.Administer("key", "create", "--key-type=s3", Id, $"--access-key={key.AccessKey}", $"--secret-key={key.SecretKey}");
        return key;
    }

    /// <summary>Deletes a key. The gateway then refuses it as unknown.</summary>
    public void Revoke(StorageCredentials key) =>
        rgw.Administer("key", "rm", "--key-type=s3", Id, $"--access-key={key.AccessKey}");

    /// <summary>Creates a bucket in the tenant.</summary>
    public async Task MakeBucketAsync(string bucket, StorageCredentials key, bool objectLock)
    {
        using var opened = new Bucket(new(bucket, Rgw.Region, rgw.Endpoint), key);
        await opened.Client.PutBucketAsync(new PutBucketRequest { BucketName = bucket, ObjectLockEnabledForBucket = objectLock });
    }

    private string Id => $"--uid={name}${User}";
}
