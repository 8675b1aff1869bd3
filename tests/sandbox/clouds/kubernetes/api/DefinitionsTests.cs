using System.Net;
using System.Text.Json.Nodes;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// CustomResourceDefinitions: the status that the API server writes, and what it refuses, with the texts of Kubernetes 1.34.
/// </summary>
[Trait("Level", "pure")]
public sealed class DefinitionsTests
{
    private const string Path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Apply = "?fieldManager=test&force=true";

    [Fact]
    public async Task Apply_creates_and_changes_with_stored_versions()
    {
        await using var api = await ApiFixture.StartAsync();

        var made = await ApplyAsync(api, Crd(["v1alpha1"], "one"));
        var changed = await ApplyAsync(api, Crd(["v1alpha1", "v1"], "two"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (made.Code, changed.Code));
        Assert.Equal("""["v1alpha1"]""", Stored(made.Body));
        Assert.Equal("""["v1alpha1","v1"]""", Stored(changed.Body));
        var read = (await api.GetAsync($"{Path}/apples.example.com")).Body;
        Assert.Equal(["v1alpha1", "v1"], read["spec"]!["versions"]!.AsArray().Select(version => (string?)version!["name"]));
        Assert.Equal("two", (string?)read["metadata"]!["annotations"]!["note"]);
        Assert.Single((await api.GetAsync(Path)).Items);
    }

    [Fact]
    public async Task Stored_version_cannot_be_removed()
    {
        await using var api = await ApiFixture.StartAsync();
        await ApplyAsync(api, Crd(["v1alpha1"], "one"));

        var refused = await ApplyAsync(api, Crd(["v1"], "two"));

        Assert.Equal((HttpStatusCode)422, refused.Code);
        Assert.Equal(
            "CustomResourceDefinition.apiextensions.k8s.io \"apples.example.com\" is invalid: status.storedVersions[0]: Invalid "
                + "value: \"v1alpha1\": missing from spec.versions; v1alpha1 was previously a storage version, and must remain "
                + "in spec.versions until a storage migration ensures no data remains persisted in v1alpha1 and removes "
                + "v1alpha1 from status.storedVersions",
            refused.Message
        );
        Assert.Equal("""["v1alpha1"]""", Stored((await api.GetAsync($"{Path}/apples.example.com")).Body));
    }

    [Theory]
    [InlineData(
        "\"plural\":\"apples\"",
        "\"plural\":\"pears\"",
        "metadata.name: Invalid value: \"apples.example.com\": must be spec"
    )]
    [InlineData("\"storage\":true", "\"storage\":false", "spec.versions: Invalid value: must have exactly one version marked")]
    public async Task Wrong_definition_is_refused(string right, string wrong, string why)
    {
        await using var api = await ApiFixture.StartAsync();

        var refused = await ApplyAsync(api, Crd(["v1"], "one").Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode)422, refused.Code);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Empty((await api.GetAsync(Path)).Items);
    }

    private static Task<Reply> ApplyAsync(ApiFixture api, string crd) =>
        api.SendAsync(HttpMethod.Patch, $"{Path}/apples.example.com{Apply}", crd, contentType: "application/apply-patch+yaml");

    private static string Stored(JsonNode crd) => crd["status"]!["storedVersions"]!.ToJsonString();

    private static string Crd(string[] versions, string note) =>
        new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = "apples.example.com",
                ["annotations"] = new JsonObject { ["note"] = note },
            },
            ["spec"] = new JsonObject
            {
                ["group"] = "example.com",
                ["names"] = new JsonObject { ["plural"] = "apples", ["kind"] = "Apple" },
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray([
                    .. versions.Select(version => new JsonObject
                    {
                        ["name"] = version,
                        ["served"] = true,
                        ["storage"] = version == versions[^1],
                    }),
                ]),
            },
            ["status"] = new JsonObject { ["storedVersions"] = new JsonArray("v9") },
        }.ToJsonString();
}
