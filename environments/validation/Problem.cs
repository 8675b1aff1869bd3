namespace InfraCdktf.Environments.Validation;

/// <summary>One thing that is wrong with an input.</summary>
/// <param name="Code">Stable code, "INF-" and three digits; docs/errors.md lists them.</param>
/// <param name="Place">Where: the path of the value in the inventory ("environments[staging].dataStore.subnet").</param>
/// <param name="Given">What was given.</param>
/// <param name="Allowed">What is allowed there.</param>
/// <param name="Remedy">What to do.</param>
public sealed record Problem(string Code, string Place, string Given, string Allowed, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Place}: given {Given}; allowed: {Allowed}. {Remedy}";
}
