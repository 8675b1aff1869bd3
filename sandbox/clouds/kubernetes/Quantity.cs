using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>A resource quantity ("100m", "2Gi", "1e3") as an exact number of billionths.</summary>
internal static partial class Quantity
{
    private const int NanoDigits = 9;

    /// <summary>Reads a quantity. A part smaller than a billionth is rounded up, as in the API.</summary>
    public static bool TryParse(string text, out BigInteger nano)
    {
        nano = default;
        if (text.Length > 64 || Form().Match(text) is not { Success: true } match)
            return false;
        var (whole, fraction, suffix) = (
            match.Groups["whole"].Value,
            match.Groups["fraction"].Value,
            match.Groups["suffix"].Value
        );
        var digits = BigInteger.Parse("0" + whole + fraction, CultureInfo.InvariantCulture);
        var (factor, exponent) = Scale(suffix);
        if (Math.Abs(exponent) > 100)
            return false;
        exponent += NanoDigits - fraction.Length;
        var value = digits * factor * (exponent > 0 ? BigInteger.Pow(10, exponent) : 1);
        if (exponent < 0)
        {
            var divisor = BigInteger.Pow(10, -exponent);
            value = (value + divisor - 1) / divisor;
        }
        nano = match.Groups["sign"].Value == "-" ? -value : value;
        return true;
    }

    private static (BigInteger Factor, int Exponent) Scale(string suffix) =>
        suffix switch
        {
            "" => (1, 0),
            "n" => (1, -9),
            "u" => (1, -6),
            "m" => (1, -3),
            "k" => (1, 3),
            "M" => (1, 6),
            "G" => (1, 9),
            "T" => (1, 12),
            "P" => (1, 15),
            "E" => (1, 18),
            [.., 'i'] => (BigInteger.Pow(1024, 1 + "KMGTPE".IndexOf(suffix[0])), 0),
            _ => (1, int.Parse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        };

    [GeneratedRegex(
        @"^(?<sign>[+-]?)(?<whole>[0-9]*)(?:\.(?<fraction>[0-9]*))?(?<=[0-9]\.?)"
            + @"(?<suffix>|[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3})\z"
    )]
    private static partial Regex Form();
}
