using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Hosting;

/// <summary>A checkout accepts the providers of its running sandboxes only.</summary>
[Trait("Level", "real")]
public sealed class SandboxRecordTests : IDisposable
{
    private readonly TemporaryDirectory _account = new();
    private readonly TemporaryDirectory _checkout = new();

    [Fact]
    public async Task Record_is_for_one_checkout_and_one_value()
    {
        await using var sandbox = await StartAsync();
        var value = sandbox.Environment["TF_REATTACH_PROVIDERS"];
        Assert.False(SandboxRecord.Has(_checkout.Path, value));

        sandbox.RecordIn(_checkout.Path);

        Assert.True(SandboxRecord.Has(_checkout.Path, value));
        Assert.False(SandboxRecord.Has(_checkout.Path, value + " "));
        Assert.False(SandboxRecord.Has(_account.Path, value));
    }

    [Fact]
    public async Task Record_and_its_directories_end_with_the_sandbox()
    {
        string value;
        await using (var sandbox = await StartAsync())
        {
            sandbox.RecordIn(_checkout.Path);
            value = sandbox.Environment["TF_REATTACH_PROVIDERS"];
        }

        Assert.False(SandboxRecord.Has(_checkout.Path, value));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_checkout.Path));
    }

    [Fact]
    public async Task Record_of_a_killed_sandbox_is_not_accepted_and_removed()
    {
        var records = Directory.CreateDirectory(Path.Combine(_checkout.Path, ".pipeline", "sandboxes")).FullName;
        using (var ended = System.Diagnostics.Process.Start("true"))
        {
            await ended.WaitForExitAsync();
            await File.WriteAllTextAsync(Path.Combine(records, $"{ended.Id}"), "left");
        }
        Assert.False(SandboxRecord.Has(_checkout.Path, "left"));

        await using var sandbox = await StartAsync();
        sandbox.RecordIn(_checkout.Path);

        Assert.Single(Directory.EnumerateFiles(records));
    }

    public void Dispose()
    {
        _account.Dispose();
        _checkout.Dispose();
    }

    private Task<CloudSandbox> StartAsync() => CloudSandbox.StartAsync(new() { Directory = _account.Path });
}
