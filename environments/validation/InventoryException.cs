using static System.FormattableString;

namespace InfraCdktf.Environments.Validation;

/// <summary>An inventory that may not be built. Its message is for people: a count, then one problem a line.</summary>
/// <param name="problems">All that is wrong with it.</param>
public sealed class InventoryException(IReadOnlyList<Problem> problems)
    : Exception(
        string.Join(
            '\n',
            problems.Select(problem => problem.ToString()).Prepend(Invariant($"The inventory has {problems.Count} problem(s):"))
        )
    )
{
    /// <summary>All that is wrong with it.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
