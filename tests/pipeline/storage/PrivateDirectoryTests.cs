using System.Diagnostics;
using System.Runtime.Versioning;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Storage;

[Trait("Level", "pure")]
public sealed class PrivateDirectoryTests
{
    // A unique purpose, so that no other test run finds these directories.
    private readonly string _purpose = $"test-{Guid.NewGuid():N}";

    [Fact]
    [UnsupportedOSPlatform("windows")] // It has no such file modes; developers and runners of this repository do not use it.
    public void Private_directory_is_in_memory_and_removed_after_use()
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
    public void Private_directory_is_taken_over_only_when_unused()
    {
        var directory = PrivateDirectory.Create(_purpose);
        Assert.Empty(PrivateDirectory.TakeLeft(_purpose));

        // It runs until its input is closed.
        using var worker = Process.Start(
            new ProcessStartInfo("cat") { WorkingDirectory = directory.Path, RedirectStandardInput = true }
        )!;
        directory.Leave();
        Assert.Empty(PrivateDirectory.TakeLeft(_purpose));
        worker.Kill();
        worker.WaitForExit();

        using var left = Assert.Single(PrivateDirectory.TakeLeft(_purpose));
        Assert.Equal(directory.Path, left.Path);
        Assert.Empty(PrivateDirectory.TakeLeft(_purpose));
        Assert.Empty(PrivateDirectory.TakeLeft("other"));
    }

    [Theory]
    [InlineData("mode")]
    [InlineData("owner")]
    [InlineData("link")]
    [UnsupportedOSPlatform("windows")]
    public void Planted_directory_is_not_taken_over(string planted)
    {
        using var sibling = PrivateDirectory.Create(_purpose);
        var path = $"{sibling.Path}0";
        PrivateFiles.CreateDirectory(planted == "link" ? $"{sibling.Path}/target" : path);
        if (planted == "link")
            File.CreateSymbolicLink(path, $"{sibling.Path}/target");
        File.WriteAllText(Path.Combine(path, ".held"), "");
        if (planted == "mode")
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherExecute);
        try
        {
            // Only root can give a directory away; on other machines only the other two cases are tested.
            if (planted == "owner" && Run("chown", "65534", path) != 0)
                return;

            Assert.Equal([sibling.Path], PrivateDirectory.Find(_purpose));
            Assert.Empty(PrivateDirectory.TakeLeft(_purpose));
        }
        finally
        {
            if (planted == "link")
                File.Delete(path);
            else
                Directory.Delete(path, recursive: true);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    [Fact]
    public void Private_directory_in_creation_is_not_taken_over()
    {
        using var sibling = PrivateDirectory.Create(_purpose);
        var created = $"{sibling.Path}0";
        PrivateFiles.CreateDirectory(created);
        try
        {
            Assert.Empty(PrivateDirectory.TakeLeft(_purpose));
        }
        finally
        {
            Directory.Delete(created, recursive: true);
        }
    }

    [Fact]
    public void Process_links_find_this_process_where_proc_exists() =>
        Assert.Equal(Directory.Exists("/proc/self"), ProcessLinks.Any("cwd", Environment.CurrentDirectory));
}
