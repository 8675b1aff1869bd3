using System.Diagnostics;
using System.Globalization;
using InfraCdktf.Environments;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>The same inventory gives the same bytes in every directory, time zone and locale.</summary>
[Trait("Level", "synthesized")]
public sealed class DeterminismTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Second_synthesis_in_one_process_writes_the_same_bytes() =>
        Assert.Equal(Files(platform.Shipped.Folder), Files(platform.Synthesize(Inventory.Platform).Folder));

    [Fact]
    public void Synthesis_in_a_Turkish_thread_writes_the_same_bytes()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("tr-TR");
        try
        {
            Assert.Equal(Files(platform.Shipped.Folder), Files(platform.Synthesize(Inventory.Platform).Folder));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Program_output_does_not_depend_on_directory_locale_or_zone()
    {
        using var folder = new TemporaryDirectory();
        var start = new ProcessStartInfo("dotnet", [typeof(PlatformApp).Assembly.Location])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["CDKTF_OUTDIR"] = Path.Combine(folder.Path, "out");
        start.Environment["LC_ALL"] = "tr_TR.UTF-8";
        start.Environment["LANG"] = "tr_TR.UTF-8";
        start.Environment["TZ"] = "Pacific/Auckland";
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        _ = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, await error);
        Assert.Equal(Files(platform.Shipped.Folder), Files(Path.Combine(folder.Path, "out")));
    }

    private static Dictionary<string, string> Files(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(folder, "stacks"), "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText);
}
