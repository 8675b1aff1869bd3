using System.Net;
using System.Text.Json.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// A namespace that does not end, and its conditions (Kubernetes 1.34: status_condition_utils.go in
/// pkg/controller/namespace/deletion, and remote_available_controller.go in kube-aggregator).
/// </summary>
[Trait("Level", "real")]
public sealed class NamespaceEndTests
{
    private const string Space = "/api/v1/namespaces/shop";
    private const string Held = """{"metadata":{"name":"held","finalizers":["example.com/hold"]},"data":{"a":"b"} }""";
    private const string Metrics = """
        {"metadata":{"name":"v1beta1.metrics.k8s.io"},
         "spec":{"group":"metrics.k8s.io","version":"v1beta1","service":{"namespace":"kube-system","name":"metrics-server"} } }
        """;

    private const string Service = """
        {"metadata":{"name":"metrics-server"},
         "spec":{"selector":{"app":"metrics-server"},"ports":[{"name":"https","port":443}] } }
        """;

    private const string Pod = """
        {"metadata":{"name":"metrics-server","labels":{"app":"metrics-server"} },
         "spec":{"containers":[{"name":"m","image":"m"}] },"status":{"conditions":[{"type":"Ready","status":"True"}] } }
        """;

    [Fact]
    public async Task Namespace_stays_until_the_last_finalizer_is_removed()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync("/api/v1/namespaces", """{"metadata":{"name":"shop"} }""");
        await api.CreateAsync($"{Space}/configmaps", Held);
        await api.CreateAsync($"{Space}/configmaps", """{"metadata":{"name":"free"} }""");

        (await api.SendAsync(HttpMethod.Delete, Space)).Expect(HttpStatusCode.OK);

        var space = (await api.GetAsync(Space)).Expect(HttpStatusCode.OK);
        Assert.Equal("Terminating", (string?)space["status"]!["phase"]);
        Assert.Equal("2026-11-21T12:00:00Z", (string?)space["metadata"]!["deletionTimestamp"]);
        Assert.Equal(
            [
                "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered All resources successfully discovered",
                "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions All legacy kube types successfully parsed",
                "NamespaceDeletionContentFailure False ContentDeleted "
                    + "All content successfully deleted, may be waiting on finalization",
                "NamespaceContentRemaining True SomeResourcesRemain "
                    + "Some resources are remaining: configmaps. has 1 resource instances",
                "NamespaceFinalizersRemaining True SomeFinalizersRemain "
                    + "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
            ],
            Conditions(space)
        );
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"{Space}/configmaps/free")).Code);
        Assert.NotNull((await api.GetAsync($"{Space}/configmaps/held")).Body["metadata"]!["deletionTimestamp"]);
        Assert.Equal(
            "configmaps \"late\" is forbidden: unable to create new content in namespace shop because it is being terminated",
            (await api.PostAsync($"{Space}/configmaps", """{"metadata":{"name":"late"} }""")).Message
        );

        (await api.PatchAsync($"{Space}/configmaps/held", """{"metadata":{"finalizers":null} }""")).Expect(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(Space)).Code);
    }

    [Fact]
    public async Task Namespace_stays_while_an_aggregated_API_has_no_backend()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync("/api/v1/namespaces", """{"metadata":{"name":"shop"} }""");
        await api.CreateAsync("/apis/apiregistration.k8s.io/v1/apiservices", Metrics);
        Assert.Equal(
            "Available False ServiceNotFound service/metrics-server in \"kube-system\" is not present",
            await AvailableAsync(api)
        );
        await api.CreateAsync("/api/v1/namespaces/kube-system/services", Service);
        Assert.Equal(
            "Available False MissingEndpoints endpointslices for service/metrics-server in \"kube-system\" have no addresses "
                + "with port name \"https\"",
            await AvailableAsync(api)
        );

        (await api.SendAsync(HttpMethod.Delete, Space)).Expect(HttpStatusCode.OK);

        var space = (await api.GetAsync(Space)).Expect(HttpStatusCode.OK);
        Assert.Equal(
            "NamespaceDeletionDiscoveryFailure True DiscoveryFailed Discovery failed for some groups, 1 failing: unable to "
                + "retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: "
                + "metrics.k8s.io/v1beta1",
            Conditions(space)[0]
        );
        Assert.All(Conditions(space).Skip(1), condition => Assert.Contains(" False ", condition, StringComparison.Ordinal));

        await api.CreateAsync("/api/v1/nodes", """{"metadata":{"name":"n1"} }""");
        await api.CreateAsync("/api/v1/namespaces/kube-system/pods", Pod);
        Assert.Equal("Available True Passed all checks passed", await AvailableAsync(api));
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync(Space)).Code);
    }

    [Fact]
    public async Task Terraform_gives_a_namespace_up_after_five_minutes()
    {
        await using var api = await ApiFixture.StartAsync();
        using var terraform = new TerraformRunner(
            api.Sandbox,
            SandboxTest.Head
                + """
                resource "kubernetes_namespace_v1" "n" {
                  metadata { name = "shop" }
                }
                """
        );
        await terraform.ApplyAsync();
        await api.CreateAsync($"{Space}/configmaps", Held);

        var destroy = terraform.RunAsync("destroy", "-auto-approve", "-input=false");
        await FileChanges.UntilAsync(
            Path.Combine(api.Sandbox.Account.Directory, "cluster"),
            () =>
                File.ReadAllText(Path.Combine(api.Sandbox.Account.Directory, "cluster", "objects.jsonl")).Contains("terminations")
        );
        api.Clock.Advance(TimeSpan.FromMinutes(5));

        (await destroy).Expect(1).Says("Error: context deadline exceeded");
        Assert.Equal(["shop"], api.Sandbox.Account.Objects.Select(item => item.Name));
        // The state has it, so Terraform tries again; now nothing holds it.
        (await api.PatchAsync($"{Space}/configmaps/held", """{"metadata":{"finalizers":null} }""")).Expect(HttpStatusCode.OK);
        (await terraform.RunAsync("destroy", "-auto-approve", "-input=false")).Expect(0);
        Assert.Empty(api.Sandbox.Account.Objects);
    }

    private static async Task<string> AvailableAsync(ApiFixture api) =>
        Conditions((await api.GetAsync("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io")).Body).Single();

    private static List<string> Conditions(JsonNode item) =>
        [
            .. item["status"]!["conditions"]!
                .AsArray()
                .Select(condition => $"{condition!["type"]} {condition["status"]} {condition["reason"]} {condition["message"]}"),
        ];
}
