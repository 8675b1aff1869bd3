using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>The whole output, stack by stack: a change shows in review as what it does to the JSON that Terraform reads.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class SnapshotTests(SynthesizedPlatform platform)
{
    /// <summary>Set to 1 to write what was synthesized over the snapshots. Never heeded where CI=true.</summary>
    private const string Accept = "ACCEPT_SNAPSHOTS";

    private static readonly string[] s_stacks = [.. StackNames.Waves(Inventory.Platform).SelectMany(wave => wave)];

    public static TheoryData<string> Stacks => [.. s_stacks];

    [Theory]
    [MemberData(nameof(Stacks))]
    public void A_stack_is_what_its_snapshot_says(string stack) =>
        Match($"{stack}.json", Unfolded(platform.Shipped.Stacks[stack].Json));

    [Fact]
    public void There_is_a_snapshot_for_every_stack_and_no_other() =>
        Assert.Equal(s_stacks.Order(), platform.Shipped.Stacks.Keys.Order());

    [Fact]
    public void No_state_address_changes_unnoticed() =>
        Match(
            "addresses.txt",
            string.Concat(
                platform
                    .Shipped.Resources.Select(resource => $"{resource.Stack} {resource.Address}\n")
                    .Order(StringComparer.Ordinal)
            ),
            "An address that goes is destroyed and one that comes is created, even if it is the same thing under another name: "
                + "write a `moved` block, or say in the commit why it may be destroyed."
        );

    private static void Match(string name, string actual, string advice = "")
    {
        var file = Repository.PathOf("tests", "snapshots", name);
        var expected = File.Exists(file) ? File.ReadAllText(file) : "";
        actual = actual.TrimEnd('\n') + "\n";
        if (expected == actual)
            return;
        var inCi = System.Environment.GetEnvironmentVariable("CI") == "true";
        if (System.Environment.GetEnvironmentVariable(Accept) == "1" && !inCi)
        {
            File.WriteAllText(file, actual);
            return;
        }
        Assert.Fail(
            $"tests/snapshots/{name} differs from what was synthesized. {advice}\n{Differences(expected, actual)}\n"
                + $"To accept: {Accept}=1 dotnet test --filter FullyQualifiedName~SnapshotTests, then review and commit the difference."
        );
    }

    /// <summary>The JSON with Helm values and dashboards, which Terraform takes as text, unfolded under "(json)": a review reads them line by line.</summary>
    private static string Unfolded(JsonNode node) => Unfold(node)!.ToJsonString(s_readable);

    private static JsonNode? Unfold(JsonNode? node) =>
        node switch
        {
            JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Unfold(field.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Unfold)]),
            JsonValue value when value.TryGetValue<string>(out var text) && IsJson(text) => new JsonObject
            {
                ["(json)"] = Unfold(JsonNode.Parse(text)),
            },
            _ => node?.DeepClone(),
        };

    // "{{" begins a template of Prometheus.
    private static bool IsJson(string text) => text.StartsWith('{') && !text.StartsWith("{{", StringComparison.Ordinal);

    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Enough of a difference to see what it is about; `git diff` after accepting shows the whole.
    private static string Differences(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var gone = old.Except(now).Select(line => $"- {line}");
        var come = now.Except(old).Select(line => $"+ {line}");
        return string.Join('\n', gone.Concat(come).Select(line => line[..Math.Min(line.Length, 160)]).Take(40));
    }
}
