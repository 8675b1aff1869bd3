namespace InfraCdktf.Sandbox.Behaviour;

/// <summary>A path in a value: attribute names, indexes (int) and map keys, outermost first.</summary>
internal sealed record ValuePath(IReadOnlyList<object> Steps)
{
    public static readonly ValuePath Root = new([]);

    public ValuePath Name(string name) => new([.. Steps, name]);

    public ValuePath At(int position) => new([.. Steps, position]);

    public ValuePath Key(string key) => new([.. Steps, new MapKey(key)]);

    /// <summary>The attribute names only, in the form of the facts: "pool.autoscaler.min".</summary>
    public override string ToString() => string.Join('.', Steps.OfType<string>());
}

/// <summary>The key of a map entry. The type separates it from an attribute name.</summary>
internal sealed record MapKey(string Key);

/// <summary>The reason why a configuration is refused.</summary>
internal sealed record Problem(ValuePath Path, string Summary, string Detail = "");

/// <summary>An error of the stand-in cloud or provider. Terraform receives it with the text of the real error.</summary>
internal sealed class ProviderException(string summary, string detail = "") : Exception(summary)
{
    public string Detail { get; } = detail;
}
