using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Tests.Sandbox.Values;

/// <summary>Terraform reads the same schemas from the stand-in providers as from the real providers.</summary>
[Trait("Level", "real")]
public sealed class SchemaTests : SandboxTest
{
    [Fact]
    public async Task Terraform_reads_the_schemas_of_the_real_providers()
    {
        using var terraform = new TerraformRunner(Cloud, Head);
        (await terraform.RunAsync("init")).Expect(0);
        var seen = JsonNode.Parse((await terraform.RunAsync("providers", "schema", "-json")).Expect(0).Text)![
            "provider_schemas"
        ]!;
        foreach (var name in new[] { "linode-3.13.0", "kubernetes-2.38.0", "helm-3.1.1" })
        {
            var schema = ProviderSchema.Load(name);
            Assert.Empty(Differences(schema.Json, seen[schema.Address], "").Take(5));
        }
    }

    private static IEnumerable<string> Differences(JsonNode? a, JsonNode? b, string path)
    {
        // Terraform prints "plain" if a provider gives no kind. The schema files omit it.
        if (a is JsonObject x && b is JsonObject y)
            return x.Select(f => f.Key)
                .Union(y.Select(f => f.Key))
                .Where(k => k != "description_kind" || x[k]?.ToString() == "markdown")
                .SelectMany(k => Differences(x[k], y[k], $"{path}/{k}"));
        return JsonNode.DeepEquals(a, b) ? [] : [$"{path}: {a?.ToJsonString()} and {b?.ToJsonString()}"];
    }
}
