using System.Buffers.Binary;
using Google.Protobuf;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Sandbox.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace InfraCdktf.Sandbox.Protocol;

/// <summary>A call of a gRPC service: takes the bytes of the request and returns the response.</summary>
internal delegate Task<IMessage> GrpcMethod(byte[] request, HttpContext from);

/// <summary>
/// Unary gRPC over cleartext HTTP/2 (github.com/grpc/grpc PROTOCOL-HTTP2.md): one length-prefixed frame in each direction, and
/// the status as a trailer. Terraform needs no more. Grpc.AspNetCore could do this, but it does not restore from a registry that
/// mirrors only a part of the public gallery: its dependency Grpc.Net.Common is often missing there (docs/adr/0003).
/// </summary>
internal static class GrpcServer
{
    private const int Unimplemented = 12;
    private const int Internal = 13;

    /// <param name="methods">The methods by path, for example "/tfplugin6.Provider/GetProviderSchema".</param>
    /// <param name="ct">Cancels the start.</param>
    public static Task<LoopbackServer> StartAsync(IReadOnlyDictionary<string, GrpcMethod> methods, CancellationToken ct) =>
        LoopbackServer.StartAsync(HttpProtocols.Http2, context => ServeAsync(context, methods), ct);

    private static async Task ServeAsync(HttpContext context, IReadOnlyDictionary<string, GrpcMethod> methods)
    {
        context.Response.ContentType = "application/grpc";
        var path = context.Request.Path.Value ?? "";
        if (!methods.TryGetValue(path, out var method))
        {
            // go-plugin's own services (broker, stdio), and methods that a provider may omit.
            Status(context, Unimplemented, path);
            return;
        }
        try
        {
            var response = await method(await ReadFrameAsync(context.Request.Body, context.RequestAborted), context);
            await WriteFrameAsync(context.Response.Body, response, context.RequestAborted);
            Status(context, 0, "");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Status(context, Internal, e.ToString());
        }
    }

    private static void Status(HttpContext context, int code, string message)
    {
        if (message != "")
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
        context.Response.AppendTrailer("grpc-status", code.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<byte[]> ReadFrameAsync(Stream body, CancellationToken ct)
    {
        var head = new byte[5];
        await body.ReadExactlyAsync(head, ct);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1));
        if (head[0] != 0 || length > Limits.MessageBytes)
            throw new FormatException("A gRPC frame is compressed or too long.");
        var frame = new byte[length];
        await body.ReadExactlyAsync(frame, ct);
        return frame;
    }

    private static async Task WriteFrameAsync(Stream body, IMessage message, CancellationToken ct)
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        await body.WriteAsync(frame, ct);
    }
}
