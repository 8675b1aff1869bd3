using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.State.Lookup;

/// <summary>
/// Terraform is killed while a create of every Linode type is in flight. The recovery looks for the objects and takes them; the
/// commands that it prints are run as they are.
/// </summary>
[Trait("Level", "real")]
public sealed partial class LookupRecoveryTests
{
    private static readonly string[] s_first =
    [
        "linode_vpc",
        "linode_firewall",
        "linode_lke_cluster",
        "linode_database_postgresql_v2",
        "linode_domain",
        "linode_object_storage_bucket",
        "linode_object_storage_key",
    ];

    // They need the id of an object that exists.
    private static readonly string[] s_second = ["linode_vpc_subnet", "linode_lock"];

    /// <summary>What recover says, in tests/pipeline/state/lookup/golden.</summary>
    [Theory]
    [InlineData("made", true, true)] // the objects exist
    [InlineData("not-made", false, true)]
    [InlineData("not-made-now", false, false)] // at once after the kill
    public async Task Creates_in_flight_are_answered_in_one_run(string name, bool exist, bool later)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await MakeStateBucketAsync(sandbox);
        var workspace = await KillAsync(sandbox, s_first, exist);
        var before = Ids(sandbox);
        if (later)
            workspace = workspace with { Time = Later() };

        var recovered = await sandbox.RunAsync("state recover core --yes", workspace);

        var left = Commands(recovered.Output);
        Match(name, sandbox, recovered.Output, workspace);
        Assert.Equal(left.Count == 0 ? ExitCode.Done : ExitCode.Failed, recovered.Code);
        if (left.Count > 0)
            await DoneAsync(sandbox, workspace, left[^1]);
        await RequireCompleteAsync(sandbox, workspace, before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Objects_below_others_are_found_there(bool exist)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = await KillAsync(sandbox, s_second, exist) with { Time = Later() };
        var before = Ids(sandbox);

        await DoneAsync(sandbox, workspace, "state recover core --yes");

        await RequireCompleteAsync(sandbox, workspace, before);
    }

    /// <summary>
    /// An empty list of another account says nothing. The state has objects, and none of them is in this account. The call was
    /// the only one in flight, so the journal has no object either.
    /// </summary>
    [Fact]
    public async Task Token_of_another_account_notes_nothing_as_absent()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        await using var other = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace;
        SmallPlatform.Synthesize(sandbox.Platform, workspace.Output, WithFirewall);
        await KillAsync(sandbox, StackNames.Core, ["linode_firewall"], exist: true);
        workspace = workspace with { Time = Later() };
        var elsewhere = WithTokenOf(other, workspace);

        var refused = await sandbox.RunAsync("state recover core --yes", elsewhere);

        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.DoesNotContain("core: does not exist: ", refused.Output, StringComparison.Ordinal);
        Assert.Single(Assert.Single(workspace.Journals.Of(StackNames.Core)).Read().InFlight);
        Match("other-account", sandbox, refused.Output, elsewhere);
        await DoneAsync(sandbox, workspace, "state recover core --yes");
        await DoneAsync(sandbox, workspace, "deploy core --yes --skip-synth");
        Assert.Single(sandbox.Sandbox.Account.Objects, item => item is { Type: "linode_firewall", Name: "more" });
    }

    /// <summary>Another platform is deployed in another account at the same time, with the same names.</summary>
    [Fact]
    public async Task Token_of_another_account_takes_nothing_from_it()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        await using var other = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace;
        SmallPlatform.Synthesize(sandbox.Platform, workspace.Output, WithFirewall);
        await KillAsync(sandbox, StackNames.Core, ["linode_firewall"], exist: true);
        SmallPlatform.Synthesize(other.Platform, other.Workspace.Output, OnlyFirewall);
        await DoneAsync(other, other.Workspace, "deploy core --yes --skip-synth");
        var elsewhere = WithTokenOf(other, workspace with { Time = Later() });

        var refused = await sandbox.RunAsync("state recover core --yes", elsewhere);

        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.DoesNotContain("imported into the state", refused.Output, StringComparison.Ordinal);
        var theirs = Assert.Single(other.Sandbox.Account.Objects, item => item.Type == "linode_firewall").Id;
        Assert.Contains("LINODE_TOKEN may be of another account: it has none of the ", refused.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            "  check LINODE_TOKEN, then look again:   state recover core --yes\n"
                + $"  if it is right, and it is this one:    state recover core --adopt 'linode_firewall.more={theirs}'\n"
                + "  if it is right, and it is another one: state recover core --absent 'linode_firewall.more'\n"
                + "core: 1 object(s) are left. Until then this stack cannot be planned.\n",
            refused.Output,
            StringComparison.Ordinal
        );
        await DoneAsync(sandbox, workspace with { Time = Later() }, "state recover core --yes");
        Assert.Single(sandbox.Sandbox.Account.Objects, item => item is { Type: "linode_firewall", Name: "more" });
    }

    /// <summary>The first apply was killed before anything was saved: no object is known that the account should have.</summary>
    [Fact]
    public async Task Account_of_which_nothing_is_known_is_asked_about()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = await KillAsync(sandbox, s_first, exist: false) with { Time = Later() };

        var asked = await sandbox.RunAsync("state recover core --yes", workspace);

        Assert.Equal(ExitCode.Failed, asked.Code);
        Assert.DoesNotContain("core: does not exist: ", asked.Output, StringComparison.Ordinal);
        Match("unknown-account", sandbox, asked.Output, workspace);
        await DoneAsync(sandbox, workspace, Commands(asked.Output)[^1]);
        await RequireCompleteAsync(sandbox, workspace, []);
    }

    [Theory]
    [InlineData("--absent linode_firewall.mroe", "--absent linode_firewall.mroe: allowed: linode_firewall.more")]
    [InlineData("--adopt linode_vpc.main=7", "--adopt linode_vpc.main: allowed: linode_firewall.more")]
    [InlineData("--absent linode_firewall.more --adopt linode_lock.a=7", "--adopt linode_lock.a: allowed: linode_firewall.more")]
    public async Task Answer_about_an_object_that_is_not_open_is_refused(string answer, string message)
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var workspace = sandbox.Workspace;
        SmallPlatform.Synthesize(sandbox.Platform, workspace.Output, WithFirewall);
        await KillAsync(sandbox, StackNames.Core, ["linode_firewall"], exist: true);
        var before = File.ReadAllText(Assert.Single(workspace.Journals.Of(StackNames.Core)).File);

        var refused = await sandbox.RunAsync($"state recover core {answer} --yes", workspace);

        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
        // Nothing changed, not even the lock.
        Assert.Equal(before, File.ReadAllText(Assert.Single(workspace.Journals.Of(StackNames.Core)).File));
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        Assert.NotNull(await StateLock.Of(buckets, workspace.Platform, StackNames.Core).ReadAsync(default));
    }

    /// <summary>
    /// A kill here, a deploy from another clone, a recovery here. Labels of clusters are not unique, so there are two.
    /// </summary>
    [Fact]
    public async Task Later_deploy_from_another_clone_hides_nothing()
    {
        const string type = "linode_lke_cluster";
        await using var sandbox = await SandboxFixture.StartAsync();
        using var clone = new TemporaryDirectory();
        sandbox.Sandbox.RecordIn(clone.Path);
        var workspace = sandbox.Workspace with { Synthesize = OnlyCluster };
        workspace.Synthesize(workspace.Platform, workspace.Output);
        await KillAsync(sandbox, StackNames.Core, [type], exist: true);
        await ReleaseAsync(workspace);
        var first = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == type).Id;
        var other = workspace with { Directory = clone.Path, Output = Path.Combine(clone.Path, "cdktf.out") };
        await DoneAsync(sandbox, other, "deploy core --yes");
        var second = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == type && item.Id != first).Id;

        var asked = await sandbox.RunAsync("state recover core --yes", workspace);

        Assert.Equal(ExitCode.Failed, asked.Code);
        Assert.Contains($"  to keep {second}: delete {first}, if nothing uses it, then ", asked.Output, StringComparison.Ordinal);
        Assert.Single(Assert.Single(workspace.Journals.Of(StackNames.Core)).Read().InFlight);
        sandbox.Sandbox.Account.Remove(type, first);
        await DoneAsync(sandbox, workspace, $"state recover core --absent {type}.main");
        await DoneAsync(sandbox, workspace, "drift core --skip-synth");
        Assert.Equal(second, Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == type).Id);
    }

    private static Workspace WithTokenOf(SandboxFixture other, Workspace workspace) =>
        workspace with
        {
            Environment = new Dictionary<string, string>(workspace.Environment)
            {
                ["LINODE_URL"] = other.Workspace.Environment["LINODE_URL"],
                ["LINODE_TOKEN"] = other.Workspace.Environment["LINODE_TOKEN"],
            },
        };

    private static void OnlyCluster(InfraCdktf.Environments.Model.PlatformSpec platform, string output) =>
        SmallPlatform.Synthesize(
            platform,
            output,
            (stack, configuration) =>
            {
                if (stack != StackNames.Core)
                    return;
                configuration.Remove("output");
                configuration["resource"] = JsonNode.Parse(
                    """
                    {
                      "linode_lke_cluster": {
                        "main": {
                          "label": "infra-core", "region": "us-ord", "k8s_version": "1.34",
                          "pool": [{ "type": "g6-standard-1", "count": 3 }]
                        }
                      }
                    }
                    """
                );
            }
        );

    /// <summary>The journal says which object it is: no state has it yet.</summary>
    [Fact]
    public async Task Adopted_object_must_not_be_of_another_create()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var workspace = sandbox.Workspace;
        SmallPlatform.Synthesize(sandbox.Platform, workspace.Output, WithFirewall);
        var journal = workspace.Journals.Begin(StackNames.Core);
        File.WriteAllLines(
            journal.File,
            [
                ApplyEvent.Line(ApplyEvent.Found, "linode_firewall.a", "linode_firewall", "77"),
                """{"type":"apply_start","hook":{"action":"create","resource":"""
                    + """{"addr":"linode_firewall.more","resource_type":"linode_firewall"}}}""",
            ]
        );

        var refused = await sandbox.RunAsync("state recover core --adopt linode_firewall.more=77 --yes", workspace);

        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains(
            "--adopt 'linode_firewall.more=77': linode_firewall.a has the linode_firewall with this id already",
            refused.Error,
            StringComparison.Ordinal
        );
    }

    private static void WithFirewall(string stack, JsonObject configuration)
    {
        if (stack != StackNames.Core)
            return;
        configuration["resource"]!["linode_firewall"]!["more"] = JsonNode.Parse(
            """{ "label": "more", "inbound_policy": "DROP", "outbound_policy": "ACCEPT" }"""
        );
    }

    // The names of buckets are unique among all accounts.
    private static void OnlyFirewall(string stack, JsonObject configuration)
    {
        if (stack != StackNames.Core)
            return;
        configuration.Remove("output");
        configuration["resource"] = new JsonObject { ["linode_firewall"] = new JsonObject() };
        WithFirewall(stack, configuration);
    }

    /// <summary>As <c>state bootstrap</c> makes it: the account has it before the first apply.</summary>
    private static async Task MakeStateBucketAsync(SandboxFixture sandbox)
    {
        using var api = new LinodeApi(sandbox.Workspace.Environment, TimeProvider.System);
        var (region, state) = (sandbox.Platform.Region, sandbox.Platform.State);
        await api.MakeBucketAsync(region, state.Bucket, state.Endpoint, default);
    }

    [Fact]
    public async Task Printed_command_answers_everything_that_is_clear()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = await KillAsync(sandbox, s_second, exist: true) with { Time = Later() };
        var before = Ids(sandbox);
        await ReleaseAsync(workspace);

        // No terminal: nobody can answer a question.
        var recovered = await sandbox.RunAsync("state recover core", workspace);

        Assert.Equal(ExitCode.Failed, recovered.Code);
        Match("nobody-answers", sandbox, recovered.Output, workspace);
        await DoneAsync(sandbox, workspace, Commands(recovered.Output)[^1]);
        await RequireCompleteAsync(sandbox, workspace, before);
    }

    [Fact]
    public async Task Api_that_does_not_answer_leaves_the_look_to_a_person()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = await KillAsync(sandbox, s_first, exist: true) with { Time = Later() };
        var refused = workspace with
        {
            Environment = new Dictionary<string, string>(workspace.Environment) { ["LINODE_TOKEN"] = "expired" },
        };

        var recovered = await sandbox.RunAsync("state recover core --yes", refused);

        Assert.Equal(ExitCode.Failed, recovered.Code);
        Match("api-refuses", sandbox, recovered.Output, workspace);
    }

    /// <summary>
    /// Objects of the same names that are older than the apply belong to somebody else: nothing takes them without an answer. The
    /// journal of the apply gets a later time here.
    /// </summary>
    [Theory]
    [InlineData(StackNames.Core, "linode_firewall", "older-linode")]
    [InlineData("development", "kubernetes_config_map_v1", "older-kubernetes")]
    public async Task Older_object_of_the_same_name_is_not_taken(string stack, string type, string name)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace;
        if (stack != StackNames.Core)
            await DoneAsync(sandbox, workspace, "deploy core system --yes");
        else
            await MakeStateBucketAsync(sandbox);
        await KillAsync(sandbox, stack, [type], exist: true);
        var journal = Assert.Single(workspace.Journals.Of(stack));
        var later = DateTimeOffset.UtcNow + TimeSpan.FromMinutes(10);
        var time = later.ToString("yyyyMMdd'T'HHmmssfff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        File.Move(journal.File, Path.Combine(Path.GetDirectoryName(journal.File)!, $"{stack}.{time}.moved.jsonl"));
        workspace = workspace with { Time = new FakeTimeProvider(later + TimeSpan.FromHours(1)) };
        await ReleaseAsync(workspace, stack);

        var recovered = await sandbox.RunAsync($"state recover {stack} --yes", workspace);

        Assert.Equal(ExitCode.Failed, recovered.Code);
        var lines = recovered.Output.Split('\n').Where(line => line.Contains(type, StringComparison.Ordinal));
        Match(name, sandbox, string.Join('\n', lines), workspace);
        // Others may have been in flight too.
        var answers = Commands(recovered.Output).Where(command => command.Contains("--adopt", StringComparison.Ordinal));
        var answer = string.Join(' ', answers.Select(command => command[command.IndexOf("--adopt", StringComparison.Ordinal)..]));
        await DoneAsync(sandbox, workspace, $"state recover {stack} {answer}");
    }

    /// <summary>
    /// With the token of another account nothing is found, also not what the journal says was created. Here the objects are
    /// removed, which looks the same.
    /// </summary>
    [Fact]
    public async Task Created_object_that_is_not_found_is_asked_about()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = await KillAsync(sandbox, s_second, exist: true) with { Time = Later() };
        var journal = Assert.Single(workspace.Journals.Of(StackNames.Core));
        var before = journal.Read();
        foreach (var item in sandbox.Sandbox.Account.Objects.Where(item => item.Provider == "linode"))
            sandbox.Sandbox.Account.Remove(item.Type, item.Id);

        var recovered = await sandbox.RunAsync("state recover core --yes", workspace);

        Assert.Equal(ExitCode.Failed, recovered.Code);
        Assert.Equal(s_first.Length, before.Created.Count);
        Assert.All(
            before.Created,
            item =>
                Assert.Contains(
                    $"core: created by this apply, and not found now: {item.Address}",
                    recovered.Output,
                    StringComparison.Ordinal
                )
        );
        // Nothing is noted as absent, also not what was in flight: the next run asks again.
        Assert.Equal(before.Created, journal.Read().Created);
        Assert.Equal(before.InFlight, journal.Read().InFlight);
        var answers = before.Created.Concat(before.InFlight).Select(item => $"--absent {item.Address}");
        await DoneAsync(sandbox, workspace, $"state recover core {string.Join(' ', answers)}");
        Assert.Empty(workspace.Journals.Of());
    }

    [Fact]
    public async Task Other_stack_is_compared_if_its_state_can_be_read()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        var key = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_object_storage_key");
        var environment = new Dictionary<string, string>(sandbox.Workspace.Environment);

        Assert.Equal(new HashSet<string> { key.Id }, (await KeysAsync()).Ids);
        Assert.Null((await KeysAsync()).NotCompared);
        environment[StateKeys.VariableOf(StackNames.State)] = StateKey.Generate().Base64;
        Assert.StartsWith("the state of state (", (await KeysAsync()).NotCompared, StringComparison.Ordinal);

        async Task<OtherIds> KeysAsync()
        {
            using var buckets = StateBuckets.Open(sandbox.Platform, environment);
            return await new OtherStates(sandbox.Workspace, buckets, StackNames.Core).IdsOfAsync(key.Type, default);
        }
    }

    /// <summary>The import of a new cluster waits until its kubeconfig can be read.</summary>
    [Fact]
    public async Task Import_that_waits_is_named_with_its_reason()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var time = Later();
        var workspace = await KillAsync(sandbox, s_second, exist: true) with { Time = time };
        var hold = new Hold();
        sandbox.Sandbox.Account.AddFault(
            new()
            {
                Operation = "import",
                Type = "linode_lke_cluster",
                Hold = hold,
            }
        );

        var recovery = sandbox.RunAsync("state recover core --yes", workspace);
        await hold.ReachedAsync(Patience.Token);
        time.Advance(LongStep.First);
        time.Advance(LongStep.Every);
        hold.Release();
        var (code, output, error) = await recovery;

        Assert.True(code == ExitCode.Done, output + error);
        var cluster = Assert.Single(sandbox.Sandbox.Account.Objects, item => item.Type == "linode_lke_cluster");
        var lines = output.Split('\n').Where(line => line.StartsWith("core: still ", StringComparison.Ordinal)).ToList();
        Assert.All(
            lines,
            line =>
                Assert.StartsWith(
                    $"core: still importing linode_lke_cluster.main with the id {cluster.Id}, since ",
                    line,
                    StringComparison.Ordinal
                )
        );
        Assert.Equal(["(10 s)", "(40 s)"], lines.Select(line => line[line.IndexOf('(')..(line.IndexOf(')') + 1)]));
        Assert.All(lines, line => Assert.Contains("kubeconfig can be read", line, StringComparison.Ordinal));
    }

    private static async Task<Workspace> KillAsync(SandboxFixture sandbox, IReadOnlyList<string> types, bool exist)
    {
        var workspace = sandbox.Workspace with { Synthesize = Synthesize };
        workspace.Synthesize(workspace.Platform, workspace.Output);
        await KillAsync(sandbox, StackNames.Core, types, exist);
        return workspace;
    }

    private static async Task KillAsync(SandboxFixture sandbox, string stack, IReadOnlyList<string> types, bool exist)
    {
        var workspace = sandbox.Workspace;
        if (!Directory.Exists(workspace.Output))
            workspace.Synthesize(workspace.Platform, workspace.Output);
        var hold = new Hold();
        foreach (var type in types)
        {
            sandbox.Sandbox.Account.AddFault(
                new()
                {
                    Operation = "create",
                    Type = type,
                    Hold = hold,
                    AfterEffect = exist,
                }
            );
        }
        var deploy = sandbox.RunAsync($"deploy {stack} --yes --skip-synth", workspace);
        foreach (var _ in types)
        {
            var reached = hold.ReachedAsync(Patience.Token);
            if (await Task.WhenAny(reached, deploy) == deploy)
                Assert.Fail($"The deploy ended before the calls: {await deploy}");
            await reached;
        }
        // The calls that ended before are in the journal when Terraform has seen their answers.
        var journal = Assert.Single(workspace.Journals.Of(stack));
        await FileChanges.UntilAsync(
            Path.GetDirectoryName(journal.File)!,
            () => journal.Read().InFlight.Select(item => item.Type).ToHashSet().SetEquals(types)
        );
        TerraformProcesses.Kill(workspace, stack);
        foreach (var _ in types)
            await hold.LeftAsync(Patience.Token);
        Assert.Equal(ExitCode.Failed, (await deploy).Code);
        sandbox.Sandbox.Account.ClearFaults();
    }

    /// <summary>Deploys the rest: everything exists once, and what existed before is the same object.</summary>
    private static async Task RequireCompleteAsync(SandboxFixture sandbox, Workspace workspace, IReadOnlyList<string> before)
    {
        Assert.Empty(workspace.Journals.Of());
        await DoneAsync(sandbox, workspace, "deploy core --yes --skip-synth");
        await DoneAsync(sandbox, workspace, "drift core --skip-synth");
        var now = sandbox
            .Sandbox.Account.Objects.Where(item => item.Provider == "linode" && item.Name != sandbox.Platform.State.Bucket)
            .ToList();
        Assert.Equal(
            s_first.Concat(s_second).Order(StringComparer.Ordinal),
            now.Select(item => item.Type).Order(StringComparer.Ordinal)
        );
        // A key is made again: its secret is shown only at creation.
        Assert.Empty(
            before.Where(id => !id.StartsWith("linode_object_storage_key", StringComparison.Ordinal)).Except(Ids(sandbox))
        );
    }

    // Not by "state unlock": it refuses while any terraform process runs that may hold the lock, and other tests run them.
    private static async Task ReleaseAsync(Workspace workspace, string stack = StackNames.Core)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var stateLock = StateLock.Of(buckets, workspace.Platform, stack);
        if (await stateLock.ReadAsync(default) is { } holder)
            await stateLock.ReleaseAsync(holder.Id, default);
    }

    private static IReadOnlyList<string> Ids(SandboxFixture sandbox) =>
        [.. sandbox.Sandbox.Account.Objects.Where(item => item.Provider == "linode").Select(item => item.Key)];

    // After the calls that were under way at the kill.
    private static FakeTimeProvider Later() => new(DateTimeOffset.UtcNow + Search.Settling + TimeSpan.FromMinutes(1));

    /// <summary>The commands that were printed. Here no argument needs its quotes.</summary>
    private static IReadOnlyList<string> Commands(string output) =>
        [
            .. output
                .Split('\n')
                .Select(line => Printed().Match(line))
                .Where(match => match.Success)
                .Select(match => match.Value.Replace("'", "", StringComparison.Ordinal)),
        ];

    private static void Match(string name, SandboxFixture sandbox, string output, Workspace workspace)
    {
        var text = Times().Replace(output, "TIME");
        text = text.Replace(workspace.Environment["LINODE_URL"], "URL", StringComparison.Ordinal);
        foreach (var item in sandbox.Sandbox.Account.Objects.Where(item => int.TryParse(item.Id, out _)))
            text = text.Replace(item.Id, $"<{item.Type}>", StringComparison.Ordinal);
        // The lock of a killed apply, and its evidence, are the subject of other tests.
        var lines = text.Split('\n')
            .Where(line =>
                !line.Contains("lock", StringComparison.Ordinal) || line.Contains("linode_lock", StringComparison.Ordinal)
            );
        Golden.Match(string.Join('\n', lines), "tests", "pipeline", "state", "lookup", "golden", $"{name}.txt");
    }

    private static async Task DoneAsync(SandboxFixture sandbox, Workspace workspace, string command)
    {
        var (code, output, error) = await sandbox.RunAsync(command, workspace);
        Assert.True(code == ExitCode.Done, $"{command} ended with {code}:\n{output}{error}");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ")]
    private static partial Regex Times();

    [GeneratedRegex(@"state recover \S+ --(adopt|absent) .*$")]
    private static partial Regex Printed();

    /// <summary>Only core, with one object of each type.</summary>
    private static void Synthesize(InfraCdktf.Environments.Model.PlatformSpec platform, string output) =>
        SmallPlatform.Synthesize(
            platform,
            output,
            (stack, configuration) =>
            {
                if (stack != StackNames.Core)
                    return;
                configuration.Remove("output");
                configuration["resource"] = JsonNode.Parse(
                    """
                    {
                      "linode_vpc": { "main": { "label": "infra-core", "region": "us-ord" } },
                      "linode_vpc_subnet": {
                        "nodes": { "vpc_id": "${tonumber(linode_vpc.main.id)}", "label": "nodes", "ipv4": "10.64.0.0/20" }
                      },
                      "linode_firewall": {
                        "nodes": { "label": "nodes", "inbound_policy": "DROP", "outbound_policy": "ACCEPT" }
                      },
                      "linode_lke_cluster": {
                        "main": {
                          "label": "infra-core", "region": "us-ord", "k8s_version": "1.34",
                          "pool": [{ "type": "g6-standard-1", "count": 3 }]
                        }
                      },
                      "linode_lock": {
                        "main": {
                          "entity_id": "${linode_lke_cluster.main.id}", "entity_type": "lkecluster", "lock_type": "cannot_delete"
                        }
                      },
                      "linode_database_postgresql_v2": {
                        "main": {
                          "label": "infra-pg", "engine_id": "postgresql/16", "region": "us-ord", "type": "g6-standard-1",
                          "cluster_size": 1
                        }
                      },
                      "linode_domain": {
                        "zone": { "domain": "platform.example.com", "type": "master", "soa_email": "a@example.com" }
                      },
                      "linode_object_storage_bucket": { "media": { "label": "infra-media", "region": "us-ord" } },
                      "linode_object_storage_key": { "read": { "label": "infra-read" } }
                    }
                    """
                );
            }
        );
}
