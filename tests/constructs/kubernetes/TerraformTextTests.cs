using System.Diagnostics;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Kubernetes;

/// <summary>Text that Terraform does not interpret as a template.</summary>
public sealed class TerraformTextTests
{
    // Short pieces, so that many texts have template marks and marks that are already escaped.
    private static readonly Gen<string> s_texts = Gen.Elements("${", "%{", "$", "%", "{", "}", "~", "a", "\"", "\\", "\n", "ü")
        .ListOf()
        .Select(string.Concat);

    [Theory]
    [InlineData("", "")]
    [InlineData("$5 and 5%", "$5 and 5%")]
    [InlineData("{{ $value }}", "{{ $value }}")]
    [InlineData("${a}", "$${a}")]
    [InlineData("%{if a}", "%%{if a}")]
    [InlineData("$${a}", "$$${a}")]
    [InlineData("${${a}}", "$${$${a}}")]
    [Trait("Level", "pure")]
    public void Escape_doubles_the_mark_of_a_template_only(string text, string escaped) =>
        Assert.Equal(escaped, TerraformText.Escape(text));

    [Fact]
    [Trait("Level", "pure")]
    public void Escaped_text_is_the_text_after_unescaping() =>
        Examples.Satisfy(
            s_texts,
            text =>
                TerraformText
                    .Escape(text)
                    .Replace("$${", "${", StringComparison.Ordinal)
                    .Replace("%%{", "%{", StringComparison.Ordinal) == text
        );

    [Fact]
    [Trait("Level", "pure")]
    public void Json_is_compact_and_readable() =>
        Assert.Equal("""{"a":"<ü> \"$${b}\""}""", TerraformText.Json(new JsonObject { ["a"] = "<ü> \"${b}\"" }));

    [Fact]
    [Trait("Level", "real")]
    public void Terraform_reads_an_escaped_text_as_the_text() =>
        Examples.Satisfy(s_texts.ListOf(200), texts => Outputs(texts).SequenceEqual(texts), tests: 1);

    /// <summary>The texts as the outputs of a configuration that Terraform applied.</summary>
    private static IEnumerable<string> Outputs(IReadOnlyList<string> texts)
    {
        using var directory = new TemporaryDirectory();
        var outputs = texts.Select(
            (text, index) =>
                KeyValuePair.Create($"o{index}", (JsonNode?)new JsonObject { ["value"] = TerraformText.Escape(text) })
        );
        directory.Write("main.tf.json", new JsonObject { ["output"] = new JsonObject(outputs) }.ToJsonString());
        Terraform(directory.Path, "init", "-input=false");
        Terraform(directory.Path, "apply", "-auto-approve", "-input=false");
        var read = JsonNode.Parse(Terraform(directory.Path, "output", "-json"))!;
        return texts.Select((_, index) => read[$"o{index}"]!["value"]!.GetValue<string>());
    }

    private static string Terraform(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("terraform", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
        return output;
    }
}
