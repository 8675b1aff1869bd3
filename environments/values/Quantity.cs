using System.Globalization;
using System.Text.RegularExpressions;

namespace InfraCdktf.Environments.Values;

/// <summary>
/// An amount of a resource in Kubernetes' notation: "250m" is a quarter of a CPU, "2" is two CPUs or two objects, "1Gi" is 2^30
/// bytes. The text is parsed once, at construction. An invalid text is kept, so that the inventory check can report every invalid
/// quantity at once.
/// </summary>
public sealed partial record Quantity
{
    private readonly decimal? _value;

    /// <summary>Parses a quantity.</summary>
    /// <param name="text">
    /// A number without a sign, with one of the suffixes n, u, m, k, M, G, T, P, E and Ki ... Ei, or none (Kubernetes API,
    /// resource.Quantity).
    /// </param>
    public Quantity(string text)
    {
        Text = text;
        _value = Parse(text);
    }

    /// <summary>The given text, valid or not.</summary>
    public string Text { get; }

    /// <summary>
    /// True if the text is a non-negative number with a known suffix, and at most 2^63-1, which is Kubernetes' own limit.
    /// </summary>
    public bool IsValid => _value is not null;

    /// <summary>The amount in its base unit (CPUs, bytes, objects).</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsValid"/> is false.</exception>
    public decimal Value => _value ?? throw new InvalidOperationException($"\"{Text}\" is not a quantity.");

    /// <summary>
    /// True for an amount of memory or storage: a whole number of bytes, and not in thousandths or less. "512m" is half a byte,
    /// and the API server accepts it (kubernetes#79950).
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="IsValid"/> is false.</exception>
    public bool IsBytes => Value % 1 == 0 && Text[^1] is not ('n' or 'u' or 'm');

    /// <summary>
    /// The notation in which the API server answers: "0.50" is "500m", "8192Mi" is "8Gi". The provider compares a limit range
    /// as text, so any other notation is a difference in every plan (measured, provider 2.38.0).
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="IsValid"/> is false.</exception>
    public string Canonical => IsBinary && Value >= 1024 ? InBytes(decimal.Ceiling(Value)) : InThousands(Value);

    private bool IsBinary => Text.EndsWith('i');

    /// <summary>Parses any text; <see cref="IsValid"/> shows whether it is a quantity.</summary>
    public static implicit operator Quantity(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    // The largest suffix with a whole number before it.
    private static string InBytes(decimal bytes)
    {
        string[] suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        var at = 0;
        for (; at < suffixes.Length - 1 && bytes % 1024 == 0; at++)
            bytes /= 1024;
        return $"{bytes.ToString("0", CultureInfo.InvariantCulture)}{suffixes[at]}";
    }

    // Kubernetes rounds up to a billionth.
    private static string InThousands(decimal value)
    {
        string[] suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
        var number = decimal.Ceiling(value * 1_000_000_000m);
        if (number == 0)
            return "0";
        var at = 0;
        for (; at < suffixes.Length - 1 && number % 1000 == 0; at++)
            number /= 1000;
        return $"{number.ToString("0", CultureInfo.InvariantCulture)}{suffixes[at]}";
    }

    private static decimal? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (
            !match.Success
            || !decimal.TryParse(
                match.Groups[1].ValueSpan,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
            || Factor(match.Groups[2].Value) is not { } factor
            || number > long.MaxValue / factor
        )
            return null;
        return number * factor;
    }

    private static decimal? Factor(string suffix) =>
        suffix switch
        {
            "n" => 0.000000001m,
            "u" => 0.000001m,
            "m" => 0.001m,
            "" => 1m,
            "k" => 1_000m,
            "M" => 1_000_000m,
            "G" => 1_000_000_000m,
            "T" => 1_000_000_000_000m,
            "P" => 1_000_000_000_000_000m,
            "E" => 1_000_000_000_000_000_000m,
            "Ki" => 1024m,
            "Mi" => 1_048_576m,
            "Gi" => 1_073_741_824m,
            "Ti" => 1_099_511_627_776m,
            "Pi" => 1_125_899_906_842_624m,
            "Ei" => 1_152_921_504_606_846_976m,
            _ => null,
        };

    [GeneratedRegex(@"^([0-9]{1,20}(?:\.[0-9]{1,9})?)([a-zA-Z]{0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
