using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>Text that Terraform must not interpret as a template.</summary>
public static class TerraformText
{
    // Quotes and non-ASCII letters are not escaped: people read and compare the file that contains the text.
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compact JSON, escaped for Terraform.</summary>
    public static string Json(JsonNode node) => Escape(node.ToJsonString(s_compact));

    /// <summary>
    /// Text with Terraform's template marks escaped. In Terraform's JSON syntax every string is a template: Terraform would
    /// evaluate the <c>${</c> of a dashboard variable.
    /// </summary>
    public static string Escape(string text) =>
        text.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);
}
