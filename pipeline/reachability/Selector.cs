namespace InfraCdktf.Pipeline.Reachability;

/// <summary>How a requirement tests a label.</summary>
public enum SelectorOperator
{
    /// <summary>The label exists and its value is in the list.</summary>
    In,

    /// <summary>The label is missing, or its value is not in the list.</summary>
    NotIn,

    /// <summary>The label exists.</summary>
    Exists,

    /// <summary>The label is missing.</summary>
    DoesNotExist,
}

/// <summary>One requirement of a label selector.</summary>
/// <param name="Key">The label's key.</param>
/// <param name="Operator">The test.</param>
/// <param name="Values">The values; empty for <see cref="SelectorOperator.Exists"/> and <see
/// cref="SelectorOperator.DoesNotExist"/>.</param>
public sealed record Requirement(string Key, SelectorOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>True if an object with these labels satisfies it.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var there = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            SelectorOperator.In => there && Values.Contains(value),
            // A missing key satisfies NotIn (kubernetes.io, Labels and Selectors).
            SelectorOperator.NotIn => !there || !Values.Contains(value),
            SelectorOperator.Exists => there,
            _ => !there,
        };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Operator switch
        {
            SelectorOperator.In when Values.Count == 1 => $"{Key}={Values[0]}",
            SelectorOperator.In => $"{Key} in ({string.Join(", ", Values)})",
            SelectorOperator.NotIn => $"{Key} not in ({string.Join(", ", Values)})",
            SelectorOperator.Exists => Key,
            _ => $"!{Key}",
        };
}

/// <summary>
/// A label selector: an object must satisfy every requirement, so a selector without requirements selects everything.
/// </summary>
/// <param name="Requirements">matchLabels (as <see cref="SelectorOperator.In"/> of one value) and matchExpressions.</param>
public sealed record Selector(IReadOnlyList<Requirement> Requirements)
{
    /// <summary>The empty selector.</summary>
    public static Selector Everything { get; } = new([]);

    /// <summary>True if an object with these labels is selected.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Requirements.Count == 0 ? "everything" : string.Join(", ", Requirements);
}
