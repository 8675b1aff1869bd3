using System.Text;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>
/// A file of one JSON object a line that only grows. Several processes may append (under <see cref="AccountLock"/>) and
/// read at any time. A line counts once its end is written: what a crash left half-written is dropped by the next append.
/// </summary>
internal sealed class Journal(string file)
{
    private long _read;

    /// <summary>Makes <see cref="ReadNew"/> start over.</summary>
    public void Rewind() => _read = 0;

    /// <summary>The entries that were added since the last call, by whatever process.</summary>
    public IReadOnlyList<JsonObject> ReadNew()
    {
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (stream.Length <= _read)
            return [];
        var bytes = new byte[stream.Length - _read];
        stream.Seek(_read, SeekOrigin.Begin);
        stream.ReadExactly(bytes);
        var whole = bytes.AsSpan(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        _read += whole.Length;
        return
        [
            .. Encoding
                .UTF8.GetString(whole)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!.AsObject()),
        ];
    }

    /// <summary>Adds one entry. The caller holds the lock and has read to the end.</summary>
    public void Append(JsonObject entry)
    {
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(_read);
        stream.Seek(_read, SeekOrigin.Begin);
        var bytes = Encoding.UTF8.GetBytes(entry.ToJsonString() + "\n");
        stream.Write(bytes);
        _read += bytes.Length;
    }
}

/// <summary>One writer at a time over all processes: holds the account's lock file open (flock; a crash frees it).</summary>
internal sealed class AccountLock : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly FileStream _held;

    private AccountLock(FileStream held) => _held = held;

    public static AccountLock Take(string file)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new AccountLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
            }
            catch (IOException) when (waited.Elapsed < _patience)
            {
                Thread.Sleep(2);
            }
            catch (IOException e)
            {
                throw new IOException($"The account's lock {file} was held for {_patience.TotalSeconds} s. Who uses it?", e);
            }
        }
    }

    public void Dispose() => _held.Dispose();
}
