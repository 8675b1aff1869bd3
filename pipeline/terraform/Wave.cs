namespace InfraCdktf.Pipeline.Terraform;

/// <summary>Runs the stacks of one wave side by side.</summary>
public static class Wave
{
    /// <summary>
    /// Runs one step for every stack and waits for all, also when one fails: a failure of one stack is no reason to interrupt the apply of
    /// another. Throws the failure, or all of them together.
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
