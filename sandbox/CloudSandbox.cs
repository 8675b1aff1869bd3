using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Clouds.Helm;
using InfraCdktf.Sandbox.Clouds.Kubernetes;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;
using InfraCdktf.Sandbox.Clouds.Linode;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Sandbox.ObjectStorage;
using InfraCdktf.Sandbox.Protocol;

namespace InfraCdktf.Sandbox;

/// <summary>The options of a sandbox.</summary>
public sealed record SandboxOptions
{
    /// <summary>The directory of the account. It is created if it does not exist. Several sandboxes may share it.</summary>
    public required string Directory { get; init; }

    /// <summary>Faults that are active from the start.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Buckets that exist from the start, for example the bucket for Terraform's state.</summary>
    public IReadOnlyList<string> Buckets { get; init; } = [];

    /// <summary>
    /// Buckets with object lock that exist from the start, for example the bucket for the archive of Terraform's state.
    /// </summary>
    public IReadOnlyList<string> LockedBuckets { get; init; } = [];

    /// <summary>
    /// False: neither child processes nor the stand-in providers get LINODE_TOKEN and KUBE_CONFIG_PATH. The stand-in providers
    /// then answer as the real providers do without credentials.
    /// </summary>
    public bool Credentials { get; init; } = true;

    /// <summary>
    /// The clock of the cloud. It decides when objects were created, and when tokens are issued and when they expire.
    /// </summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The longest lifetime of a ServiceAccount's token. A longer request is shortened without an error, as a control plane with
    /// <c>--service-account-max-token-expiration</c> does. LKE's limit is not published: a caller must read the expiry in the
    /// answer.
    /// </summary>
    public TimeSpan LongestToken { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long the API server remembers that it accepted a token. In this time it does not look again whether the token has
    /// expired or its object was deleted. kube-apiserver has 10 seconds and no option for it (TokenSuccessCacheTTL in
    /// pkg/kubeapiserver/options/authentication.go; measured on Kubernetes 1.34.1).
    /// </summary>
    public TimeSpan AcceptedTokens { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Decides about each write through the API server, as validating admission policies do in a cluster; null to accept all.
    /// The sandbox itself evaluates no policy.
    /// </summary>
    public Func<AdmissionReview, AdmissionVerdict>? Admission { get; init; }
}

/// <summary>
/// A running stand-in cloud on free ports of 127.0.0.1: the providers linode, kubernetes and helm, an object store and the
/// cluster's API server. A program that starts with <see cref="Environment"/> and runs Terraform or kubectl uses
/// <see cref="Account"/> instead of the real cloud.
/// </summary>
public sealed class CloudSandbox : IAsyncDisposable
{
    private const string Token = "sandbox";

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<SandboxRecord> _records = [];
    private readonly Decoy _decoy = new();

    private CloudSandbox(Account account, ObjectStore objectStore)
    {
        Account = account;
        ObjectStore = objectStore;
    }

    /// <summary>The account: all objects that exist in the cloud.</summary>
    public Account Account { get; }

    /// <summary>The object store that Terraform's backend uses.</summary>
    public ObjectStore ObjectStore { get; }

    /// <summary>The cluster's API server.</summary>
    public KubernetesApi Kubernetes { get; private set; } = null!;

    /// <summary>
    /// Environment variables for child processes: providers, credentials and object store. Add them to the inherited variables.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>
    /// Starts the servers. They stop when the sandbox is disposed. They also stop when the process ends, including by SIGKILL.
    /// </summary>
    public static async Task<CloudSandbox> StartAsync(SandboxOptions options, CancellationToken ct = default)
    {
        var account = new Account(options.Directory, options.Clock);
        foreach (var fault in options.Faults)
            account.AddFault(fault);
        var store = new ObjectStore(account);
        foreach (var bucket in options.Buckets)
            store.CreateBucket(bucket);
        foreach (var bucket in options.LockedBuckets)
            store.CreateBucket(bucket, objectLock: true);
        var sandbox = new CloudSandbox(account, store);
        try
        {
            await sandbox.StartServersAsync(options, ct);
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Records this sandbox in a checkout (<see cref="SandboxRecord"/>), so that the program accepts its providers there. The
    /// record is removed when the sandbox is disposed.
    /// </summary>
    /// <param name="checkout">The directory of the checkout.</param>
    public void RecordIn(string checkout) =>
        _records.Add(SandboxRecord.Write(checkout, _decoy.ProcessId, Environment["TF_REATTACH_PROVIDERS"]));

    /// <summary>Stops all servers and the process that Terraform was given as the providers' process.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var record in _records)
            record.Dispose();
        _records.Clear();
        foreach (var server in _servers)
            await server.DisposeAsync();
        _servers.Clear();
        _decoy.Dispose();
    }

    private async Task StartServersAsync(SandboxOptions options, CancellationToken ct)
    {
        var store = await ObjectStore.ListenAsync(ct);
        _servers.Add(store);
        var objects = new Account(Path.Combine(Account.Directory, "cluster"));
        var cluster = new KubernetesCloud(objects, options.Clock);
        Kubernetes = await KubernetesApi.StartAsync(Account, objects, cluster.Schema, options, ct);
        _servers.Add(Kubernetes);
        var credentials = options.Credentials ? Credentials() : [];
        var reattach = new JsonObject();
        var linode = new LinodeCloud(ObjectStore);
        var api = await new LinodeApi(linode, Account, Token).ListenAsync(ct);
        _servers.Add(api);
        foreach (var cloud in new Cloud[] { linode, cluster, new HelmCloud() })
        {
            var server = await LoopbackServer.StartGrpcAsync(new ProviderService(cloud, Account, credentials), ct);
            _servers.Add(server);
            reattach[cloud.Schema.Address] = Reattach(server.Port);
        }
        Environment = ChildEnvironment(reattach.ToJsonString(), credentials, $"http://127.0.0.1:{api.Port}");
    }

    private JsonObject Reattach(int port) =>
        new()
        {
            ["Protocol"] = "grpc",
            ["ProtocolVersion"] = 6,
            ["Pid"] = _decoy.ProcessId,
            // Without Test, Terraform uses protocol 5 instead of 6 and ends the process at the end of its run.
            ["Test"] = true,
            ["Addr"] = new JsonObject { ["Network"] = "tcp", ["String"] = $"127.0.0.1:{port}" },
        };

    private Dictionary<string, string> Credentials() =>
        new()
        {
            ["LINODE_TOKEN"] = Token,
            ["KUBE_CONFIG_PATH"] = Kubernetes.Kubeconfig,
            ["KUBECONFIG"] = Kubernetes.Kubeconfig,
            // A cache of its own: kubectl must not use what it cached about another server on this port.
            ["KUBECACHEDIR"] = Path.Combine(Account.Directory, "kubectl-cache"),
        };

    private Dictionary<string, string> ChildEnvironment(string reattach, Dictionary<string, string> credentials, string api) =>
        new(credentials)
        {
            ["TF_REATTACH_PROVIDERS"] = reattach,
            // The endpoint of this program's own calls to Linode's API. The stand-in provider makes no such calls.
            ["LINODE_URL"] = api,
            // Empty files, so that the user's configuration on this machine has no effect.
            ["TF_CLI_CONFIG_FILE"] = WriteOnce("terraformrc", ""),
            ["AWS_CONFIG_FILE"] = WriteOnce("aws-config", ""),
            ["AWS_SHARED_CREDENTIALS_FILE"] = WriteOnce("aws-credentials", ""),
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["TF_IN_AUTOMATION"] = "1",
            ["CHECKPOINT_DISABLE"] = "1",
            // Go's collector runs less often: a plan needs a fifth less CPU time, and more memory (measured).
            ["GOGC"] = "400",
            ["AWS_ACCESS_KEY_ID"] = ObjectStore.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = ObjectStore.SecretKey,
            ["AWS_SSE_CUSTOMER_KEY"] = ObjectStore.EncryptionKey,
            // S3-compatible stores do not support the newer checksums (hashicorp/terraform#37130).
            ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required",
            ["AWS_RESPONSE_CHECKSUM_VALIDATION"] = "when_required",
            // Our own S3 calls read this variable. The configuration of Terraform's backend names an endpoint, so the next
            // variable redirects the backend.
            ["AWS_ENDPOINT_URL_S3"] = ObjectStore.Endpoint.ToString(),
            // Terraform splits the value like a shell: the single quotes keep the inner double quotes.
            ["TF_CLI_ARGS_init"] = $"'-backend-config=endpoints={{s3=\"{ObjectStore.Endpoint}\"}}'",
        };

    private string WriteOnce(string name, string text)
    {
        var file = Path.Combine(Account.Directory, name);
        if (!File.Exists(file))
            File.WriteAllText(file, text);
        return file;
    }
}
