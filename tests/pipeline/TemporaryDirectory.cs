namespace InfraCdktf.Tests.Pipeline;

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("infra-cdktf-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
