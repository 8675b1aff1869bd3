using System.Diagnostics;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Accounts;

/// <summary>One writer at a time over all processes.</summary>
[Trait("Level", "real")]
public sealed class AccountLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string LockFile => Path.Combine(_directory.Path, "lock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Lock_is_taken_when_the_other_process_ends()
    {
        using var other = Other();
        var taken = Task.Run(() => AccountLock.Take(LockFile));
        other.Kill();
        (await taken.WaitAsync(TimeSpan.FromMinutes(1))).Dispose();
    }

    [Fact]
    public void Lock_that_is_held_too_long_is_an_error()
    {
        using var other = Other();
        var error = Assert.Throws<IOException>(() => AccountLock.Take(LockFile, TimeSpan.Zero));
        Assert.Equal(
            $"Account lock {LockFile}: held by another process for 0 s. "
                + "End the other process that uses this account, or use another directory.",
            error.Message
        );
        other.Kill();
        AccountLock.Take(LockFile).Dispose();
    }

    [Fact]
    public void Lock_in_a_missing_directory_is_an_error_at_once() =>
        Assert.Throws<DirectoryNotFoundException>(() => AccountLock.Take(Path.Combine(_directory.Path, "missing", "lock")));

    /// <summary>A process that holds the lock until it is killed.</summary>
    private Process Other()
    {
        var process = Process.Start(
            new ProcessStartInfo("sh", ["-c", "exec 9> \"$0\"; flock 9; echo held; exec cat", LockFile])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal("held", process.StandardOutput.ReadLine());
        return process;
    }
}
