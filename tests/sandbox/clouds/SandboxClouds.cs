using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Clouds.Helm;
using InfraCdktf.Sandbox.Clouds.Kubernetes;
using InfraCdktf.Sandbox.Clouds.Linode;
using InfraCdktf.Sandbox.ObjectStorage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Clouds;

/// <summary>The three clouds. Their schemas are read once for all tests of a class. They store nothing of an account.</summary>
public sealed class SandboxClouds : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, Cloud> _clouds;

    public SandboxClouds() =>
        _clouds = new Cloud[]
        {
            new LinodeCloud(new ObjectStore(new Account(_directory.Path))),
            new KubernetesCloud(new Account(_directory.Path), TimeProvider.System),
            new HelmCloud(),
        }.ToDictionary(c => c.Name);

    public void Dispose() => _directory.Dispose();

    internal Cloud Of(string type) => _clouds[type.Split('_')[0]];
}
