using System.Globalization;

namespace InfraCdktf.Environments.Values;

/// <summary>An amount of US dollars a month, the currency and the period in which Linode bills.</summary>
/// <param name="DollarsPerMonth">Dollars, with cents behind the point.</param>
public readonly record struct Money(decimal DollarsPerMonth)
{
    /// <summary>Writes the amount the same way under every culture: "$1500.00 a month".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"${DollarsPerMonth:0.00} a month");
}
