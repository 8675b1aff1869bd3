using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Values;

/// <summary>
/// The name of an environment, and with it of its stack, its namespace and its label. A DNS-1123 label; the room that the
/// longest derived name needs is checked by <see cref="InventoryCheck"/>, because it depends on the project's name.
/// </summary>
/// <param name="Text">The name as it was given, valid or not: the inventory reports every bad name at once.</param>
public sealed record EnvironmentName(string Text)
{
    /// <summary>A DNS-1123 label has at most 63 characters (RFC 1123).</summary>
    public const int MaxLength = 63;

    /// <summary>True when the text is a DNS-1123 label: lower case letters, digits and inner hyphens.</summary>
    public bool IsValid => DnsLabel.IsValid(Text);

    /// <summary>Reads any text; whether it is valid is asked by <see cref="IsValid"/>.</summary>
    public static implicit operator EnvironmentName(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
