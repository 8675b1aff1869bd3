using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

/// <summary>
/// What Terraform answers to <c>show -json</c> for each case, from a plan of the shipped platform in the sandbox. The saved
/// documents have only what a summary reads: the objects that change, and of a Helm release the manifests that change.
/// </summary>
internal static class PlanDocuments
{
    private static readonly string[] s_folder = ["tests", "pipeline", "plan", "documents"];

    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The saved document of a stack in a case.</summary>
    public static JsonObject Read(PlanCase one, string stack) =>
        JsonNode.Parse(File.ReadAllText(Repository.PathOf([.. s_folder, $"{one.Name}.{stack}.json"])))!.AsObject();

    /// <summary>All saved documents.</summary>
    public static IEnumerable<(string Stack, JsonObject Document)> Saved =>
        from one in PlanCases.All
        from stack in one.Stacks
        select (stack, Read(one, stack));

    /// <summary>Compares the document of a stack in a case with the saved one, or accepts it.</summary>
    public static void Match(PlanCase one, string stack, JsonObject document) =>
        Golden.Match(document.ToJsonString(s_readable), [.. s_folder, $"{one.Name}.{stack}.json"]);

    /// <summary>Plans a case with the program and the real Terraform.</summary>
    /// <returns>What the command says, and the document of each stack.</returns>
    public static async Task<(string Output, IReadOnlyDictionary<string, JsonObject> Documents)> PlanAsync(
        PlanCase one,
        SynthesizedPlatform synthesized
    )
    {
        var sandbox = await DeployedPlatform.ForReadingAsync(synthesized);
        using var directory = new TemporaryDirectory();
        synthesized.CopyTo(one.Platform, directory.Path);
        var documents = new Dictionary<string, JsonObject>();
        var workspace = DeployedPlatform.WorkspaceOf(sandbox) with
        {
            Platform = one.Platform,
            Output = directory.Path,
            // An override is valid from its first day.
            Time = new SteppedClock(new(SampleOverrides.Opened, TimeOnly.MinValue, TimeSpan.Zero)),
            Called = call =>
            {
                if (call.Arguments[0] != "show")
                    return;
                lock (documents)
                    documents[call.Stack] = Trim(JsonNode.Parse(call.Result.Output)!.AsObject());
            },
        };
        foreach (var stack in one.Edit is null ? [] : one.Stacks)
        {
            var file = Path.Combine(workspace.Stack(stack).Path, "cdk.tf.json");
            var configuration = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
            one.Edit!(configuration);
            await File.WriteAllTextAsync(file, configuration.ToJsonString());
        }
        var (code, output, error) = await sandbox.RunAsync($"plan {string.Join(' ', one.Stacks)} --skip-synth", workspace);
        Assert.True(code == ExitCode.Done, $"{one}: {output}{error}");
        return (output, documents);
    }

    private static JsonObject Trim(JsonObject plan)
    {
        var trimmed = new JsonObject
        {
            ["format_version"] = plan["format_version"]?.DeepClone(),
            ["resource_changes"] = new JsonArray([
                .. plan["resource_changes"]!
                    .AsArray()
                    .Where(resource => resource!["change"]!["actions"]![0]!.GetValue<string>() is not ("no-op" or "read"))
                    .Select(resource => TrimResource(resource!.DeepClone().AsObject())),
            ]),
        };
        var outputs = (plan["output_changes"]?.AsObject() ?? []).Where(output =>
            output.Value!["actions"]![0]!.GetValue<string>() != "no-op"
        );
        trimmed["output_changes"] = new JsonObject(
            outputs.Select(output => KeyValuePair.Create(output.Key, output.Value?.DeepClone()))
        );
        return trimmed;
    }

    private static JsonObject TrimResource(JsonObject resource)
    {
        var change = resource["change"]!.AsObject();
        foreach (var side in new[] { "before", "after" })
            change[side] = WithoutSecrets(change[side], change[$"{side}_sensitive"]);
        if (resource["type"]!.GetValue<string>() != "helm_release")
            return resource;
        // It repeats the values.
        change["before"]!.AsObject().Remove("metadata");
        var (before, after) = (Values(change["before"]), Values(change["after"]));
        var same = Manifests(before).Select(one => one!.ToJsonString()).ToHashSet(StringComparer.Ordinal);
        same.IntersectWith(Manifests(after).Select(one => one!.ToJsonString()));
        foreach (var (side, values) in new[] { ("before", before), ("after", after) })
        {
            (values?["manifests"] as JsonArray)?.RemoveAll(one => same.Contains(one!.ToJsonString()));
            if (values is not null)
                change[side]!["values"] = new JsonArray(values.ToJsonString());
        }
        return resource;
    }

    private static JsonObject? Values(JsonNode? release) =>
        release?["values"] is JsonArray { Count: 1 } values ? JsonNode.Parse(values[0]!.GetValue<string>())!.AsObject() : null;

    private static JsonArray Manifests(JsonObject? values) => values?["manifests"] as JsonArray ?? [];

    // The secrets are made by the sandbox, but a file with something like a kubeconfig alarms every scanner.
    private static JsonNode? WithoutSecrets(JsonNode? value, JsonNode? sensitive) =>
        (value, sensitive) switch
        {
            (null, _) => null,
            (_, JsonValue mark) when mark.GetValueKind() == JsonValueKind.True => "(left out)",
            (JsonObject fields, JsonObject marks) => new JsonObject(
                fields.Select(field => KeyValuePair.Create(field.Key, WithoutSecrets(field.Value, marks[field.Key])))
            ),
            (JsonArray items, JsonArray marks) => new JsonArray([
                .. items.Select((item, index) => WithoutSecrets(item, index < marks.Count ? marks[index] : null)),
            ]),
            _ => value.DeepClone(),
        };
}
