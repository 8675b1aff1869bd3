using System.Net;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// Writes through the API server that a validating admission plug-in decides about, subresources, and impersonation. The texts
/// are those of the API server.
/// </summary>
[Trait("Level", "real")]
public sealed class WriteAdmissionTests
{
    private const string Workload = "/apis/apps/v1/namespaces/shop/deployments/web";

    [Fact]
    public async Task Refused_write_is_not_stored_and_says_why()
    {
        await using var api = await StartAsync(review =>
            review is { Resource: "configmaps", Operation: "CREATE" } ? new(new("no: not here.", "Forbidden"), []) : Accepted
        );

        var refused = await api.PostAsync("/api/v1/namespaces/shop/configmaps", """{"metadata":{"name":"a"}}""");

        refused.Expect(HttpStatusCode.Forbidden);
        Assert.Equal("configmaps \"a\" is forbidden: no: not here.", refused.Message);
        (await api.GetAsync("/api/v1/namespaces/shop/configmaps/a")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Warning_of_a_dry_run_reaches_the_caller()
    {
        await using var api = await StartAsync(_ => new(null, ["look here."]));

        var made = await api.PostAsync("/api/v1/namespaces/shop/configmaps?dryRun=All", """{"metadata":{"name":"a"}}""");

        made.Expect(HttpStatusCode.Created);
        Assert.Contains("look here.", made.Warning, StringComparison.Ordinal);
        (await api.GetAsync("/api/v1/namespaces/shop/configmaps/a")).Expect(HttpStatusCode.NotFound);
    }

    /// <summary>A Scale has the workload's name, but not its labels (kubernetes/kubernetes, registry/apps/deployment).</summary>
    [Fact]
    public async Task Scale_is_reviewed_without_the_labels_of_its_workload()
    {
        List<AdmissionReview> seen = [];
        await using var api = await StartAsync(review =>
        {
            seen.Add(review);
            return Accepted;
        });
        await api.DeployAsync("web", 2, """{"containers":[{"name":"c"}]}""");
        Assert.Equal(2, (int)(await api.GetAsync($"{Workload}/scale")).Expect(HttpStatusCode.OK)["spec"]!["replicas"]!);
        seen.Clear();

        var scaled = await api.PutAsync($"{Workload}/scale", """{"metadata":{"name":"web"},"spec":{"replicas":3}}""");

        scaled.Expect(HttpStatusCode.OK);
        var review = Assert.Single(seen);
        Assert.Equal(
            ("UPDATE", "deployments", "scale", "web"),
            (review.Operation, review.Resource, review.Subresource, review.Name)
        );
        Assert.Equal((2, 3), ((int)review.OldObject!["spec"]!["replicas"]!, (int)review.Object!["spec"]!["replicas"]!));
        Assert.Null(review.Object["metadata"]!["labels"]);
        Assert.Equal(3, (int)(await api.GetAsync(Workload)).Expect(HttpStatusCode.OK)["spec"]!["replicas"]!);
    }

    /// <summary>A write of the status may change labels (kubernetes/kubernetes, registry/core/namespace).</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("finalize")]
    public async Task Namespace_labels_change_through_its_subresources(string part)
    {
        await using var api = await StartAsync(_ => Accepted);

        var written = await api.PutAsync(
            $"/api/v1/namespaces/shop/{part}",
            """{"metadata":{"name":"shop","labels":{"team":"other"}},"spec":{"finalizers":["kubernetes"]}}"""
        );

        Assert.Equal("other", (string?)written.Expect(HttpStatusCode.OK)["metadata"]!["labels"]!["team"]);
    }

    [Fact]
    public async Task Impersonated_account_has_its_own_groups()
    {
        AdmissionReview? seen = null;
        await using var api = await StartAsync(review =>
        {
            seen = review;
            return Accepted;
        });
        // The account has no rights, so the request needs a group that has some.
        await api.CreateAsync(
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            """{"metadata":{"name":"all"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}"""
        );
        await api.CreateAsync(
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """
            {"metadata":{"name":"all"},"roleRef":{"kind":"ClusterRole","name":"all"},
             "subjects":[{"kind":"Group","name":"system:serviceaccounts:shop"}]}
            """
        );

        var made = await api.SendAsync(
            HttpMethod.Post,
            "/api/v1/namespaces/shop/configmaps",
            """{"metadata":{"name":"a"}}""",
            impersonate: "system:serviceaccount:shop:robot"
        );

        made.Expect(HttpStatusCode.Created);
        Assert.Equal("system:serviceaccount:shop:robot", seen!.User);
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"], seen.Groups);
    }

    [Fact]
    public async Task Impersonation_needs_a_right()
    {
        await using var api = await StartAsync(_ => Accepted);
        await api.CreateAsync("/api/v1/namespaces/shop/serviceaccounts", """{"metadata":{"name":"robot"}}""");
        var token = (string)
            (await api.CreateAsync("/api/v1/namespaces/shop/serviceaccounts/robot/token", """{"spec":{}}"""))["status"]![
                "token"
            ]!;

        var refused = await api.SendAsync(
            HttpMethod.Post,
            "/api/v1/namespaces/shop/configmaps",
            """{"metadata":{"name":"a"}}""",
            token: token,
            impersonate: "admin"
        );

        refused.Expect(HttpStatusCode.Forbidden);
        Assert.Equal(
            "users \"admin\" is forbidden: User \"system:serviceaccount:shop:robot\" cannot impersonate resource \"users\" in "
                + "API group \"\" at the cluster scope",
            refused.Message
        );
    }

    private static AdmissionVerdict Accepted => new(null, []);

    private static async Task<ApiFixture> StartAsync(Func<AdmissionReview, AdmissionVerdict> decide)
    {
        var api = await ApiFixture.StartAsync(options => options with { Admission = decide });
        await api.CreateAsync("/api/v1/namespaces", """{"metadata":{"name":"shop"}}""");
        return api;
    }
}
