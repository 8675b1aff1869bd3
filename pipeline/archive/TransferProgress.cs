namespace InfraCdktf.Pipeline.Archive;

/// <summary>Reports the progress of a long transfer.</summary>
/// <param name="say">Called with each line.</param>
/// <param name="time">The clock.</param>
public sealed class TransferProgress(Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan _often = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Reports bytes, at most every two seconds.</summary>
    /// <param name="what">The stack and the part that are transferred.</param>
    /// <param name="sent">The number of bytes sent.</param>
    /// <param name="all">The total number of bytes.</param>
    public void Report(string what, long sent, long all) =>
        Say(what, sent, all, FormattableString.Invariant($"archive: {what}: {sent / 1e6:f1} of {all / 1e6:f1} MB"));

    /// <summary>Reports a count of completed items, at most every two seconds.</summary>
    public void Count(string what, int done, int all) => Say(what, done, all, $"{what}: {done} of {all}");

    private void Say(string what, long sent, long all, string text)
    {
        lock (_lock)
        {
            // A transfer that is complete or has just started is not reported.
            if (sent >= all)
                _last.Remove(what);
            else if (_last.TryAdd(what, time.GetTimestamp()) || time.GetElapsedTime(_last[what]) < _often)
                return;
            else
            {
                _last[what] = time.GetTimestamp();
                say(text);
            }
        }
    }
}
