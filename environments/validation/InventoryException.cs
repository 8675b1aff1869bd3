using static System.FormattableString;

namespace InfraCdktf.Environments.Validation;

/// <summary>
/// An inventory is not valid. The message has a line with the number of problems, then one line for each problem.
/// </summary>
/// <param name="problems">All problems of the inventory.</param>
public sealed class InventoryException(IReadOnlyList<Problem> problems)
    : Exception(
        string.Join(
            '\n',
            problems.Select(problem => problem.ToString()).Prepend(Invariant($"The inventory has {problems.Count} problem(s):"))
        )
    )
{
    /// <summary>All problems of the inventory.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
