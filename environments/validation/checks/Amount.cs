using static System.FormattableString;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>An amount of a resource in a problem: "16 CPUs", "24Gi of memory".</summary>
internal sealed record Amount
{
    private const decimal Gi = 1024m * 1024m * 1024m;

    private readonly string _unit;

    private Amount(decimal value, string unit) => (Value, _unit) = (value, unit);

    /// <summary>The number before the unit.</summary>
    public decimal Value { get; }

    /// <summary>A number of CPUs or pods.</summary>
    public static Amount Count(decimal value, string what) => new(value, what.Length == 0 ? "" : $" {what}");

    /// <summary>An amount of memory, given in bytes and shown in Gi.</summary>
    public static Amount Memory(decimal bytes, string what) => new(bytes / Gi, what.Length == 0 ? "Gi" : $"Gi {what}");

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{Value:0.######}{_unit}");
}
