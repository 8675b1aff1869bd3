using System.Text.Json.Nodes;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Kubernetes;

/// <summary>Objects without a typed resource, in a release of the chart <c>charts/manifests</c>.</summary>
[Trait("Level", "synthesized")]
public sealed class ManifestsTests
{
    [Fact]
    public void Manifests_release_is_atomic_and_limited()
    {
        var (release, _) = Release(Object("ConfigMap", "a"));

        Assert.Equal("objects", release["name"]!.GetValue<string>());
        Assert.Equal("shop", release["namespace"]!.GetValue<string>());
        Assert.StartsWith("assets/", release["chart"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(release["repository"]);
        foreach (var flag in new[] { "atomic", "cleanup_on_fail", "wait" })
            Assert.True(release[flag]!.GetValue<bool>(), flag);
        Assert.Equal(300, release["timeout"]!.GetValue<int>());
        Assert.Equal(5, release["max_history"]!.GetValue<int>());
    }

    [Fact]
    public void Manifests_values_contain_the_objects_in_order_unchanged()
    {
        JsonObject[] objects = [Object("PodMonitor", "b"), Object("ConfigMap", "a"), Object("PodMonitor", "c")];

        var values = JsonNode.Parse(Assert.Single(Release(objects).Body["values"]!.AsArray())!.GetValue<string>())!;

        Assert.True(JsonNode.DeepEquals(new JsonArray([.. objects.Select(one => one.DeepClone())]), values["manifests"]));
    }

    [Fact]
    public void Manifests_kinds_are_listed_once()
    {
        var (_, kinds) = Release(Object("PodMonitor", "b"), Object("ConfigMap", "a"), Object("PodMonitor", "c"));

        Assert.Equal(["PodMonitor", "ConfigMap"], kinds);
    }

    private static JsonObject Object(string kind, string name) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name },
        };

    private static (JsonObject Body, IReadOnlyList<string> Kinds) Release(params JsonObject[] objects) =>
        SynthesizedPlatform.Construct(() =>
        {
            var stack = new TerraformStack(new App(), "shop");
            var manifests = new Manifests(
                stack,
                "objects",
                new()
                {
                    Name = "objects",
                    Namespace = "shop",
                    Objects = objects,
                }
            );
            var releases = JsonNode.Parse(Testing.Synth(stack))!["resource"]!["helm_release"]!.AsObject();
            return (Assert.Single(releases).Value!.AsObject(), manifests.Kinds.ToList());
        });
}
