namespace InfraCdktf.Pipeline.State.Doctor;

/// <summary>The result of a check.</summary>
public enum Verdict
{
    /// <summary>The check passed.</summary>
    Good,

    /// <summary>The check was not possible, or a person must decide.</summary>
    Unknown,

    /// <summary>The check found a problem.</summary>
    Wrong,
}

/// <summary>The finding of one check: the fact and the remedy.</summary>
/// <param name="Check">The name of the check ("lock").</param>
/// <param name="Stack">The stack of the check; null if the check is not about one stack.</param>
/// <param name="Verdict">The result.</param>
/// <param name="Fact">What the check found, without a full stop.</param>
/// <param name="Remedy">What to do; null if nothing must be done.</param>
public sealed record Finding(string Check, string? Stack, Verdict Verdict, string Fact, string? Remedy)
{
    /// <summary>A check that passed.</summary>
    public static Finding Good(string check, string? stack, string fact) => new(check, stack, Verdict.Good, fact, null);

    /// <summary>A check that found a problem.</summary>
    public static Finding Wrong(string check, string? stack, string fact, string remedy) =>
        new(check, stack, Verdict.Wrong, fact, remedy);

    /// <summary>A check that was not possible, or that a person must judge.</summary>
    public static Finding Unknown(string check, string? stack, string fact, string remedy) =>
        new(check, stack, Verdict.Unknown, fact, remedy);

    /// <summary>The finding as one line.</summary>
    public override string ToString()
    {
        var mark = Verdict switch
        {
            Verdict.Good => "good ",
            Verdict.Wrong => "WRONG",
            _ => "?    ",
        };
        var about = Stack is null ? Check : $"{Check} of {Stack}";
        // A fact may be the answer of a program with several lines.
        var fact = string.Join(' ', Fact.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return $"{mark}  {about}: {fact}.{(Remedy is null ? "" : $" {Remedy}")}";
    }
}
