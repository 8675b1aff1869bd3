using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace InfraCdktf.Tests.Support;

/// <summary>When the proxy runs its action and stops, relative to the selected call.</summary>
public enum Strike
{
    /// <summary>Before the call is forwarded: the store does not receive it.</summary>
    BeforeTheCall,

    /// <summary>After the store has executed the call: the caller does not receive the answer.</summary>
    AfterTheCall,
}

/// <summary>
/// A proxy in front of an S3 store. It counts the calls. At the selected call it runs an action, such as killing the caller, and
/// then forwards no more calls. It implements the part of HTTP/1.1 that S3 clients use, and does not change any signed byte.
/// </summary>
public sealed class CrashingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _store;
    private readonly int _call;
    private readonly Strike _strike;
    private readonly Action _crash;
    private int _calls;
    private int _writes;
    private volatile bool _cut;

    /// <summary>Starts the proxy on a free port of the loopback interface.</summary>
    /// <param name="store">The address of the store.</param>
    /// <param name="call">The number of the selected call, from 1; 0 selects no call.</param>
    /// <param name="strike">Whether the action runs before or after the store receives the call.</param>
    /// <param name="crash">The action.</param>
    public CrashingProxy(Uri store, int call, Strike strike, Action crash)
    {
        (_store, _call, _strike, _crash) = (store, call, strike, crash);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The address of the proxy.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The number of writes whose answer is lost, from the first one: the store executes them.</summary>
    public int LostWrites { get; init; }

    /// <summary>From now on the store receives no call.</summary>
    public void Cut() => _cut = true;

    /// <summary>The number of calls received so far.</summary>
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
            // The proxy was disposed.
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
                if (_cut)
                    return;
                if (_call > 0 && (call > _call || (call == _call && _strike == Strike.BeforeTheCall)))
                {
                    _crash();
                    return;
                }
                // The proxy answers Expect: 100-continue itself. The body follows in any case, and the header is not signed.
                if (Value(request, "Expect") is not null)
                    await from.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                await to.WriteAsync(
                    Encoding.Latin1.GetBytes(string.Join("\r\n", request.Where(line => !Named(line, "Expect"))) + "\r\n\r\n")
                );
                await to.WriteAsync(await BodyAsync(from, request));

                var answer = await HeadAsync(to) ?? throw new IOException("The store closed the connection.");
                var bodiless =
                    request[0].StartsWith("HEAD ", StringComparison.Ordinal) || answer[0].Split(' ')[1] is "204" or "304";
                var body = bodiless ? [] : await BodyAsync(to, answer);
                if (request[0].StartsWith("PUT ", StringComparison.Ordinal) && Interlocked.Increment(ref _writes) <= LostWrites)
                    return;
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
            // One side closed the connection; the proxy closes the other one.
        }
    }

    // The lines of the head, without the empty line after it; null if the other side has closed the connection.
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

    // The body as it is sent, including the chunk sizes.
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
