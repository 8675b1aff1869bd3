using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Values;

/// <summary>
/// The name of an environment, and of its stack, its namespace and its label. A valid name is a DNS-1123 label.
/// <see cref="InventoryCheck"/> checks the length of the names that are derived from it, because it depends on the project's
/// name.
/// </summary>
public sealed record EnvironmentName
{
    /// <summary>A DNS-1123 label has at most 63 characters (RFC 1123).</summary>
    public const int MaxLength = 63;

    /// <summary>Parses a name.</summary>
    public EnvironmentName(string text)
    {
        Text = text;
        IsValid = DnsLabel.IsValid(text);
    }

    /// <summary>The given text, valid or not: the inventory check reports every invalid name at once.</summary>
    public string Text { get; }

    /// <summary>True if the text is a DNS-1123 label: lower case letters, digits and inner hyphens.</summary>
    public bool IsValid { get; }

    /// <summary>Parses any text; <see cref="IsValid"/> shows whether it is a name.</summary>
    public static implicit operator EnvironmentName(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
