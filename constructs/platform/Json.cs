using System.Text.Encodings.Web;
using System.Text.Json;

namespace InfraCdktf.Constructs.Platform;

/// <summary>How JSON is written into the synthesized output.</summary>
public static class Json
{
    /// <summary>Compact, with quotes and non-ASCII letters as they are: the text lands in a file that people read and diff.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
