namespace InfraCdktf.Pipeline.Cli;

/// <summary>Says what a step waits for and since when, while it runs: a silent command looks as if it had stopped.</summary>
/// <param name="time">The clock.</param>
/// <param name="say">Called with each line.</param>
public sealed class LongStep(TimeProvider time, Action<string> say)
{
    /// <summary>When the first line is written.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    /// <summary>The time between two lines.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>Runs a step.</summary>
    /// <param name="what">What is being done, with the object: <c>importing linode_vpc.main</c>.</param>
    /// <param name="reason">What it waits for, a sentence; null if nothing is known.</param>
    /// <param name="step">The step.</param>
    public async Task<T> RunAsync<T>(string what, string? reason, Func<Task<T>> step)
    {
        var began = time.GetUtcNow();
        await using var timer = time.CreateTimer(_ => Say(what, reason, began), state: null, First, Every);
        return await step();
    }

    private void Say(string what, string? reason, DateTimeOffset began)
    {
        var elapsed = time.GetUtcNow() - began;
        say(
            FormattableString.Invariant($"still {what}, since {began:HH:mm:ss}Z ({(int)elapsed.TotalSeconds} s).")
                + (reason is null ? "" : $" {reason}")
        );
    }
}
