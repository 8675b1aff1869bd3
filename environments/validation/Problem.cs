using System.Text.Json.Serialization;

namespace InfraCdktf.Environments.Validation;

/// <summary>One problem of an inventory.</summary>
/// <param name="Code">Stable code, "INF-" and three digits; docs/errors.md lists them.</param>
/// <param name="Path">The path of the value in the inventory (<see cref="InventoryPath"/>); "place" in JSON.</param>
/// <param name="Given">The given value.</param>
/// <param name="Allowed">The allowed values.</param>
/// <param name="Remedy">What to do.</param>
public sealed record Problem(
    string Code,
    [property: JsonPropertyName("place")] string Path,
    string Given,
    string Allowed,
    string Remedy
)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Path}: given {Given}; allowed: {Allowed}. {Remedy}";
}
