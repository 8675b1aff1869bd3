using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Protocol.Messages;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Protocol;

/// <summary>The providers' server: unanswered calls, errors, limits, and one configuration for each connection.</summary>
[Trait("Level", "real")]
public sealed class ProviderServerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _account = new();
    private CloudSandbox _cloud = null!;
    private Uri _linode = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await CloudSandbox.StartAsync(new SandboxOptions { Directory = _account.Path });
        var servers = JsonNode.Parse(_cloud.Environment["TF_REATTACH_PROVIDERS"])!.AsObject();
        var linode = servers.Single(server => server.Key.EndsWith("/linode", StringComparison.Ordinal)).Value!;
        _linode = new Uri($"http://{linode["Addr"]!["String"]}");
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        _account.Dispose();
    }

    [Theory]
    [InlineData("plugin.GRPCBroker", "StartStream")]
    [InlineData("plugin.GRPCStdio", "StreamStdio")]
    [InlineData("tfplugin6.Provider", "GetMetadata")]
    public async Task Call_that_a_provider_may_omit_is_unimplemented(string service, string method)
    {
        using var channel = GrpcChannel.ForAddress(_linode);
        var error = await Assert.ThrowsAsync<RpcException>(() =>
            CallAsync(channel, service, method, new StopProvider.Types.Request(), StopProvider.Types.Response.Parser)
        );
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task Malformed_value_is_an_internal_error_with_its_text()
    {
        using var channel = GrpcChannel.ForAddress(_linode);
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(channel, "linode_vpc", [0xa0]));
        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains("FormatException: MessagePack: Map expected", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_does_not_use_the_settings_of_another()
    {
        using var configured = GrpcChannel.ForAddress(_linode);
        using var other = GrpcChannel.ForAddress(_linode);
        var settings = await CallAsync(
            configured,
            "tfplugin6.Provider",
            "ConfigureProvider",
            new ConfigureProvider.Types.Request { Config = Value([0xc0]) },
            ConfigureProvider.Types.Response.Parser
        );
        Assert.Empty(settings.Diagnostics);

        Assert.Empty((await ReadAsync(configured, "linode_vpc", [0x80])).Diagnostics);
        Assert.Equal(
            "The provider linode is not configured",
            Assert.Single((await ReadAsync(other, "linode_vpc", [0x80])).Diagnostics).Summary
        );
    }

    /// <summary>The length is refused before any memory is used for it: no byte of the message follows.</summary>
    [Fact]
    public async Task Message_over_the_limit_is_refused_by_its_length()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_linode, "/tfplugin6.Provider/StopProvider"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0x10, 0, 0, 1]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var trailers = response.Headers.Concat(response.TrailingHeaders).ToLookup(h => h.Key, h => h.Value.Single());
        Assert.Equal($"{(int)StatusCode.ResourceExhausted}", Assert.Single(trailers["grpc-status"]));
    }

    private static Task<ReadResource.Types.Response> ReadAsync(GrpcChannel channel, string type, byte[] state) =>
        CallAsync(
            channel,
            "tfplugin6.Provider",
            "ReadResource",
            new ReadResource.Types.Request { TypeName = type, CurrentState = Value(state) },
            ReadResource.Types.Response.Parser
        );

    private static DynamicValue Value(byte[] bytes) => new() { Msgpack = ByteString.CopyFrom(bytes) };

    private static async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcChannel channel,
        string service,
        string method,
        TRequest request,
        MessageParser<TResponse> parser
    )
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var call = new Method<TRequest, TResponse>(
            MethodType.Unary,
            service,
            method,
            Marshallers.Create<TRequest>(message => message.ToByteArray(), _ => throw new NotSupportedException()),
            Marshallers.Create<TResponse>(_ => throw new NotSupportedException(), parser.ParseFrom)
        );
        using var answer = channel.CreateCallInvoker().AsyncUnaryCall(call, null, default, request);
        return await answer;
    }
}
