using System.Diagnostics;
using System.Runtime.Versioning;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Storage;

[Trait("Level", "pure")]
public sealed class PrivateDirectoryTests
{
    // No other test run looks for it.
    private readonly string _purpose = $"test-{Guid.NewGuid():N}";

    [Fact]
    [UnsupportedOSPlatform("windows")] // where files have no such modes; neither developers nor runners of this repository are there
    public void It_is_its_owners_alone_in_memory_where_there_is_such_a_place_and_gone_after_use()
    {
        string path;
        using (var directory = PrivateDirectory.Create(_purpose))
        {
            path = directory.Path;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
            Assert.Equal(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), Path.GetDirectoryName(path));
            File.WriteAllText(Path.Combine(path, "errored.tfstate"), "");
        }
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void What_somebody_holds_or_works_in_is_not_taken_over_and_what_was_left_is_once()
    {
        var directory = PrivateDirectory.Create(_purpose);
        Assert.Empty(PrivateDirectory.TakeLeft(_purpose));

        using var worker = Process.Start(new ProcessStartInfo("sleep", ["60"]) { WorkingDirectory = directory.Path })!;
        directory.Leave();
        Assert.Empty(PrivateDirectory.TakeLeft(_purpose));
        worker.Kill();
        worker.WaitForExit();

        using var left = Assert.Single(PrivateDirectory.TakeLeft(_purpose));
        Assert.Equal(directory.Path, left.Path);
        Assert.Empty(PrivateDirectory.TakeLeft(_purpose));
        Assert.Empty(PrivateDirectory.TakeLeft("other"));
    }

    [Fact]
    public void One_that_is_just_being_made_is_nobodys_to_take()
    {
        using var sibling = PrivateDirectory.Create(_purpose);
        var born = $"{sibling.Path}0";
        PrivateFiles.CreateDirectory(born);
        try
        {
            Assert.Empty(PrivateDirectory.TakeLeft(_purpose));
        }
        finally
        {
            Directory.Delete(born, recursive: true);
        }
    }

    [Fact]
    public void Without_proc_nobody_can_be_asked_and_with_it_this_process_is_found() =>
        Assert.Equal(Directory.Exists("/proc/self"), ProcessLinks.Any("cwd", Environment.CurrentDirectory));
}
