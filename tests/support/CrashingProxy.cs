using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace InfraCdktf.Tests.Support;

/// <summary>When a call strikes.</summary>
public enum Strike
{
    /// <summary>The store never hears of it.</summary>
    BeforeTheCall,

    /// <summary>The store has done it; the answer never comes.</summary>
    AfterTheCall,
}

/// <summary>
/// Stands before a store and counts the calls that pass; at one of them it does something, such as killing the caller, and passes nothing more. It speaks as much
/// HTTP/1.1 as S3 clients do and leaves every byte that is signed as it is.
/// </summary>
public sealed class CrashingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _store;
    private readonly int _call;
    private readonly Strike _strike;
    private readonly Action _crash;
    private int _calls;

    /// <summary>Listens on a free port of loopback.</summary>
    /// <param name="store">What stands behind it.</param>
    /// <param name="call">The call that strikes, from 1; 0 for none.</param>
    /// <param name="strike">Before or after it reached the store.</param>
    /// <param name="crash">What is done then.</param>
    public CrashingProxy(Uri store, int call, Strike strike, Action crash)
    {
        (_store, _call, _strike, _crash) = (store, call, strike, crash);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many calls have come.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <inheritdoc/>
    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using var _ = caller;
        using var store = new TcpClient();
        try
        {
            await store.ConnectAsync(_store.Host, _store.Port);
            var (from, to) = (caller.GetStream(), store.GetStream());
            while (await HeadAsync(from) is { } request)
            {
                var call = Interlocked.Increment(ref _calls);
                if (_call > 0 && (call > _call || (call == _call && _strike == Strike.BeforeTheCall)))
                {
                    _crash();
                    return;
                }
                // Answered here: what it asks for comes anyway, and the header is not signed.
                if (Value(request, "Expect") is not null)
                    await from.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                await to.WriteAsync(
                    Encoding.Latin1.GetBytes(string.Join("\r\n", request.Where(line => !Named(line, "Expect"))) + "\r\n\r\n")
                );
                await to.WriteAsync(await BodyAsync(from, request));

                var answer = await HeadAsync(to) ?? throw new IOException("The store hung up.");
                var bodiless =
                    request[0].StartsWith("HEAD ", StringComparison.Ordinal) || answer[0].Split(' ')[1] is "204" or "304";
                var body = bodiless ? [] : await BodyAsync(to, answer);
                if (call == _call)
                {
                    _crash();
                    return;
                }
                await from.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", answer) + "\r\n\r\n"));
                await from.WriteAsync(body);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // One side hung up: so does the other.
        }
    }

    // The lines up to the empty one; null when the other side has hung up.
    private static async Task<IReadOnlyList<string>?> HeadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var one = new byte[1];
            if (await stream.ReadAsync(one) == 0)
                return null;
            text.Append((char)one[0]);
        }
        return text.ToString(0, text.Length - 4).Split("\r\n");
    }

    // As it is on the wire: chunks with their sizes.
    private static async Task<byte[]> BodyAsync(NetworkStream stream, IReadOnlyList<string> head)
    {
        using var body = new MemoryStream();
        if (Value(head, "Transfer-Encoding") is null)
        {
            await CopyAsync(int.Parse(Value(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture));
            return body.ToArray();
        }
        int size;
        do
        {
            var line = new StringBuilder();
            while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
                line.Append((char)(await CopyAsync(1))[0]);
            size = int.Parse(line.ToString().Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await CopyAsync(size + 2);
        } while (size > 0);
        return body.ToArray();

        async Task<byte[]> CopyAsync(int count)
        {
            var bytes = new byte[count];
            await stream.ReadExactlyAsync(bytes);
            body.Write(bytes);
            return bytes;
        }
    }

    private static bool Named(string line, string header) => line.StartsWith($"{header}:", StringComparison.OrdinalIgnoreCase);

    private static string? Value(IEnumerable<string> head, string header) =>
        head.FirstOrDefault(line => Named(line, header))?[(header.Length + 1)..].Trim();
}
