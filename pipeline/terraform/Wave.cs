namespace InfraCdktf.Pipeline.Terraform;

/// <summary>Runs the stacks of one wave in parallel.</summary>
public static class Wave
{
    /// <summary>
    /// Runs one step for every stack and waits for all stacks, even if one fails: the failure of one stack must not interrupt the
    /// apply of another. Throws the failure, or one exception with all failures: an <see cref="OperationCanceledException"/> if
    /// all were stopped on request, otherwise an <see cref="AggregateException"/>.
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
        catch (Exception) when (tasks.Count(task => !task.IsCompletedSuccessfully) > 1)
        {
            var failures = new List<Exception>();
            foreach (var task in tasks.Where(task => !task.IsCompletedSuccessfully))
                failures.Add(await FailureAsync(task));
            var all = new AggregateException(failures);
            throw failures.All(failure => failure is OperationCanceledException)
                ? new OperationCanceledException("Several stacks were stopped on request.", all)
                : all;
        }
    }

    private static async Task<Exception> FailureAsync(Task task)
    {
        try
        {
            await task;
            throw new InvalidOperationException("The task has not failed.");
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
