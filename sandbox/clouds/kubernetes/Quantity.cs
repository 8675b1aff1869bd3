using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>A resource quantity ("100m", "2Gi", "1e3") as an exact number of billionths.</summary>
internal static partial class Quantity
{
    private const int NanoDigits = 9;

    private static readonly string[] _suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] _exponents = ["e-9", "e-6", "e-3", "", "e3", "e6", "e9", "e12", "e15", "e18"];
    private static readonly BigInteger One = BigInteger.Pow(10, NanoDigits);

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

    /// <summary>
    /// The notation in which the API server answers: the largest suffix of the same kind with a whole number before it. "0.50"
    /// is "500m", "8192Mi" is "8Gi". A text that is no quantity stays.
    /// </summary>
    public static string Canonical(string text)
    {
        if (!TryParse(text, out var nano))
            return text;
        if (nano.IsZero)
            return "0";
        var isBinary = text.EndsWith('i');
        // Below 1024 the API server writes binary quantities with decimal suffixes.
        return isBinary && BigInteger.Abs(nano) >= 1024 * One
            ? Shortest(nano.Sign > 0 ? (nano + One - 1) / One : nano / One, 1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"])
            : Shortest(nano, 1000, Exponential().IsMatch(text) ? _exponents : _suffixes);
    }

    private static string Shortest(BigInteger number, int step, string[] suffixes)
    {
        var at = 0;
        for (; at < suffixes.Length - 1 && number % step == 0; at++)
            number /= step;
        return $"{number.ToString(CultureInfo.InvariantCulture)}{suffixes[at]}";
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

    [GeneratedRegex("[eE][+-]?[0-9]+\\z")]
    private static partial Regex Exponential();
}
