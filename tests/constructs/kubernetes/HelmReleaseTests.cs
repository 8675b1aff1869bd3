using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Kubernetes;

/// <summary>Helm releases: the exact version, the limits, and the values of a chart.</summary>
[Trait("Level", "synthesized")]
public sealed partial class HelmReleaseTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Release_is_atomic_with_an_exact_version_and_limits()
    {
        var release = Release(new() { ["grafana"] = new JsonObject { ["adminSecret"] = "grafana-admin" } });

        Assert.Equal("cache", release["name"]!.GetValue<string>());
        Assert.Equal("shop", release["namespace"]!.GetValue<string>());
        Assert.Equal("redis", release["chart"]!.GetValue<string>());
        Assert.Equal("https://charts.example.com", release["repository"]!.GetValue<string>());
        Assert.Equal("1.2.3", release["version"]!.GetValue<string>());
        foreach (var flag in new[] { "atomic", "cleanup_on_fail", "wait", "wait_for_jobs" })
            Assert.True(release[flag]!.GetValue<bool>(), flag);
        Assert.Equal(420, release["timeout"]!.GetValue<int>());
        Assert.Equal(5, release["max_history"]!.GetValue<int>());
        Assert.Null(release["depends_on"]);
        Assert.Equal(
            """{"grafana":{"adminSecret":"grafana-admin"}}""",
            Assert.Single(release["values"]!.AsArray())!.GetValue<string>()
        );
    }

    [Fact]
    public void Release_values_keep_template_marks_as_text() =>
        Assert.Equal(
            """{"text":"$${a} %%{b} \"quoted\" ü"}""",
            Assert.Single(Release(new() { ["text"] = "${a} %{b} \"quoted\" ü" })["values"]!.AsArray())!.GetValue<string>()
        );

    [Fact]
    public void Release_depends_on_the_given_resources()
    {
        var releases = Releases(stack =>
            {
                var first = New(stack, "first", []);
                _ = New(stack, "second", [], first.Resource);
            })
            .ToDictionary(
                release => release.Value!["name"]!.GetValue<string>(),
                release => (Address: $"helm_release.{release.Key}", DependsOn: release.Value!["depends_on"] as JsonArray)
            );

        Assert.Equal(releases["first"].Address, Assert.Single(releases["second"].DependsOn!)!.GetValue<string>());
    }

    [Fact]
    public void Helm_releases_are_pinned_atomic_and_limited_in_time()
    {
        var releases = platform.Shipped.Resources.Where(resource => resource.Type == "helm_release").ToList();
        Assert.NotEmpty(releases);
        Assert.All(
            releases,
            release =>
            {
                var local = release.Body["chart"]!.GetValue<string>().StartsWith("assets/", StringComparison.Ordinal);
                Assert.True(
                    local != ExactVersion().IsMatch(release.Body["version"]?.GetValue<string>() ?? ""),
                    $"{release}: version \"{release.Body["version"]}\" is not an exact version."
                );
                Assert.Equal(local, release.Body["repository"] is null);
                foreach (var flag in new[] { "atomic", "cleanup_on_fail", "wait" })
                    Assert.True(release.Body[flag]!.GetValue<bool>(), $"{release}: {flag}");
                Assert.InRange(release.Body["timeout"]!.GetValue<int>(), 60, 1800);
                Assert.InRange(release.Body["max_history"]!.GetValue<int>(), 1, 10);
            }
        );
    }

    /// <summary>The commands read it: <c>charts crds</c>, <c>plan</c> and <c>deploy</c>.</summary>
    [Fact]
    public void Release_says_which_API_groups_its_crds_folder_has()
    {
        var groups = platform
            .Shipped.Resources.Where(resource => resource.Type == "helm_release")
            .Where(release => release.Body["//"]!["crd_groups"] is not null)
            .ToDictionary(
                release => release.Body["name"]!.GetValue<string>(),
                release => release.Body["//"]!["crd_groups"]!.ToJsonString()
            );

        Assert.Equal("""["monitoring.coreos.com"]""", groups["kube-prometheus-stack"]);
        Assert.Equal(["envoy-gateway", "kube-prometheus-stack", "sealed-secrets"], groups.Keys.Order());
    }

    /// <summary>
    /// The chart of Envoy Gateway installs the experimental channel; nothing of ours needs it (docs/adr/0018). The list is that
    /// of config/crd/standard in kubernetes-sigs/gateway-api, v1.5 and newer.
    /// </summary>
    [Fact]
    public void Gateway_API_objects_are_those_of_the_standard_channel()
    {
        string[] standard =
        [
            "BackendTLSPolicy",
            "GRPCRoute",
            "Gateway",
            "GatewayClass",
            "HTTPRoute",
            "ListenerSet",
            "ReferenceGrant",
            "TLSRoute",
        ];
        var used = platform
            .Shipped.Resources.Where(resource => resource.Type == "helm_release")
            .SelectMany(release => Objects(JsonNode.Parse(release.Body["values"]![0]!.GetValue<string>())))
            .Where(item => item["apiVersion"]!.ToString().StartsWith("gateway.networking.", StringComparison.Ordinal))
            .Select(item => $"{item["apiVersion"]} {item["kind"]}")
            .Distinct()
            .ToList();

        Assert.Contains("gateway.networking.k8s.io/v1 Gateway", used);
        Assert.All(used, item => Assert.Contains(item, standard.Select(kind => $"gateway.networking.k8s.io/v1 {kind}")));
    }

    // Objects may be anywhere in the values of a chart.
    private static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node switch
        {
            JsonObject item => item.SelectMany(field => Objects(field.Value))
                .Concat(item["apiVersion"] is JsonValue && item["kind"] is JsonValue ? [item] : []),
            JsonArray list => list.SelectMany(Objects),
            _ => [],
        };

    [Fact]
    public void Helm_values_are_literal_json()
    {
        foreach (var release in platform.Shipped.Resources.Where(resource => resource.Type == "helm_release"))
        {
            var values = Assert.Single(release.Body["values"]!.AsArray())!.GetValue<string>();
            Assert.DoesNotMatch(@"(?<!\$)\$\{", values);
            Assert.NotNull(JsonNode.Parse(values));
        }
    }

    private static JsonObject Release(JsonObject values) =>
        Assert.Single(Releases(stack => New(stack, "cache", values))).Value!.AsObject();

    private static JsonObject Releases(Action<TerraformStack> fill) =>
        SynthesizedPlatform.Construct(() =>
        {
            var stack = new TerraformStack(new App(), "shop");
            fill(stack);
            return JsonNode.Parse(Testing.Synth(stack))!["resource"]!["helm_release"]!.AsObject();
        });

    private static HelmRelease New(
        TerraformStack stack,
        string name,
        JsonObject values,
        params ITerraformDependable[] dependsOn
    ) =>
        new(
            stack,
            name,
            new()
            {
                Name = name,
                Chart = new("redis", "https://charts.example.com", "1.2.3"),
                Namespace = "shop",
                Values = values,
                TimeoutSeconds = 420,
                DependsOn = dependsOn,
            }
        );

    [GeneratedRegex(@"^v?\d+\.\d+\.\d+\z")]
    private static partial Regex ExactVersion();
}
