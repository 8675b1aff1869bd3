using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

[Trait("Level", "real")]
public sealed class PlanCommandTests
{
    [Fact]
    public async Task Plan_writes_text_markdown_and_json_of_one_model()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var (page, file) = (Path.Combine(sandbox.Directory, "new", "plan.md"), Path.Combine(sandbox.Directory, "plan.json"));

        var (code, text, error) = await sandbox.RunAsync($"plan core --markdown {page} --json {file}");

        Assert.True(code == ExitCode.Done, error);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.Equal(PlanSummary.SchemaVersion, json["schemaVersion"]!.GetValue<int>());
        var network = json["stacks"]![0]!["changes"]!
            .AsArray()
            .Single(one => one!["address"]!.GetValue<string>() == "linode_vpc.main")!;
        Assert.Equal("add", network["action"]!.GetValue<string>());
        Assert.Contains(
            network["attributes"]!.AsArray(),
            one => one!["path"]!.GetValue<string>() == "label" && one["after"]!.GetValue<string>() == "infra-core"
        );
        Assert.Contains("add     linode_vpc.main\n        label: infra-core\n", text, StringComparison.Ordinal);
        Assert.Contains("    hidden: added (sensitive)\n", text, StringComparison.Ordinal);
        var markdown = await File.ReadAllTextAsync(page);
        Assert.Contains("- add `linode_vpc.main`\n  - `label`: `infra-core`\n", markdown, StringComparison.Ordinal);
        Assert.All([text, markdown, json.ToJsonString()], one => Assert.DoesNotContain("not for others", one));
    }

    [Fact]
    public async Task Plan_without_values_shows_attributes_only()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var page = Path.Combine(sandbox.Directory, "plan.md");

        var (code, text, error) = await sandbox.RunAsync($"plan core --no-values --markdown {page} --json");

        Assert.True(code == ExitCode.Done, error);
        var markdown = await File.ReadAllTextAsync(page);
        Assert.All([text, markdown, error], one => Assert.DoesNotContain("infra-core", one, StringComparison.Ordinal));
        Assert.Contains("label: set\n", error, StringComparison.Ordinal);
        Assert.Contains("- `label`: `set`\n", markdown, StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(text)!["schemaVersion"]);
    }

    [Fact]
    public async Task Plan_refuses_a_markdown_file_before_it_plans()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var (code, output, error) = await sandbox.RunAsync($"plan core --markdown {sandbox.Directory}");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"--markdown: given \"{sandbox.Directory}\"", error, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.False(Directory.Exists(sandbox.Workspace.Output));
    }
}
