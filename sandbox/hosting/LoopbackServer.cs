using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using InfraCdktf.Sandbox.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace InfraCdktf.Sandbox.Hosting;

/// <summary>
/// Kestrel on a port of 127.0.0.1, without the host's signal handlers: the program that uses it handles signals.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private static readonly TimeSpan _shutdown = TimeSpan.FromMilliseconds(200);
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app, int port)
    {
        _app = app;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Serves HTTP on a free port.</summary>
    /// <param name="protocols">HTTP/1.1 or HTTP/2.</param>
    /// <param name="handle">Answers a request.</param>
    /// <param name="ct">Cancels the start.</param>
    public static Task<LoopbackServer> StartAsync(HttpProtocols protocols, RequestDelegate handle, CancellationToken ct) =>
        StartAsync(Builder(protocols, 0, null), app => app.Run(handle), ct);

    /// <summary>
    /// Serves gRPC (HTTP/2 without TLS) on a free port. Unknown services and methods are answered with UNIMPLEMENTED: those of
    /// go-plugin (broker, stdio), and methods that a provider may omit. An exception is answered with INTERNAL and its text.
    /// </summary>
    /// <param name="service">Answers the calls.</param>
    /// <param name="ct">Cancels the start.</param>
    public static Task<LoopbackServer> StartGrpcAsync<TService>(TService service, CancellationToken ct)
        where TService : class
    {
        var builder = Builder(HttpProtocols.Http2, 0, null);
        builder.Services.AddSingleton(service);
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = Limits.MessageBytes;
            options.Interceptors.Add<InternalErrors>();
        });
        return StartAsync(builder, app => app.MapGrpcService<TService>(), ct);
    }

    /// <summary>
    /// Serves HTTP/1.1 on the same port as last time, because other programs have stored it. If the port is in use, it uses any
    /// free port.
    /// </summary>
    /// <param name="file">The file that holds the port.</param>
    /// <param name="handle">Answers a request.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <param name="certificate">The certificate for HTTPS; null: HTTP.</param>
    public static async Task<LoopbackServer> StartAtKeptPortAsync(
        string file,
        RequestDelegate handle,
        CancellationToken ct,
        X509Certificate2? certificate = null
    )
    {
        var last =
            File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var port) ? port : 0;
        try
        {
            var server = await ListenAsync(handle, last, certificate, ct);
            if (last == 0)
                await File.WriteAllTextAsync(file, server.Port.ToString(CultureInfo.InvariantCulture), ct);
            return server;
        }
        catch (IOException) when (last != 0)
        {
            return await ListenAsync(handle, 0, certificate, ct);
        }
    }

    private static Task<LoopbackServer> ListenAsync(
        RequestDelegate handle,
        int port,
        X509Certificate2? certificate,
        CancellationToken ct
    ) => StartAsync(Builder(HttpProtocols.Http1, port, certificate), app => app.Run(handle), ct);

    private static WebApplicationBuilder Builder(HttpProtocols protocols, int port, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(o =>
            {
                o.AddServerHeader = false;
                o.Limits.MaxRequestBodySize = null;
                o.Limits.MinRequestBodyDataRate = null;
                o.Limits.MinResponseDataRate = null;
                o.Listen(
                    IPAddress.Loopback,
                    port,
                    l =>
                    {
                        l.Protocols = protocols;
                        if (certificate is not null)
                            l.UseHttps(certificate);
                    }
                );
            });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        return builder;
    }

    private static async Task<LoopbackServer> StartAsync(
        WebApplicationBuilder builder,
        Action<WebApplication> map,
        CancellationToken ct
    )
    {
        var app = builder.Build();
        map(app);
        await app.StartAsync(ct);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new LoopbackServer(app, new Uri(address).Port);
    }

    public async ValueTask DisposeAsync()
    {
        // Terraform keeps its connection open until it ends: do not wait for it.
        using var now = new CancellationTokenSource(_shutdown);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class InternalErrors : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        )
        {
            try
            {
                return await continuation(request, context);
            }
            catch (Exception e) when (e is not (OperationCanceledException or RpcException))
            {
                throw new RpcException(new Status(StatusCode.Internal, e.ToString()));
            }
        }
    }
}
