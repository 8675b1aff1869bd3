namespace InfraCdktf.Pipeline.Terraform;

/// <summary>Runs the stacks of one wave in parallel.</summary>
public static class Wave
{
    /// <summary>
    /// Runs one step for every stack and waits for all stacks, even if one fails: the failure of one stack must not interrupt the
    /// apply of another. Throws the failure, or one exception with all failures.
    /// </summary>
    public static async Task<IReadOnlyList<TResult>> RunAsync<TItem, TResult>(
        IEnumerable<TItem> items,
        Func<TItem, Task<TResult>> step
    )
    {
        var tasks = items.Select(async item => await step(item)).ToList();
        try
        {
            return await Task.WhenAll(tasks);
        }
        catch (Exception) when (tasks.Count(task => task.IsFaulted) > 1)
        {
            throw new AggregateException(tasks.Where(task => task.IsFaulted).SelectMany(task => task.Exception!.InnerExceptions));
        }
    }
}
