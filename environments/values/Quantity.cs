using System.Globalization;
using System.Text.RegularExpressions;

namespace InfraCdktf.Environments.Values;

/// <summary>
/// An amount of a resource in Kubernetes' notation: "250m" is a quarter of a CPU, "2" two CPUs or two objects, "1Gi" 2^30 bytes.
/// Keeps the text that was given, valid or not, so that the inventory can report every bad quantity at once.
/// </summary>
/// <param name="Text">The quantity; only the suffixes n, u, m, k, M, G, T, P, E and Ki ... Ei are known (Kubernetes API, resource.Quantity).</param>
public sealed partial record Quantity(string Text)
{
    /// <summary>True when the text is a non-negative number with a known suffix.</summary>
    public bool IsValid => TryValue(out _);

    /// <summary>The amount in its base unit (CPUs, bytes, objects). Throws <see cref="InvalidOperationException"/> when invalid.</summary>
    public decimal Value =>
        TryValue(out var value) ? value : throw new InvalidOperationException($"\"{Text}\" is not a quantity.");

    /// <summary>Reads any text; whether it is valid is asked by <see cref="IsValid"/>.</summary>
    public static implicit operator Quantity(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private bool TryValue(out decimal value)
    {
        value = 0;
        var match = Pattern().Match(Text);
        if (
            !match.Success
            || !decimal.TryParse(
                match.Groups[1].ValueSpan,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return false;
        if (Factor(match.Groups[2].Value) is not { } factor || number > decimal.MaxValue / Math.Max(factor, 1))
            return false;
        value = number * factor;
        return true;
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
