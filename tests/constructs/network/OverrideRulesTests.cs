using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Network;

/// <summary>
/// The effect of overrides and of other network settings of the inventory on the reachability matrix: each opens exactly the
/// declared connections.
/// </summary>
[Trait("Level", "synthesized")]
public sealed class OverrideRulesTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Override_opens_exactly_its_flow_between_environments()
    {
        var after = SynthesizedCluster.Read(platform.Of(SampleOverrides.WithPods).Folder);
        var before = SynthesizedCluster.Read(platform.Shipped.Folder);
        var landscape = Landscape.Of(after);

        Assert.Empty(AcrossApplications(before, landscape));
        Assert.Equal(["development/reports -> staging/api: TCP 8080"], AcrossApplications(after, landscape));
        Assert.Equal(["development/reports -> staging/api: TCP 8080"], Opened(before, after));
        // One of the two policies alone opens nothing. Both the egress and the ingress policy are necessary.
        Assert.All(
            new[] { "allow-override-report-import-egress", "allow-override-report-import-ingress" },
            name => Assert.Empty(AcrossApplications(Without(after, name), landscape))
        );
    }

    [Fact]
    public void Override_policies_have_annotations_with_the_record()
    {
        var output = platform.Of(SampleOverrides.WithPods);
        var policies = output
            .Resources.Where(resource =>
                resource.Type == "kubernetes_network_policy_v1" && resource.Name.Contains("override", StringComparison.Ordinal)
            )
            .ToList();

        Assert.Equal(["development", "staging"], policies.Select(policy => policy.Stack).Order());
        Assert.All(
            policies,
            policy =>
                Assert.Equal(
                    new Dictionary<string, string>
                    {
                        ["override/approved-by"] = "grace, linus",
                        ["override/expires"] = "2027-03-12",
                        ["override/opened"] = "2027-01-11",
                        ["override/requested-by"] = "ada",
                        ["override/ticket"] = "PLAT-17",
                        ["reason"] = "Reports are compared with staging's until the migration is done.",
                    },
                    policy.Metadata!["annotations"]!.AsObject().ToDictionary(one => one.Key, one => one.Value!.GetValue<string>())
                )
        );
    }

    [Fact]
    public void Override_to_an_outside_range_opens_only_that_range() =>
        Assert.Equal(
            ["development/reports -> 198.51.100.64/28: TCP 443"],
            Opened(
                SynthesizedCluster.Read(platform.Shipped.Folder),
                SynthesizedCluster.Read(platform.Synthesize(SampleOverrides.With(SampleOverrides.Outside)).Folder)
            )
        );

    /// <summary>The tier, and the expected connection to the API server on that tier.</summary>
    public static TheoryData<string, string> ApiServers =>
        new()
        {
            { "enterprise", "development/api-server -> kube-apiserver: all" },
            { "standard", "development/api-server -> outside: TCP 443, TCP 6443" },
        };

    [Theory]
    [MemberData(nameof(ApiServers))]
    public void Labelled_pods_reach_the_API_server_if_the_inventory_allows(string tier, string flow)
    {
        var (shipped, output) =
            tier == "standard" ? (Platforms.StandardTier, platform.Standard) : (Inventory.Platform, platform.Shipped);
        var before = SynthesizedCluster.Read(output.Folder);
        var after = SynthesizedCluster.Read(
            platform.Synthesize(Development(shipped, one => one with { ApiServerReason = "An operator of the team." })).Folder
        );

        // A Calico policy can only name an address range. It includes other outside addresses, but no pod of an environment.
        var opened = Opened(before, after);
        Assert.Contains(flow, opened);
        Assert.All(opened, line => Assert.StartsWith("development/api-server -> ", line, StringComparison.Ordinal));
        Assert.DoesNotContain(
            opened,
            line => Inventory.Platform.Environments.Any(one => line.Contains($"-> {one.Name}/", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Labelled_pods_reach_a_destination_of_the_inventory()
    {
        var after = Development(
            Inventory.Platform,
            one => one with { Destinations = [new("payments", "Card payments.", ["198.51.100.0/24"], [443, 8443])] }
        );

        Assert.Equal(
            ["development/to-payments -> 198.51.100.0/24: TCP 443, TCP 8443"],
            Opened(SynthesizedCluster.Read(platform.Shipped.Folder), SynthesizedCluster.Read(platform.Synthesize(after).Folder))
        );
    }

    [Fact]
    public void Team_with_talksWith_reaches_only_those_teams()
    {
        var cluster = SynthesizedCluster.Read(
            platform
                .Synthesize(
                    Development(
                        Inventory.Platform with
                        {
                            // Only development, so that the quotas of the teams fit into the pool.
                            Applications = [InfraCdktf.Environments.Development.Environment],
                        },
                        one =>
                            one with
                            {
                                Teams =
                                [
                                    new("bank", "#bank") { TalksWith = ["shop"] },
                                    new("shop", "#shop"),
                                    new("press", "#press"),
                                ],
                            }
                    )
                )
                .Folder
        );
        var flows = Matrix
            .Of(cluster)
            .Flows.Where(flow =>
                flow is { From: Pod { Namespace: "development-bank" }, To: Pod to } && to.Namespace != "kube-system"
            )
            .ToList();

        Assert.Equal(
            ["development-bank", "development-shop"],
            flows.Select(flow => ((Pod)flow.To).Namespace).Distinct().Order(StringComparer.Ordinal)
        );
    }

    private static PlatformSpec Development(
        PlatformSpec platform,
        Func<ApplicationEnvironmentSpec, ApplicationEnvironmentSpec> change
    ) =>
        platform with
        {
            Applications = [.. platform.Applications.Select(one => one.Name.Text == "development" ? change(one) : one)],
        };

    private static Cluster Without(Cluster cluster, string policy) =>
        cluster with
        {
            Policies = [.. cluster.Policies.Where(one => one.Name != policy)],
        };

    private static IEnumerable<string> AcrossApplications(Cluster cluster, Landscape landscape)
    {
        var names = Inventory.Platform.Applications.Select(one => one.Name.Text).ToList();
        return Matrix
            .Of(cluster, landscape.Endpoints, landscape.Ports)
            .Flows.Where(flow =>
                flow is { From: Pod from, To: Pod to }
                && from.Namespace != to.Namespace
                && names.Contains(from.Namespace)
                && names.Contains(to.Namespace)
            )
            .Select(flow => $"{flow}");
    }

    /// <summary>The connections that <paramref name="after"/> allows and <paramref name="before"/> does not allow.</summary>
    private static IReadOnlyList<string> Opened(Cluster before, Cluster after)
    {
        var landscape = Landscape.Of(after);
        var known = Matrix.Of(before, landscape.Endpoints, landscape.Ports).Flows.Select(flow => $"{flow}").ToHashSet();
        return
        [
            .. Matrix
                .Of(after, landscape.Endpoints, landscape.Ports)
                .Flows.Select(flow => $"{flow}")
                .Where(flow => !known.Contains(flow)),
        ];
    }
}
