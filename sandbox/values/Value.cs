namespace InfraCdktf.Sandbox.Values;

/// <summary>
/// A Terraform value. Terraform's null is C#'s null. Lists, sets and tuples share one class; maps and objects share another.
/// </summary>
internal abstract record Value
{
    public static implicit operator Value(string text) => new TextValue(text);

    public static implicit operator Value(bool truth) => new BoolValue(truth);

    public static implicit operator Value(long number) => NumberValue.Of(number);
}

/// <summary>A string.</summary>
internal sealed record TextValue(string Text) : Value;

/// <summary>true or false.</summary>
internal sealed record BoolValue(bool Truth) : Value;

/// <summary>
/// A number as its decimal literal. Terraform computes with 512 bits: 0.1 as a double would be returned as a different number
/// ("Provider produced inconsistent result"). Therefore the digits are kept.
/// </summary>
internal sealed record NumberValue(string Literal) : Value
{
    public static NumberValue Of(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>
/// A value that is known after apply. All unknown values are equal. Code and payload (refinements) are sent back unchanged.
/// </summary>
internal sealed record UnknownValue(sbyte Code, byte[] Payload) : Value
{
    public static readonly UnknownValue Plain = new(0, [0]);

    public bool Equals(UnknownValue? other) => other is not null;

    public override int GetHashCode() => 1;
}

/// <summary>The elements of a list, set or tuple.</summary>
internal sealed record ListValue(IReadOnlyList<Value?> Items) : Value
{
    public static readonly ListValue Empty = new([]);

    public bool Equals(ListValue? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Count;
}

/// <summary>The entries of a map or object.</summary>
internal sealed record MapValue(IReadOnlyDictionary<string, Value?> Fields) : Value
{
    public static readonly MapValue Empty = new(new Dictionary<string, Value?>());

    public Value? this[string name] => Fields.GetValueOrDefault(name);

    public bool Equals(MapValue? other) =>
        other is not null
        && Fields.Count == other.Fields.Count
        && Fields.All(f => other.Fields.TryGetValue(f.Key, out var value) && Equals(f.Value, value));

    public override int GetHashCode() => Fields.Count;

    /// <summary>A copy with one entry set.</summary>
    public MapValue With(string name, Value? value) => new(new Dictionary<string, Value?>(Fields) { [name] = value });
}

/// <summary>A value with its type, for attributes whose type in the schema is dynamic.</summary>
internal sealed record TypedValue(TerraformType Type, Value? Content) : Value;
