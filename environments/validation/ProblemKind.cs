namespace InfraCdktf.Environments.Validation;

/// <summary>One kind of problem: what all problems with its code have in common.</summary>
/// <param name="Code">"INF-" and three digits, never given twice, never given again.</param>
/// <param name="Title">What is wrong, in one sentence.</param>
/// <param name="Allowed">What is allowed, as far as it is the same everywhere.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ProblemKind(string Code, string Title, string Allowed, string Remedy)
{
    /// <summary>A problem of this kind.</summary>
    public Problem At(string place, string given) => new(Code, place, given, Allowed, Remedy);

    /// <summary>A problem of this kind where more can be said about what is allowed at that very place.</summary>
    public Problem At(string place, string given, string allowed) => new(Code, place, given, allowed, Remedy);
}
