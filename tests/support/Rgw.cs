using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// A real Ceph RADOS Gateway, which is what Linode Object Storage runs, on ports of loopback: started once for all tests of a run when the first one
/// asks (13 s on a quiet machine), gone when the run ends, however it ends (rgw.sh). Tests make buckets of their own and share nothing else.
/// </summary>
public sealed class Rgw
{
    /// <summary>The region that signatures name; RADOS Gateway takes any.</summary>
    public const string Region = "us-ord";

    // The OSD now and then misses its own registration and ends ("wrong fsid"), and a port may be taken in between: a fresh start cures both.
    private const int Attempts = 3;

    private static readonly Lazy<Task<Rgw>> s_started = new(StartAsync);

    // Never closed: the script ends when this process does.
    private readonly Process _script;
    private readonly string _configuration;

    private Rgw(Process script, string directory, int port) =>
        (_script, _configuration, Endpoint) = (script, Path.Combine(directory, "ceph.conf"), new($"http://127.0.0.1:{port}"));

    /// <summary>Where it answers.</summary>
    public Uri Endpoint { get; }

    /// <summary>The key of the owner of every bucket.</summary>
    public StorageCredentials Owner { get; private set; } = new("", "");

    /// <summary>The running gateway; ends the test with a reason where it cannot be had. Only for tests marked as skippable.</summary>
    public static async Task<Rgw> RequireAsync()
    {
        DebianTools.Require("ceph-mon", "ceph-mon");
        DebianTools.Require("ceph-osd", "ceph-osd");
        DebianTools.Require("ceph", "ceph-common");
        DebianTools.Require("radosgw", "radosgw");
        return await s_started.Value;
    }

    /// <summary>Makes a bucket with a name of its own, as <c>state bootstrap</c> makes the live one: neither versions nor locks.</summary>
    public Task<BucketAddress> LiveBucketAsync() => BucketAsync("live", objectLock: false);

    /// <summary>Makes a bucket with a name of its own, with object lock (so versioned): an archive.</summary>
    public Task<BucketAddress> ArchiveBucketAsync() => BucketAsync("archive", objectLock: true);

    /// <summary>Opens a bucket as its owner.</summary>
    public Bucket Open(BucketAddress address) => new(address, Owner);

    /// <summary>Makes a key that may read the objects of some buckets and nothing else, as Linode's read_only keys.</summary>
    public async Task<StorageCredentials> ReadOnlyKeyAsync(params BucketAddress[] buckets)
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
                        ["Action"] = new JsonArray(
                            "s3:ListBucket",
                            "s3:GetObject",
                            "s3:GetObjectVersion",
                            "s3:ListBucketVersions"
                        ),
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

    /// <summary>Makes a user in a tenant of its own: bucket names are its alone, so a test can use those of the inventory.</summary>
    public RgwTenant MakeTenant()
    {
        var tenant = new RgwTenant(this, Name("tenant").Replace('-', '_')); // letters, digits and underscores alone
        Administer("user", "create", $"--tenant={tenant.Name}", $"--uid={RgwTenant.User}", $"--display-name={tenant.Name}");
        return tenant;
    }

    internal ToolResult Administer(params IEnumerable<string> arguments)
    {
        var result = DebianTools.Run("radosgw-admin", ["--conf", _configuration, "--name", "client.rgw", .. arguments]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    /// <summary>What sends the S3 calls of this program and of Terraform's backend here, as a sandbox's environment does: lay it over one.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            [BucketAddress.EndpointVariable] = Endpoint.ToString(),
            ["AWS_ACCESS_KEY_ID"] = Owner.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = Owner.SecretKey,
            ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required",
            ["AWS_RESPONSE_CHECKSUM_VALIDATION"] = "when_required",
            ["TF_CLI_ARGS_init"] = $"'-backend-config=endpoints={{s3=\"{Endpoint}\"}}'",
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
                rgw.Owner = rgw.MakeUser(Name("owner"));
                await rgw.WarmUpAsync();
                return rgw;
            }
            said = await errors;
        }
        throw new InvalidOperationException($"RADOS Gateway did not start in {Attempts} attempts. The last one said:\n{said}");
    }

    /// <summary>The first bucket makes the pools for all others; until they are there the gateway refuses.</summary>
    private async Task WarmUpAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await LiveBucketAsync();
                return;
            }
            catch (AmazonS3Exception) when (attempt < 50)
            {
                await Task.Delay(200);
            }
        }
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

    /// <summary>Makes a key whose buckets have a space of names to themselves: for a program that takes the names from the shipped inventory.</summary>
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

/// <summary>A user in a tenant of its own, whose keys come and go.</summary>
/// <param name="rgw">The gateway.</param>
/// <param name="name">The tenant.</param>
public sealed class RgwTenant(Rgw rgw, string name)
{
    internal const string User = "owner";

    /// <summary>The tenant's name.</summary>
    public string Name => name;

    /// <summary>Makes one more key.</summary>
    public StorageCredentials MakeKey()
    {
        var key = new StorageCredentials(
            System.Guid.NewGuid().ToString("N")[..20].ToUpperInvariant(),
            System.Guid.NewGuid().ToString("N")
        );
        rgw.Administer("key", "create", "--key-type=s3", Id, $"--access-key={key.AccessKey}", $"--secret-key={key.SecretKey}");
        return key;
    }

    /// <summary>Takes a key away: from then on the gateway does not know it.</summary>
    public void Revoke(StorageCredentials key) =>
        rgw.Administer("key", "rm", "--key-type=s3", Id, $"--access-key={key.AccessKey}");

    /// <summary>Makes a bucket.</summary>
    public async Task MakeBucketAsync(string bucket, StorageCredentials key, bool objectLock)
    {
        using var opened = new Bucket(new(bucket, Rgw.Region, rgw.Endpoint), key);
        await opened.Client.PutBucketAsync(new PutBucketRequest { BucketName = bucket, ObjectLockEnabledForBucket = objectLock });
    }

    private string Id => $"--uid={name}${User}";
}
