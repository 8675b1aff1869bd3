using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>Text that Terraform is to take as it is.</summary>
public static class TerraformText
{
    // Quotes and non-ASCII letters stay as they are: the text lands in a file that people read and diff.
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compact JSON, escaped for Terraform.</summary>
    public static string Json(JsonNode node) => Text(node.ToJsonString(s_compact));

    /// <summary>
    /// Text with Terraform's template marks escaped: in JSON syntax every string is a template, and "${" of a dashboard's variable would be evaluated.
    /// </summary>
    public static string Text(string text) =>
        text.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);
}
