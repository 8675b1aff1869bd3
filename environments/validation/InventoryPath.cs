namespace InfraCdktf.Environments.Validation;

/// <summary>
/// The path of a value in the inventory, as problems show it: <c>applications[staging].dataStore.subnet</c>. Paths come only from
/// <see cref="InventoryValue{T}"/>, which builds them from the properties that it reads: a renamed property changes its path.
/// </summary>
public sealed record InventoryPath
{
    private InventoryPath(string text) => Text = text;

    /// <summary>The path of the whole inventory: an empty text.</summary>
    public static InventoryPath Root { get; } = new("");

    /// <summary>The path: property names in camel case joined by dots; the name of an item of a list in brackets.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The path of a property, or of a property of a property.</summary>
    /// <param name="lambda">The source text of the lambda that reads it: <c>pool => pool.MinNodes</c>.</param>
    /// <exception cref="ArgumentException">The lambda does anything else than read properties.</exception>
    internal InventoryPath Property(string lambda)
    {
        var parts = lambda.Split("=>", 2);
        var names = parts[^1].Split('.').Select(name => name.Trim().TrimEnd('!')).ToList();
        if (parts.Length != 2 || names.Count < 2 || names[0] != parts[0].Trim() || !names.Skip(1).All(IsName))
            throw new ArgumentException($"\"{lambda}\" does not only read properties.", nameof(lambda));
        return names.Skip(1).Aggregate(this, (path, name) => path.Append(name));
    }

    /// <summary>The path of an item of the list or dictionary at this path.</summary>
    /// <param name="key">The item's name.</param>
    internal InventoryPath Item(string key) => new($"{Text}[{key}]");

    private InventoryPath Append(string name) =>
        new($"{(Text.Length == 0 ? "" : $"{Text}.")}{char.ToLowerInvariant(name[0])}{name[1..]}");

    private static bool IsName(string text) => text.Length > 0 && text.All(character => char.IsLetterOrDigit(character));
}
