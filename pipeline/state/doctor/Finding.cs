namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary>How a check came out.</summary>
public enum Verdict
{
    /// <summary>As it must be.</summary>
    Good,

    /// <summary>Nobody could look, or somebody must decide.</summary>
    Unknown,

    /// <summary>Not as it must be.</summary>
    Wrong,
}

/// <summary>What one check found: the fact, then what to do.</summary>
/// <param name="Check">What was looked at ("lock").</param>
/// <param name="Stack">The stack it is about; null for what all have in common.</param>
/// <param name="Verdict">How it came out.</param>
/// <param name="Fact">What was seen.</param>
/// <param name="Remedy">What to do; null when there is nothing to do.</param>
public sealed record Finding(string Check, string? Stack, Verdict Verdict, string Fact, string? Remedy)
{
    /// <summary>A check that came out well.</summary>
    public static Finding Good(string check, string? stack, string fact) => new(check, stack, Verdict.Good, fact, null);

    /// <summary>A check that found something wrong.</summary>
    public static Finding Wrong(string check, string? stack, string fact, string remedy) =>
        new(check, stack, Verdict.Wrong, fact, remedy);

    /// <summary>A check that could not be made, or that somebody must judge.</summary>
    public static Finding Unknown(string check, string? stack, string fact, string remedy) =>
        new(check, stack, Verdict.Unknown, fact, remedy);

    /// <summary>One line.</summary>
    public override string ToString()
    {
        var mark = Verdict switch
        {
            Verdict.Good => "good ",
            Verdict.Wrong => "WRONG",
            _ => "?    ",
        };
        var about = Stack is null ? Check : $"{Check} of {Stack}";
        return $"{mark}  {about}: {Fact}.{(Remedy is null ? "" : $" {Remedy}")}";
    }
}
