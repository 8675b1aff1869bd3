using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Rehearsal;

[Trait("Level", "pure")]
public sealed class PlantedSecretsTests
{
    private readonly PlantedSecrets _secrets = new([Stack("system", "webhook", "password"), Stack("production", "password")]);

    [Fact]
    public void PlantedSecrets_has_one_secret_per_ephemeral_variable()
    {
        Assert.Equal(2, _secrets.Count);
        Assert.Equal(["TF_VAR_password", "TF_VAR_webhook"], _secrets.Environment.Select(variable => variable.Key));
        Assert.Equal(2, _secrets.Environment.Select(variable => variable.Value).Distinct().Count());
    }

    [Fact]
    public void Search_finds_a_value_inside_any_text() =>
        Examples.Satisfy(Surroundings, around => Finds(around.Before + Value + around.After), tests: 100);

    [Fact]
    public void Search_finds_a_value_inside_any_base64() =>
        Examples.Satisfy(
            Surroundings,
            around => Finds(Convert.ToBase64String(Encoding.UTF8.GetBytes(around.Before + Value + around.After))),
            tests: 100
        );

    [Fact]
    public void Search_finds_a_value_inside_a_saved_plan()
    {
        using var directory = new TemporaryDirectory();
        using (var plan = ZipFile.Open(Path.Combine(directory.Path, "core.tfplan"), ZipArchiveMode.Create))
        {
            using var entry = plan.CreateEntry("tfstate", CompressionLevel.SmallestSize).Open();
            entry.Write(Encoding.UTF8.GetBytes($$"""{"password":"{{Value}}"}"""));
        }
        File.WriteAllText(Path.Combine(directory.Path, "clean.log"), "nothing here");

        Assert.Equal([new SecretFound("password", "core.tfplan:tfstate")], _secrets.FindInFiles(directory.Path));
    }

    [Fact]
    public void Search_finds_added_values_and_values_inside_gzip()
    {
        var secrets = _secrets.With([KeyValuePair.Create("root_password", "1f3a77c0d2")]);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(Encoding.UTF8.GetBytes($"{Value} 1f3a77c0d2"));

        Assert.Equal(
            [new SecretFound("password", "configuration:unpacked"), new SecretFound("root_password", "configuration:unpacked")],
            secrets.Find("configuration", packed.ToArray())
        );
        Assert.Equal(2, secrets.Environment.Count());
    }

    [Fact]
    public void Search_ignores_other_runs_and_variable_names()
    {
        var other = new PlantedSecrets([Stack("system", "password")]);

        Assert.Empty(_secrets.Find("log", other.Environment.Single().Value));
        Assert.Empty(_secrets.Find("log", "var.password TF_VAR_password"));
    }

    private string Value => _secrets.Environment.Single(variable => variable.Key == "TF_VAR_password").Value;

    private bool Finds(string text) => _secrets.Find("here", text).SequenceEqual([new SecretFound("password", "here")]);

    private static Gen<(string Before, string After)> Surroundings { get; } =
        ArbMap.Default.GeneratorFor<UnicodeString>().Two().Select(pair => (pair.Item1.Get, pair.Item2.Get));

    private static StackDirectory Stack(string name, params string[] ephemeral)
    {
        var variables = ephemeral.Select(variable =>
            KeyValuePair.Create<string, JsonNode?>(variable, new JsonObject { ["ephemeral"] = true })
        );
        var plain = KeyValuePair.Create<string, JsonNode?>("plain", new JsonObject { ["type"] = "string" });
        return new(name, "/nowhere", new JsonObject { ["variable"] = new JsonObject(variables.Append(plain)) });
    }
}
