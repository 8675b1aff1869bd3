using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Constructs.Admission;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Services;

/// <summary>
/// The way of an HTTP-01 certificate in each environment: the objects of the admission cases
/// (<c>own-host-names/accepted-solver-...</c>), which cert-manager 1.21 makes, fit the listeners and the network policies that
/// the stacks deliver. <see cref="RunLiveTests"/> sends them through admission, limit ranges, Pod Security and quotas.
/// </summary>
[Trait("Level", "synthesized")]
public sealed class CertificateWayTests(SynthesizedPlatform platform)
{
    public static TheoryData<string> Environments =>
        [.. Inventory.Platform.Applications.Where(one => one.Exposure is not null).Select(one => one.Name.Text)];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Solver_route_fits_a_listener_and_reaches_the_solver(string environment)
    {
        var (route, service, pod) = (Solver("route", environment), Solver("service", environment), Solver("pod", environment));
        var host = route["spec"]!["hostnames"]!.AsArray().Single()!.GetValue<string>();
        var gateway = Object("Gateway");
        var listener = gateway["spec"]!["listeners"]!
            .AsArray()
            .Single(one => Matches(one!["hostname"]!.GetValue<string>(), host))!;
        Assert.Equal(environment, listener["name"]!.GetValue<string>());
        // ACME asks at port 80.
        Assert.Equal(("HTTP", 80), (listener["protocol"]!.GetValue<string>(), listener["port"]!.GetValue<int>()));
        Assert.Equal(
            environment,
            listener["allowedRoutes"]!["namespaces"]!["selector"]!["matchLabels"]!["environment"]!.GetValue<string>()
        );
        var parent = route["spec"]!["parentRefs"]!.AsArray().Single()!;
        Assert.Equal(gateway["metadata"]!["name"]!.GetValue<string>(), parent["name"]!.GetValue<string>());
        Assert.Equal(gateway["metadata"]!["namespace"]!.GetValue<string>(), parent["namespace"]!.GetValue<string>());

        var backend = route["spec"]!["rules"]![0]!["backendRefs"]!.AsArray().Single()!;
        Assert.Equal(service["metadata"]!["name"]!.GetValue<string>(), backend["name"]!.GetValue<string>());
        Assert.Equal(service["spec"]!["ports"]![0]!["port"]!.GetValue<int>(), backend["port"]!.GetValue<int>());
        Assert.All(
            service["spec"]!["selector"]!.AsObject(),
            label => Assert.Equal($"{label.Value}", $"{pod["metadata"]!["labels"]![label.Key]}")
        );
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Network_policies_let_the_gateway_reach_the_solver_only(string environment)
    {
        var cluster = SynthesizedCluster.Read(platform.Shipped.Folder);
        var pod = Solver("pod", environment);
        var solver = new Pod
        {
            Namespace = environment,
            Name = "solver",
            Labels = pod["metadata"]!["labels"]!.AsObject().ToDictionary(one => one.Key, one => $"{one.Value}"),
            Ports = [new(8089, "http")],
        };
        var proxy = Of("system", SegmentLabels.OwningGateway, Inventory.Platform.Project);
        var evaluator = new Evaluator(cluster);

        Assert.True(evaluator.Evaluate(proxy, solver, new(8089)).Allowed);
        foreach (var other in Inventory.Platform.Applications.Where(one => one.Name.Text != environment))
            Assert.False(evaluator.Evaluate(Of(other.Name.Text, "app", "shop"), solver, new(8089)).Allowed);
        // cert-manager asks for the answer itself before it tells the ACME server, through the public address.
        var outside = new Outside("outside", AddressBlock.Of("203.0.113.0/24"));
        Assert.True(evaluator.Evaluate(Of("system", "app.kubernetes.io/name", "cert-manager"), outside, new(80)).Allowed);
    }

    /// <summary>The cases contain what the issuer's solver says, not other values.</summary>
    [Theory]
    [MemberData(nameof(Environments))]
    public void Cases_of_the_solver_follow_the_issuer(string environment)
    {
        var issuer = Object("ClusterIssuer");
        var solver = issuer["spec"]!["acme"]!["solvers"]!.AsArray().Single()!["http01"]!["gatewayHTTPRoute"]!;
        var challenge = Solver("challenge", environment, prefix: "")["spec"]!;
        Assert.Equal(issuer["metadata"]!["name"]!.GetValue<string>(), challenge["issuerRef"]!["name"]!.GetValue<string>());
        Assert.Equal(
            solver["serviceType"]!.GetValue<string>(),
            Solver("service", environment)["spec"]!["type"]!.GetValue<string>()
        );
        Assert.Equal(solver["parentRefs"]!.ToJsonString(), Solver("route", environment)["spec"]!["parentRefs"]!.ToJsonString());
        Assert.All(
            solver["podTemplate"]!["metadata"]!["labels"]!.AsObject(),
            label => Assert.Equal($"{label.Value}", $"{Solver("pod", environment)["metadata"]!["labels"]![label.Key]}")
        );
    }

    private static bool Matches(string pattern, string host) =>
        pattern.StartsWith('*') && host.EndsWith(pattern[1..], StringComparison.Ordinal);

    private static Pod Of(string space, string label, string value) =>
        new()
        {
            Namespace = space,
            Name = value,
            Labels = new Dictionary<string, string> { [label] = value },
        };

    private static JsonObject Object(string kind) =>
        EnvoyGateway.For(Inventory.Platform).Objects.Single().Objects.Single(one => one["kind"]!.GetValue<string>() == kind);

    private static JsonObject Solver(string part, string environment, string prefix = "solver-") =>
        AdmissionCase
            .All.Single(one => one.ToString() == $"own-host-names/accepted-{prefix}{part}-in-{environment}")
            .Request.Object!;
}
