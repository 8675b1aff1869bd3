using Amazon.Runtime;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// HTTP without "Expect: 100-continue". If RADOS Gateway refuses a write before it asks for the body, it still waits for the body
/// and reads the next request on the connection as the body. That request then fails with 405 (measured, 16.2.15). So the body is
/// always sent with the request.
/// </summary>
internal sealed class WholeRequests : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client = new(
        new NoExpectation { InnerHandler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) } }
    )
    {
        Timeout = TimeSpan.FromMinutes(5),
    };

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private sealed class NoExpectation : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
