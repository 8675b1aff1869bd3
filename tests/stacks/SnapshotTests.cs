using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>One snapshot for each stack: a review shows the effect of a change on the JSON that Terraform reads.</summary>
[Trait("Level", "synthesized")]
public sealed class SnapshotTests(SynthesizedPlatform platform)
{
    /// <summary>Set to 1 to overwrite the snapshots with the synthesized output. Ignored if CI=true.</summary>
    private const string Accept = "ACCEPT_SNAPSHOTS";

    private static readonly string[] s_stacks = [.. StackNames.Waves(Inventory.Platform).SelectMany(wave => wave)];

    public static TheoryData<string> Stacks => [.. s_stacks];

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Stack_matches_its_snapshot(string stack) => Match($"{stack}.json", Unfolded(platform.Shipped.Stacks[stack].Json));

    [Fact]
    public void Stacks_are_exactly_those_with_a_snapshot() =>
        Assert.Equal(s_stacks.Order(), platform.Shipped.Stacks.Keys.Order());

    [Fact]
    public void State_addresses_match_their_snapshot() =>
        Match(
            "addresses.txt",
            string.Concat(
                platform
                    .Shipped.Resources.Select(resource => $"{resource.Stack} {resource.Address}\n")
                    .Order(StringComparer.Ordinal)
            ),
            "Terraform destroys the object of a removed address and creates an object for a new address, even if only the name "
                + "changed. Write a `moved` block, or state in the commit message why the object may be destroyed."
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
            $"tests/snapshots/{name} differs from the synthesized output. {advice}\n{Differences(expected, actual)}\n"
                + $"To accept: {Accept}=1 dotnet test --filter FullyQualifiedName~SnapshotTests, "
                + "then review and commit the difference."
        );
    }

    /// <summary>
    /// The JSON, with Helm values and dashboards as objects under "(json)". For Terraform they are text on one line, which is
    /// hard to review.
    /// </summary>
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

    // "{{" starts a Prometheus template.
    private static bool IsJson(string text) => text.StartsWith('{') && !text.StartsWith("{{", StringComparison.Ordinal);

    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // At most 40 lines of the difference. After accepting, `git diff` shows all of it.
    private static string Differences(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var removed = old.Except(now).Select(line => $"- {line}");
        var added = now.Except(old).Select(line => $"+ {line}");
        return string.Join('\n', removed.Concat(added).Select(line => line[..Math.Min(line.Length, 160)]).Take(40));
    }
}
