using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox;
using InfraCdktf.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// A new sandbox and a client for its API server. The client connects like kubectl: it uses a token, and TLS that trusts only the
/// kubeconfig's authority.
/// </summary>
internal sealed class ApiFixture : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _account;
    private readonly HttpClient _http;
    private readonly string _administrator;

    private ApiFixture(CloudSandbox sandbox, TemporaryDirectory account, SteppedClock clock)
    {
        (Sandbox, _account, Clock) = (sandbox, account, clock);
        var kubeconfig = new YamlStream();
        kubeconfig.Load(new StringReader(File.ReadAllText(sandbox.Kubernetes.Kubeconfig)));
        var root = kubeconfig.Documents[0].RootNode;
        var authority = X509CertificateLoader.LoadCertificate(
            Convert.FromBase64String(Pem(root["clusters"][0]["cluster"]["certificate-authority-data"].ToString()))
        );
        _administrator = root["users"][0]["user"]["token"].ToString();
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
            {
                chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                chain.ChainPolicy.CustomTrustStore.Add(authority);
                return chain.Build(certificate!);
            },
        };
        _http = new(handler) { BaseAddress = new(sandbox.Kubernetes.Endpoint) };
    }

    public CloudSandbox Sandbox { get; }

    public SteppedClock Clock { get; }

    /// <summary>Starts a sandbox.</summary>
    /// <param name="change">Changes the default options.</param>
    public static async Task<ApiFixture> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var (account, clock) = (new TemporaryDirectory(), new SteppedClock(s_start));
        var options = new SandboxOptions { Directory = account.Path, Clock = clock };
        return new(await CloudSandbox.StartAsync(change?.Invoke(options) ?? options), account, clock);
    }

    /// <summary>Makes one call, as the administrator if no token is given.</summary>
    public async Task<Reply> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? token = null,
        string contentType = "application/json",
        string? impersonate = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (impersonate is not null)
            request.Headers.Add("Impersonate-User", impersonate);
        request.Headers.Authorization = new("Bearer", token ?? _administrator);
        if (body is not null)
            request.Content = new StringContent(
                body,
                Encoding.UTF8,
                new System.Net.Http.Headers.MediaTypeHeaderValue(contentType)
            );
        using var answer = await _http.SendAsync(request);
        return new(
            answer.StatusCode,
            JsonNode.Parse(await answer.Content.ReadAsStringAsync())!,
            string.Join(' ', answer.Headers.Where(header => header.Key == "Warning").SelectMany(header => header.Value))
        );
    }

    public Task<Reply> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, token: token);

    public Task<Reply> PostAsync(string path, string body, string? token = null) => SendAsync(HttpMethod.Post, path, body, token);

    public Task<Reply> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    /// <summary>Creates an object. The test fails if it is refused.</summary>
    public async Task<JsonNode> CreateAsync(string path, string body) =>
        (await PostAsync(path, body)).Expect(HttpStatusCode.Created);

    public Task<Reply> PatchAsync(string path, string body) =>
        SendAsync(HttpMethod.Patch, path, body, contentType: "application/merge-patch+json");

    /// <summary>Creates a namespace, a number of nodes and a Deployment.</summary>
    public async Task DeployAsync(string name, int replicas, string podSpec, int nodes = 3, string space = "shop")
    {
        await PostAsync("/api/v1/namespaces", $$"""{"metadata":{"name":"{{space}}"} }""");
        for (var i = 1; i <= nodes; i++)
            await PostAsync(
                "/api/v1/nodes",
                $$"""
                {"metadata":{"name":"n{{i}}","labels":{"kubernetes.io/hostname":"n{{i}}"} },
                 "status":{"conditions":[{"type":"Ready","status":"True"}]} }
                """
            );
        await CreateAsync(
            $"/apis/apps/v1/namespaces/{space}/deployments",
            $$"""
            {"metadata":{"name":"{{name}}"},"spec":{"replicas":{{replicas}},"selector":{"matchLabels":{"app":"{{name}}"} },
             "template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{{podSpec}} } } }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Sandbox.DisposeAsync();
        _account.Dispose();
    }

    private static string Pem(string data) =>
        string.Concat(
            Encoding
                .ASCII.GetString(Convert.FromBase64String(data))
                .Split('\n')
                .Where(line => !line.StartsWith("-----", StringComparison.Ordinal))
        );
}

/// <summary>An answer of the API server.</summary>
internal sealed record Reply(HttpStatusCode Code, JsonNode Body, string Warning)
{
    public string Message => (string?)Body["message"] ?? "";

    public JsonNode Expect(HttpStatusCode code)
    {
        Assert.True(code == Code, $"{(int)Code}, expected {(int)code}: {Body.ToJsonString()}");
        return Body;
    }

    public IReadOnlyList<JsonNode> Items => [.. Body["items"]!.AsArray().Select(item => item!)];
}
