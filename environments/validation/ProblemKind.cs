namespace InfraCdktf.Environments.Validation;

/// <summary>A kind of problem: the texts that all problems with its code have in common.</summary>
/// <param name="Code">
/// "INF-" and three digits. Each code has one meaning for ever; see <see cref="ProblemCatalog.Retired"/>.
/// </param>
/// <param name="Title">What is wrong, in one sentence.</param>
/// <param name="Allowed">The allowed values, as far as they are the same for every problem of this kind.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ProblemKind(string Code, string Title, string Allowed, string Remedy)
{
    /// <summary>A problem of this kind.</summary>
    /// <param name="path">The path of the value.</param>
    /// <param name="given">The value.</param>
    public Problem At(InventoryPath path, string given) => At(path, given, Allowed);

    /// <summary>A problem of this kind, with the values that are allowed at this path.</summary>
    /// <param name="path">The path of the value.</param>
    /// <param name="given">The value.</param>
    /// <param name="allowed">The allowed values.</param>
    public Problem At(InventoryPath path, string given, string allowed) => new(Code, path.Text, given, allowed, Remedy);
}
