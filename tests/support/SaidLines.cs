using System.Text;

namespace InfraCdktf.Tests.Support;

/// <summary>What a command that is running says, line by line. A test can wait for a line.</summary>
internal sealed class SaidLines : TextWriter
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly StringBuilder _line = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Waits for the first line that contains a text.</summary>
    /// <exception cref="TimeoutException">The command did not say it. The message has what it said.</exception>
    public async Task<string> FirstAsync(string text)
    {
        var patience = Patience.Token;
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                    return found;
                more = _more.Task;
            }
            try
            {
                await more.WaitAsync(patience);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"\"{text}\" was not said:\n{this}");
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        lock (_lock)
            base.Write(value);
    }

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (_lock)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }
            _lines.Add(_line.ToString());
            _line.Clear();
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lock)
            return string.Join('\n', _lines);
    }
}
