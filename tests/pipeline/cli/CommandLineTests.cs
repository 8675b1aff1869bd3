using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

[Trait("Level", "pure")]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("plan nowhere", "STACK: given nowhere; allowed: state, core, system, development, staging, production.")]
    [InlineData("rehearse --seed many", "--seed: given many; allowed: a whole number from 0 to 2147483647.")]
    [InlineData(
        "rehearse --fault {\"operation\":\"destroy\",\"error\":\"no\"}",
        "There is no operation \"destroy\"; allowed: configure,"
    )]
    [InlineData("rehearse --fault {\"operation\":\"create\",\"hold\":1}", "hold must be true or false")]
    [InlineData("rehearse --fault {\"operation\":\"create\"}", "neither error nor hold")]
    [InlineData("rehearse --fault {\"nth\":0,\"error\":\"no\"}", "nth and times count from 1")]
    [InlineData("rehearse --fault [null]", "null is no fault")]
    [InlineData("rehearse --fault {", "--fault {")]
    [InlineData("rehearse --fault {\"operatoin\":\"create\"}", "operatoin")]
    [InlineData("rehearse --fault @/nowhere/fault.json", "--fault @/nowhere/fault.json: Could not find")]
    [InlineData("validate --json /dev/null/out.json", "--json: given \"/dev/null/out.json\": ")]
    [InlineData("validate --json ", "--json: given \"\": ")]
    [InlineData("deploy", "add --yes")]
    [InlineData("deploy --yes --json core", "Name stacks before --json")]
    [InlineData("destroy", "add --yes --confirm infra")]
    [InlineData("destroy --yes", "add --yes --confirm infra")]
    [InlineData("destroy --yes --confirm other", "This would destroy development, staging, production, system, core of infra.")]
    [InlineData("destroy state --yes --confirm infra", "destroy: given state; allowed: any other stack.")]
    [InlineData("destroy core system --yes --confirm infra", "development, staging, production depend on core; name them too.")]
    public async Task Command_with_wrong_usage_exits_64_and_shows_what_is_allowed(string arguments, string said)
    {
        var (code, output, error) = await RunAsync(arguments);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("synth")]
    [InlineData("plan")]
    [InlineData("deploy --yes")]
    [InlineData("rehearse")]
    public async Task Command_lists_inventory_problems_without_a_stack_trace(string arguments)
    {
        var workspace = Shipped() with
        {
            Platform = Inventory.Platform with { Project = "No" },
            Synthesize = (platform, _) => InventoryCheck.Require(platform),
            Directory = Path.GetTempPath(),
            Environment = Complete(),
        };
        var (code, output, error) = await RunAsync(arguments, workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("INF-001 project: given \"No\"", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "development,staging,production;system;core")]
    [InlineData("staging", "staging")]
    [InlineData("production system development staging", "development,staging,production;system")]
    public void Destroy_reverses_the_waves_and_keeps_the_state_stack(string names, string expected)
    {
        var waves = DestroyCommand.Reverse(Shipped(), names.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(expected, string.Join(';', waves.Select(wave => string.Join(',', wave))));
    }

    [Fact]
    public async Task Synth_with_json_writes_only_json_to_standard_output()
    {
        using var directory = new TemporaryDirectory();
        var workspace = Small(directory.Path);

        var (code, output, error) = await RunAsync("synth --json", workspace);

        Assert.Equal(ExitCode.Done, code);
        var stacks = JsonNode.Parse(output)!["stacks"]!.AsArray().Select(stack => Path.GetFileName(stack!.GetValue<string>()));
        Assert.Equal(["state", "core", "system", "development"], stacks);
        Assert.Contains(Path.Combine("core", "cdk.tf.json"), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synth_with_a_json_file_writes_text_to_standard_output()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "new", "out.json");

        var (_, output, error) = await RunAsync($"synth --json {file}", Small(directory.Path));

        Assert.NotNull(JsonNode.Parse(File.ReadAllText(file))!["seconds"]);
        Assert.Contains(Path.Combine("core", "cdk.tf.json"), output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Fact]
    public async Task Json_file_has_only_the_error_after_a_failed_run()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "out.json");
        File.WriteAllText(file, """{"stacks":[]}""");
        var workspace = Shipped() with { Synthesize = (_, _) => throw new PipelineException("enough") };

        var (code, _, _) = await RunAsync($"synth --json {file}", workspace);

        Assert.Equal(ExitCode.Failed, code);
        var document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Assert.Equal(["schemaVersion", "error"], document.Select(field => field.Key));
    }

    [Theory]
    [MemberData(nameof(Cultures.Names), MemberType = typeof(Cultures))]
    public async Task Command_writes_dates_and_numbers_the_same_for_every_user(string culture)
    {
        var seen = "";
        var run = Cultures.Under(
            culture,
            () =>
                RunAsync(
                    "synth",
                    Shipped() with
                    {
                        Synthesize = (_, _) =>
                        {
                            seen = $"{new DateTime(2026, 11, 30):yyyy-MM-dd} {1.5}";
                            throw new PipelineException("enough");
                        },
                    }
                )
        );
        await run;

        Assert.Equal("2026-11-30 1.5", seen);
    }

    [Fact]
    public async Task Command_does_not_block_the_caller_during_synthesis()
    {
        // Signal handling starts only after the call has returned.
        using var returned = new ManualResetEventSlim();
        var seen = false;
        var run = RunAsync(
            "synth",
            Shipped() with
            {
                Synthesize = (_, _) =>
                {
                    seen = returned.Wait(TimeSpan.FromSeconds(20));
                    throw new PipelineException("enough");
                },
            }
        );
        returned.Set();
        await run;

        Assert.True(seen);
    }

    [Fact]
    public void Fault_option_accepts_one_fault_a_list_or_a_file()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "fault.json");
        File.WriteAllText(file, """[{"operation":"create","nth":3,"error":"no"},{"operation":"read","hold":true}]""");

        Assert.Equal(
            [new Fault { Operation = "delete", Error = "no" }],
            RehearseCommand.Faults("""{"operation":"delete","error":"no"}""")
        );
        Assert.Equal(
            [(3, false), (1, true)],
            RehearseCommand.Faults($"@{file}").Select(fault => (fault.Nth, fault.Hold is not null))
        );
        Assert.Empty(RehearseCommand.Faults(null));
    }

    [Fact]
    public void InventoryChoice_accepts_a_type_and_refuses_a_wrong_name()
    {
        Assert.Same(Inventory.Platform, InventoryChoice.Platform(null));
        Assert.Same(Inventory.Platform, InventoryChoice.Platform("InfraCdktf.Environments.Inventory"));
        foreach (var wrong in (string[])["Inventory", "InfraCdktf.Environments.Platform", "System.String"])
            Assert.Contains(
                wrong,
                Assert.Throws<UsageException>(() => InventoryChoice.Platform(wrong)).Message,
                StringComparison.Ordinal
            );
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string arguments, Workspace? workspace = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync(arguments.Split(' '), () => workspace ?? Shipped(), output, error);
        return (code, output.ToString(), error.ToString());
    }

    // Everything that the commands need before they synthesize.
    private static Dictionary<string, string> Complete()
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
            ["AWS_ACCESS_KEY_ID"] = "id",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["LINODE_TOKEN"] = "token",
            ["KUBE_CONFIG_PATH"] = "/nowhere/kubeconfig",
            [StateKeys.TerraformVariable] = StateKey.Generate().Base64,
        };
        return environment;
    }

    private static Workspace Small(string directory) =>
        Shipped() with
        {
            Platform = SmallPlatform.Platform,
            Synthesize = SmallPlatform.Synthesize,
            Directory = directory,
            Output = Path.Combine(directory, "cdktf.out"),
        };

    private static Workspace Shipped() =>
        new()
        {
            Platform = Platforms.Three,
            Synthesize = (_, _) => throw new InvalidOperationException("Nothing may be synthesized here."),
            Directory = "/nowhere",
            Output = "/nowhere/cdktf.out",
            Environment = new Dictionary<string, string>(),
        };
}
