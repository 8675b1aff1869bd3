using System.Text;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>
/// An append-only file with one JSON object per line. Several processes may append (under <see cref="AccountLock"/>) and read
/// at any time. A line is valid when its line end is written. The next append removes a line that a crash left incomplete.
/// </summary>
internal sealed class Journal(string file)
{
    private long _read;

    /// <summary>Makes <see cref="ReadNew"/> start at the first entry again.</summary>
    public void Rewind() => _read = 0;

    /// <summary>The entries that any process added since the last call.</summary>
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

    /// <summary>Adds one entry. The caller must hold the lock and must have read all entries.</summary>
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

/// <summary>
/// Allows one writer at a time over all processes. It holds the account's lock file open (flock; a crash releases it).
/// </summary>
internal sealed class AccountLock : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly FileStream _held;

    private AccountLock(FileStream held) => _held = held;

    /// <param name="file">The lock file. It is created if it does not exist.</param>
    /// <param name="patience">The longest wait for another writer; null: 30 s.</param>
    public static AccountLock Take(string file, TimeSpan? patience = null)
    {
        var longest = patience ?? _patience;
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new AccountLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
            }
            catch (DirectoryNotFoundException)
            {
                throw;
            }
            catch (IOException) when (waited.Elapsed < longest)
            {
                // Another writer holds the lock. .NET can only try to take a lock, not wait for it.
                Thread.Sleep(2);
            }
            catch (IOException e)
            {
                throw new IOException(
                    $"Account lock {file}: held by another process for {longest.TotalSeconds} s. "
                        + "End the other process that uses this account, or use another directory.",
                    e
                );
            }
        }
    }

    public void Dispose() => _held.Dispose();
}
