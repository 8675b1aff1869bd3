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
        using (
            var ended = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo("cat") { RedirectStandardInput = true }
            )!
        )
        {
            await File.WriteAllTextAsync(Path.Combine(records, $"{ended.Id}"), $"{ProcessIdentity.Of(ended.Id)}\nleft");
            Assert.True(SandboxRecord.Has(_checkout.Path, "left"));
            ended.StandardInput.Close();
            await ended.WaitForExitAsync();
        }
        Assert.False(SandboxRecord.Has(_checkout.Path, "left"));

        await using var sandbox = await StartAsync();
        sandbox.RecordIn(_checkout.Path);

        Assert.Single(Directory.EnumerateFiles(records));
    }

    /// <summary>Terraform kills the process that the variable names if the providers do not answer.</summary>
    [Fact]
    public void Record_of_a_reused_process_number_is_not_accepted()
    {
        var records = Directory.CreateDirectory(Path.Combine(_checkout.Path, ".pipeline", "sandboxes")).FullName;
        var other = ProcessIdentity.Own!;
        var file = Path.Combine(records, $"{other.Id}");

        File.WriteAllText(file, $"{other}\nvalue");
        Assert.True(SandboxRecord.Has(_checkout.Path, "value"));
        File.WriteAllText(file, $"{other with { Start = "1" }}\nvalue");
        Assert.False(SandboxRecord.Has(_checkout.Path, "value"));
    }

    public void Dispose()
    {
        _account.Dispose();
        _checkout.Dispose();
    }

    private Task<CloudSandbox> StartAsync() => CloudSandbox.StartAsync(new() { Directory = _account.Path });
}
