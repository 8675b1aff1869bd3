using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Pipeline.Reachability;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.Validate;

/// <summary>The output of <c>validate</c> for the snapshots of the shipped platform, on fixed dates.</summary>
[Trait("Level", "pure")]
public sealed class ValidateCommandTests
{
    [Fact]
    public async Task Validate_prints_every_allowed_pair_of_environments()
    {
        var (code, output, _) = await RunAsync(["validate", "--matrix"], Shipped());

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("The inventory has no problem.", output, StringComparison.Ordinal);
        var names = Inventory.Platform.Environments.Select(environment => environment.Name.Text).ToList();
        Assert.All(names, name => Assert.Contains($"\n{name} -> {name}: all", output, StringComparison.Ordinal));
        foreach (var from in names.Skip(1))
        {
            Assert.Contains($"\nsystem -> {from}: all (infra -> from-gateway)\n", output, StringComparison.Ordinal);
            Assert.Contains($"\nsystem -> {from}: TCP 9464 (prometheus -> ", output, StringComparison.Ordinal);
            Assert.DoesNotContain($"\n{from} -> system:", output, StringComparison.Ordinal);
            foreach (var to in names.Skip(1).Where(to => to != from))
                Assert.DoesNotContain($"\n{from} -> {to}:", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Validate_json_has_every_section()
    {
        var (_, output, _) = await RunAsync(["validate", "--json"], Shipped());

        var json = JsonNode.Parse(output)!;
        Assert.Equal(
            ["schemaVersion", "problems", "overrides", "exceptions", "capacity", "matrix"],
            json.AsObject().Select(field => field.Key)
        );
        Assert.Empty(json["problems"]!.AsArray());
        Assert.Contains(
            json["matrix"]!["flows"]!.AsArray(),
            flow =>
                $"{flow!["from"]} {flow["to"]} {flow["ports"]}".StartsWith(
                    "system/infra staging/from-gateway",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Validate_lists_every_recorded_exception()
    {
        var workspace = On("2027-02-01");
        workspace = workspace with
        {
            Platform = workspace.Platform with
            {
                Applications =
                [
                    Staging.Environment with
                    {
                        PodSecurity = PodSecurityLevel.Baseline,
                        PodSecurityReason = "A vendor's agent.",
                    },
                    Development.Environment,
                ],
            },
        };
        var (_, output, _) = await RunAsync(["validate", "--json"], workspace);

        var exceptions = JsonNode.Parse(output)!["exceptions"]!.AsArray().Select(one => one!.AsObject()).ToList();
        Assert.Equal(
            "applications[staging].podSecurity: Pod Security level baseline (A vendor's agent.)",
            Assert.Single(exceptions.Where(one => (string?)one["kind"] == "podSecurity").Select(Line))
        );
        Assert.Contains(
            "controlPlaneAccess[office-vpn]: office-vpn (203.0.113.0/28) reaches the API server "
                + "(Engineers through the corporate VPN.)",
            exceptions.Select(Line)
        );
        Assert.Equal(
            Inventory.Platform.System.AdmissionExceptions.Select(exception => exception.Reason),
            exceptions.Where(one => (string?)one["kind"] == "admissionRule").Select(one => (string)one["reason"]!)
        );
        var last = exceptions[^1];
        Assert.Equal("2027-03-12", (string?)last["expires"]);
        Assert.Equal(
            "overrides[report-import]: pods of development with app=reports reach pods of staging with app=api on TCP 8080 "
                + $"({SampleOverrides.Pods.Reason})",
            Line(last)
        );

        static string Line(JsonObject one) => $"{one["place"]}: {one["allows"]} ({one["reason"]})";
    }

    [Fact]
    public async Task Validate_shows_the_capacity_of_each_namespace()
    {
        PlatformSpec platform = Platforms.Three with
        {
            Pools = Platforms.WithQa.Pools,
            Applications =
            [
                Development.Environment,
                Staging.Environment,
                Production.Environment with
                {
                    Teams = [new("shop", "#shop")],
                },
            ],
        };
        var workspace = Shipped() with { Platform = platform, SharedServices = _ => new(SampleWorkloads.All, []) };
        var (_, output, _) = await RunAsync(["validate"], workspace);
        var (_, json, _) = await RunAsync(["validate", "--json"], workspace);

        Assert.Matches(
            "staging +│ application-teams +│ 30 services x \\(2 \\+ 1\\) +│ 90 of 200 +│ 9 of 16 +│ 11.25 of 24 ",
            output
        );
        Assert.Matches("system-agents +│ platform-team +│ 1 workload\\(s\\) of shared services +│ 26 of 150 ", output);
        var capacity = JsonNode.Parse(json)!["capacity"]!;
        Assert.Equal(
            ["system", "system-agents", "system", "development", "staging", "production", "production-shop"],
            capacity["namespaces"]!.AsArray().Select(one => (string?)one!["namespace"])
        );
        Assert.Equal("#shop", (string?)capacity["namespaces"]!.AsArray()[^1]!["contact"]);
        Assert.Equal("""{"needed":4864,"available":65536}""", capacity["addresses"]!["addresses"]!.ToJsonString());
        Assert.Contains(
            "Subnets have 4864 of 65536 addresses of the VPC's range 10.64.0.0/16.",
            output,
            StringComparison.Ordinal
        );
        Assert.Equal("""{"needed":5,"available":150}""", capacity["namespaces"]![0]!["pods"]!.ToJsonString());
        Assert.Equal("""{"needed":1.6,"available":14}""", capacity["namespaces"]![0]!["requestsCpu"]!.ToJsonString());
        Assert.Equal(
            ["kube-prometheus-stack", "node-exporter", "daemonSet", "26", "50m", "32Mi", "250m", "128Mi"],
            capacity["sharedServices"]![2]!.AsObject().Select(field => $"{field.Value}")
        );
    }

    [Fact]
    public async Task Validate_refuses_shared_services_above_the_quota()
    {
        var workspace = Shipped() with { SharedServices = _ => new([SampleWorkloads.Gateway with { Replicas = 1000 }], []) };
        var (code, output, _) = await RunAsync(["validate"], workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("INF-410", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_refuses_a_missing_Secret_of_a_shared_service()
    {
        var workspace = Shipped() with { SharedServices = _ => new([], [new("storage", ["key"])]) };
        var (code, output, _) = await RunAsync(["validate"], workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("INF-611", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_explain_shows_the_deciding_rule_at_each_end()
    {
        const string Egress = "allow-dns, allow-inside-egress, default-deny";
        var (code, output, _) = await RunAsync(["validate", "--explain", "development/api", "staging/api:8080"], Shipped());

        Assert.Equal(ExitCode.Done, code);
        Assert.EndsWith(
            $"""

            development/api has labels app.kubernetes.io/name=api
            staging/api has labels app.kubernetes.io/name=api
            development/api -> staging/api TCP 8080: denied
              egress of development/api: denied, no rule of {Egress} allows it
              ingress of staging/api: denied, no rule of allow-from-prometheus, allow-inside-ingress, default-deny allows it

            """,
            output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("system/infra", "staging/api,network.platform/from-gateway=true:8080", true)]
    [InlineData("system/prometheus", "staging/api:9464", true)]
    [InlineData("system/prometheus", "staging/api:8080", false)]
    [InlineData("development/api", "kube-system/dns:53/udp", true)]
    [InlineData("development/api", "8.8.8.8:53/udp", false)]
    [InlineData("system/alertmanager", "8.8.8.0/24:443", true)]
    [InlineData("development/api", "10.64.16.7:14312", false)]
    // No label opens a database, and no pod receives traces or logs.
    [InlineData("development/api,network.platform/datastore-pooler=true", "10.64.16.7:14312", false)]
    [InlineData("development/api", "system/web,network.platform/collector=true:4317", false)]
    [InlineData("system/grafana", "kube-apiserver:443", true)]
    [InlineData("staging/api", "kube-apiserver:443", false)]
    [InlineData("[2001:db8::1]", "system/infra:10080", true)]
    // The gateway has no listener with TLS.
    [InlineData("[2001:db8::1]", "system/infra:10443", false)]
    [InlineData("outside", "staging/api:443", false)]
    public async Task Validate_explain_answers_a_question(string from, string to, bool allowed)
    {
        var (code, output, error) = await RunAsync(["validate", "--json", "--explain", from, to], Shipped());

        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(allowed, JsonNode.Parse(output)!["answer"]!["allowed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Validate_explain_answers_for_each_named_protocol()
    {
        var (_, output, error) = await RunAsync(
            ["validate", "--json", "--explain", "development/api", "kube-system/dns:53/tcp,udp"],
            Shipped()
        );

        var answers = JsonNode.Parse(output)!["answers"]!.AsArray();
        Assert.True(answers.Count == 2, error);
        Assert.Equal(["TCP 53", "UDP 53"], answers.Select(answer => answer!["port"]!.GetValue<string>()));
        Assert.All(answers, answer => Assert.True(answer!["allowed"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("development/api", "staging/api", "without a port")]
    [InlineData("development/api", "staging/api:http", "not a port")]
    [InlineData("development/api", "staging/api:0", "not a port")]
    [InlineData("development/api", "staging/api:80/icmp", "not a port")]
    [InlineData("development/api", "staging/api:80/1", "not a port")]
    [InlineData("development/api", "staging/api:80/tcp,icmp", "not a port")]
    [InlineData("development/api", "staging/api:80/tcp,", "not a port")]
    [InlineData("010.64.18.1", "staging/api:80", "not an address: four numbers")]
    [InlineData("10.64.1", "staging/api:80", "not an address: four numbers")]
    [InlineData("10.064.0.0/16", "staging/api:80", "not an address: four numbers")]
    [InlineData("::ffff:10.64.18.1", "staging/api:80", "not a pod, an address or a name of the matrix")]
    [InlineData("developmnt/api", "staging/api:80", "not a namespace (existing: default, development")]
    [InlineData("development", "staging/api:80", "not a pod, an address or a name of the matrix")]
    [InlineData("development/api,app", "staging/api:80", "not label=value")]
    public async Task Validate_explain_refuses_a_malformed_question(string from, string to, string said)
    {
        var (code, _, error) = await RunAsync(["validate", "--explain", from, to], Shipped());

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_does_not_synthesize_an_invalid_inventory()
    {
        var workspace = Shipped() with
        {
            Platform = Inventory.Platform with { Project = "No" },
            Synthesize = (_, _) => throw new InvalidOperationException("Nothing may be synthesized here."),
        };
        var (code, output, _) = await RunAsync(["validate"], workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("INF-001", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("access list")]
    public async Task Command_without_synthesis_shows_what_to_run(string command)
    {
        using var empty = new TemporaryDirectory();
        var (code, _, error) = await RunAsync([.. command.Split(' '), "--skip-synth"], Shipped() with { Output = empty.Path });

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("does not exist. Run \"synth\" first, or omit --skip-synth.", error, StringComparison.Ordinal);
    }

    /// <summary>Dates of an override, the exit code of validate, and its message.</summary>
    public static TheoryData<string, int, string> Days =>
        new()
        {
            { "2027-01-10", ExitCode.Failed, "INF-821" },
            { "2027-02-01", ExitCode.Done, "The inventory has no problem." },
            { "2027-03-01", ExitCode.Done, "Override report-import ends on 2027-03-12, in 11 day(s)." },
            { "2027-03-12", ExitCode.Done, "in 0 day(s)." },
            { "2027-03-13", ExitCode.Failed, "INF-820" },
        };

    [Theory]
    [MemberData(nameof(Days))]
    public async Task Validate_checks_the_dates_of_an_override(string day, int expected, string said)
    {
        var (code, output, _) = await RunAsync(["validate"], On(day));

        Assert.Equal(expected, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan", "2027-03-13", "INF-820 overrides[report-import].expires: given 2027-03-12")]
    [InlineData("deploy --yes", "2027-03-13", "INF-820 overrides[report-import].expires: given 2027-03-12")]
    [InlineData("deploy --yes --skip-synth", "2027-01-10", "INF-821 overrides[report-import].opened: given 2027-01-11")]
    public async Task Plan_and_deploy_refuse_an_override_outside_its_dates(string command, string day, string said)
    {
        var workspace = On(day) with
        {
            Synthesize = (_, _) => throw new InvalidOperationException("Nothing may be synthesized here."),
        };
        var (code, output, error) = await RunAsync(command.Split(' '), workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(said, output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Short_form_fits_the_terminal_and_ends_with_the_verdict(int width)
    {
        var output = new StringWriter();
        var code = await CommandLine.RunAsync(["validate"], Shipped, output, TextWriter.Null, width: width);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("Open between application environments: nothing.", $"{output}", StringComparison.Ordinal);
        Assert.EndsWith("\nThe inventory has no problem.\n", $"{output}", StringComparison.Ordinal);
        Golden.Match($"{output}", "tests", "snapshots", "screens", $"validate-{width}.txt");
    }

    private static Workspace On(string day) =>
        Shipped() with
        {
            Platform = SampleOverrides.With(SampleOverrides.Pods),
            Time = new FakeTimeProvider(DateTimeOffset.Parse($"{day}T12:00Z", System.Globalization.CultureInfo.InvariantCulture)),
        };

    private static Workspace Shipped() =>
        new()
        {
            Platform = Inventory.Platform,
            Synthesize = (_, output) =>
            {
                foreach (var (stack, json) in ShippedPolicies.Stacks())
                {
                    var directory = Directory.CreateDirectory(Path.Combine(output, "stacks", stack)).FullName;
                    File.WriteAllText(Path.Combine(directory, "cdk.tf.json"), json.ToJsonString());
                }
            },
            Directory = "/nowhere",
            Output = "/nowhere/cdktf.out",
            Environment = new Dictionary<string, string> { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")! },
        };

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, Workspace workspace)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments, () => workspace, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
