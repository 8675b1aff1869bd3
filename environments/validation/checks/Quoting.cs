namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>The form of a given value in a problem.</summary>
internal static class Quoting
{
    /// <summary>The value in quotation marks, on one line.</summary>
    public static string Quote(string text) => $"\"{text.ReplaceLineEndings(" ")}\"";
}
