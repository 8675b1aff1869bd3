using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Access;

/// <summary>A cluster with only the accounts of the shipped inventory, an archive bucket, and a workspace on them.</summary>
internal sealed class AccessFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private AccessFixture(ApiFixture api) => Api = api;

    public ApiFixture Api { get; }

    public string Directory => _directory.Path;

    /// <summary>The inventory of the commands; the accounts in the cluster are those of the shipped one.</summary>
    public PlatformSpec Platform { get; set; } = Inventory.Platform;

    /// <summary>Variables that a test adds to the caller's environment; an empty text removes a variable.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public Workspace Workspace
    {
        get
        {
            var environment = new Dictionary<string, string>(Api.Sandbox.Environment)
            {
                ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = Directory,
                ["USER"] = "jane",
                ["AWS_ENDPOINT_URL_S3"] = Api.Sandbox.ObjectStore.Endpoint,
            };
            foreach (var (name, value) in Variables)
            {
                if (value.Length > 0)
                    environment[name] = value;
                else
                    environment.Remove(name);
            }
            return new()
            {
                Platform = Platform,
                Synthesize = (_, _) => throw new InvalidOperationException("Nothing here needs a synthesis."),
                Directory = Directory,
                Output = Path.Combine(Directory, "cdktf.out"),
                Environment = environment,
                Time = Api.Clock,
            };
        }
    }

    /// <summary>Starts a fixture for a test that needs kubectl.</summary>
    public static async Task<AccessFixture> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        DebianTools.Require("kubectl", "kubernetes-client");
        var fixture = new AccessFixture(await ApiFixture.StartAsync(change));
        fixture.Api.Sandbox.ObjectStore.CreateBucket(Inventory.Platform.State.ArchiveBucket, objectLock: true);
        foreach (var environment in Inventory.Platform.Environments)
        {
            await fixture.Api.CreateAsync(
                "/api/v1/namespaces",
                new JsonObject { ["metadata"] = new JsonObject { ["name"] = environment.AccessNamespace } }.ToJsonString()
            );
            foreach (var account in environment.Access.Select(grant => grant.Name))
                await fixture.AccountAsync(environment, account);
        }
        await fixture.AccountAsync(Inventory.Platform.System, AccountNames.BreakGlass);
        return fixture;
    }

    /// <summary>Runs a command as Main does.</summary>
    public async Task<Ran> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments, () => Workspace, output, error);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command; whenever it waits, the time passes at once.</summary>
    public Task<Ran> RunWithoutWaitsAsync(params string[] arguments) => Api.Clock.PassAsync(RunAsync(arguments));

    /// <summary>The audit records in the archive bucket, as (key, content).</summary>
    public IReadOnlyList<(string Key, JsonNode Record)> Audit()
    {
        var (store, bucket) = (Api.Sandbox.ObjectStore, Inventory.Platform.State.ArchiveBucket);
        return [.. store.List(bucket).Select(key => (key, JsonNode.Parse(store.Read(bucket, key, store.EncryptionKey)!)!))];
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Gives an account all rights, as the profile of break-glass does for the objects here.</summary>
    public async Task GrantAllAsync(string account, string space = "system-access")
    {
        await Api.CreateAsync(
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = account },
                ["rules"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroups"] = new JsonArray("*"),
                        ["resources"] = new JsonArray("*"),
                        ["verbs"] = new JsonArray("*"),
                    }
                ),
            }.ToJsonString()
        );
        await Api.CreateAsync(
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = account },
                ["roleRef"] = new JsonObject
                {
                    ["apiGroup"] = "rbac.authorization.k8s.io",
                    ["kind"] = "ClusterRole",
                    ["name"] = account,
                },
                ["subjects"] = new JsonArray(
                    new JsonObject
                    {
                        ["kind"] = "ServiceAccount",
                        ["name"] = account,
                        ["namespace"] = space,
                    }
                ),
            }.ToJsonString()
        );
    }

    private Task AccountAsync(EnvironmentSpec environment, string name) =>
        Api.CreateAsync(
            $"/api/v1/namespaces/{environment.AccessNamespace}/serviceaccounts",
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }.ToJsonString()
        );
}

/// <summary>The result of a command.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    /// <summary>Fails with the complete output if the exit code is not the expected one.</summary>
    public Ran Expect(int code)
    {
        Assert.True(Code == code, $"exit code {Code}, expected {code}:\n{Output}{Error}");
        return this;
    }

    /// <summary>Fails if the output does not contain a text.</summary>
    public Ran Says(string text)
    {
        Assert.Contains(text, Output + Error, StringComparison.Ordinal);
        return this;
    }
}
