namespace InfraCdktf.Pipeline.Archive;

/// <summary>Says how a transfer is on its way, when it takes long.</summary>
/// <param name="say">Told a line.</param>
/// <param name="time">The clock.</param>
public sealed class TransferProgress(Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan _often = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Says it, at most every two seconds.</summary>
    /// <param name="what">What is on its way: the stack and the part.</param>
    /// <param name="sent">Bytes that have gone.</param>
    /// <param name="all">All of them.</param>
    public void Report(string what, long sent, long all) =>
        Say(what, sent, all, FormattableString.Invariant($"archive: {what}: {sent / 1e6:f1} of {all / 1e6:f1} MB"));

    /// <summary>Says how many of many are done, at most every two seconds.</summary>
    public void Count(string what, int done, int all) => Say(what, done, all, $"{what}: {done} of {all}");

    private void Say(string what, long sent, long all, string text)
    {
        lock (_lock)
        {
            // A transfer that is over, or has just begun, is not worth a word.
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
