using System.Text;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The cluster's API server for kubectl, on 127.0.0.1 with TLS. It shows Terraform's objects from the account. Objects of kubectl
/// are stored in <c>cluster/</c> in the account's directory.
/// </summary>
public sealed class KubernetesApi : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private KubernetesApi(LoopbackServer server, string kubeconfig)
    {
        _server = server;
        Kubeconfig = kubeconfig;
    }

    /// <summary><c>https://127.0.0.1:PORT</c>.</summary>
    public string Endpoint => Address(_server.Port);

    /// <summary>The path of the administrator's kubeconfig file.</summary>
    public string Kubeconfig { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    internal static async Task<KubernetesApi> StartAsync(
        Account account,
        Account cluster,
        ProviderSchema provider,
        SandboxOptions options,
        CancellationToken ct
    )
    {
        var keys = ApiKeys.ReadOrMake(account.Directory);
        var service = new ApiService(account, cluster, provider, keys, options);
        // The same port as last time, because issued kubeconfigs contain it.
        var server = await LoopbackServer.StartAtKeptPortAsync(
            Path.Combine(account.Directory, "api-server-port"),
            service.ServeAsync,
            ct,
            keys.Server()
        );
        // One file per port: another sandbox on this account may use another port.
        var file = Path.Combine(account.Directory, FormattableString.Invariant($"kubeconfig-{server.Port}"));
        await File.WriteAllTextAsync(file, Text(Address(server.Port), keys), ct);
        return new(server, file);
    }

    private static string Address(int port) => FormattableString.Invariant($"https://127.0.0.1:{port}");

    private static string Text(string server, ApiKeys keys) =>
        $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: sandbox
              cluster:
                server: {{server}}
                certificate-authority-data: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(keys.Authority))}}
            users:
            - name: sandbox-admin
              user: {token: {{keys.Administrator}}}
            contexts:
            - name: sandbox
              context: {cluster: sandbox, user: sandbox-admin}
            current-context: sandbox

            """;
}
