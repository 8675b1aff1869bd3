using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Destroy;

/// <summary>A namespace that does not end: its conditions are read after 30 s, and each one is explained.</summary>
[Trait("Level", "pure")]
public sealed class NamespaceWatchTests
{
    private const string Started = "kubernetes_namespace_v1.main_namespace: Destroying... [id=development]";

    // As Terraform 1.11 reports it with -json: without the id (StuckNamespaceTests run it).
    private const string Still = "kubernetes_namespace_v1.main_namespace: Still destroying... [30s elapsed]";

    /// <summary>The five conditions with the messages of Kubernetes 1.34 (pkg/controller/namespace/deletion).</summary>
    [Theory]
    [InlineData(
        "NamespaceDeletionDiscoveryFailure",
        "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: "
            + "metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1"
    )]
    [InlineData("NamespaceDeletionGroupVersionParsingFailure", "unexpected GroupVersion string: a/b/c")]
    [InlineData(
        "NamespaceDeletionContentFailure",
        "Failed to delete all resource types, 1 remaining: admission webhook \"validate.example.com\" denied the request"
    )]
    [InlineData("NamespaceContentRemaining", "Some resources are remaining: persistentvolumeclaims. has 1 resource instances")]
    [InlineData(
        "NamespaceFinalizersRemaining",
        "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
    )]
    public async Task Condition_is_explained_with_cause_and_command(string condition, string message)
    {
        var (clock, said) = (new Clock(), new List<string>());
        var watch = new NamespaceWatch(new Fixed(condition, message), clock, said.Add);

        watch.Read(Started);
        clock.Now += NamespaceWatch.Patience;
        watch.Read(Still);
        watch.Read(Still);
        await watch.EndAsync();

        Golden.Match(string.Join('\n', said), "tests", "pipeline", "destroy", "golden", $"{condition}.txt");
    }

    [Fact]
    public async Task Conditions_are_not_read_before_30_seconds()
    {
        var (clock, said) = (new Clock(), new List<string>());
        var watch = new NamespaceWatch(new Fixed("NamespaceContentRemaining", "pods"), clock, said.Add);

        watch.Read(Started);
        clock.Now += NamespaceWatch.Patience - TimeSpan.FromMilliseconds(1);
        watch.Read(Still);
        watch.Read("linode_vpc.network_vpc: Still destroying... [30s elapsed]");
        await watch.EndAsync();

        Assert.Empty(said);
    }

    [Fact]
    public async Task Namespace_whose_cluster_does_not_answer_is_reported()
    {
        var (clock, said) = (new Clock(), new List<string>());
        var watch = new NamespaceWatch(new Silent(), clock, said.Add);

        watch.Read(Started);
        clock.Now += NamespaceWatch.Patience;
        watch.Read(Still);
        await watch.EndAsync();

        Assert.Equal(["namespace development: its conditions cannot be read: no answer"], said);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Fixed(string condition, string message) : INamespaces
    {
        public Task<JsonObject?> FindAsync(string name, CancellationToken cancellation) =>
            Task.FromResult<JsonObject?>(
                new()
                {
                    ["metadata"] = new JsonObject { ["name"] = name },
                    ["status"] = new JsonObject
                    {
                        ["phase"] = "Terminating",
                        ["conditions"] = new JsonArray(
                            new JsonObject
                            {
                                ["type"] = condition,
                                ["status"] = "True",
                                ["message"] = message,
                            },
                            new JsonObject
                            {
                                ["type"] = "NamespaceContentRemaining",
                                ["status"] = "False",
                                ["message"] = "All content successfully removed",
                            }
                        ),
                    },
                }
            );

        public Task<IReadOnlyList<string>> BrokenApisAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<string>>([]);
    }

    private sealed class Silent : INamespaces
    {
        public Task<JsonObject?> FindAsync(string name, CancellationToken cancellation) =>
            throw new PipelineException("no answer");

        public Task<IReadOnlyList<string>> BrokenApisAsync(CancellationToken cancellation) =>
            throw new PipelineException("no answer");
    }
}
