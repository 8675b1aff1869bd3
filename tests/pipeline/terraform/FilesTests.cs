using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Terraform;

[Trait("Level", "pure")]
public sealed class FilesTests
{
    [Fact]
    [UnsupportedOSPlatform("windows")] // Windows files have no such modes; developers and runners do not use Windows
    public void Saved_plan_is_private_and_deleted_after_use()
    {
        string file;
        using (var plan = new SavedPlan())
        {
            file = plan.File;
            File.WriteAllText(file, "as Terraform writes it: into what is there");
            Assert.Equal("as Terraform writes it: into what is there", File.ReadAllText(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            if (Directory.Exists("/proc/self"))
                Assert.EndsWith(" (deleted)", new FileInfo(file).LinkTarget, StringComparison.Ordinal);
        }
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void Outputs_file_is_sorted_and_reads_back_unchanged()
    {
        using var directory = new TemporaryDirectory();
        var outputs = new OutputsFile(directory.Path);
        Assert.Empty(outputs.Read());

        outputs.Write(
            new Dictionary<string, JsonNode?>
            {
                ["b"] = 5432,
                ["a"] = "host",
                ["c"] = new JsonArray("x"),
            }
        );

        Assert.Equal(
            "{\n  \"a\": \"host\",\n  \"b\": 5432,\n  \"c\": [\n    \"x\"\n  ]\n}\n",
            File.ReadAllText(outputs.FullPath)
        );
        Assert.Equal(["a", "b", "c"], outputs.Read().Keys);
        Assert.Equal([outputs.FullPath], Directory.EnumerateFiles(Path.GetDirectoryName(outputs.FullPath)!));
    }

    [Fact]
    public void Missing_stack_error_names_the_stack_and_the_file()
    {
        using var directory = new TemporaryDirectory();

        var error = Assert.Throws<PipelineException>(() => StackDirectory.Read(directory.Path, "core"));

        Assert.StartsWith(
            $"stack core: {Path.Combine(directory.Path, "stacks", "core", "cdk.tf.json")} does not exist.",
            error.Message,
            StringComparison.Ordinal
        );
    }
}
