using System.Diagnostics;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Workflows;

/// <summary>Tests the comparison that a pull request shows; it is run as the workflow runs it.</summary>
[Trait("Level", "real")]
public sealed class SynthDiffTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public void SynthDiff_of_equal_outputs_reports_no_change()
    {
        Write("base", "core", "a");
        Write("branch", "core", "a");
        Assert.Equal((0, "No stack changes.\n"), Compare());
    }

    [Fact]
    public void SynthDiff_shows_counts_removed_addresses_and_the_difference()
    {
        Write("base", "core", "a", "b");
        Write("branch", "core", "A", "c");
        Write("base", "system", "a");
        Write("branch", "system", "a");
        var (code, text) = Compare();
        Assert.Equal(0, code);
        Assert.Contains("| core | 2 | 0 | 2 |", text, StringComparison.Ordinal);
        Assert.Contains("- core: `thing.b`", text, StringComparison.Ordinal);
        Assert.Contains("2 addresses will be destroyed", text, StringComparison.Ordinal);
        Assert.Contains("+      \"c\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("system", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, text, StringComparison.Ordinal);
    }

    [Fact]
    public void SynthDiff_counts_a_changed_argument_as_changed()
    {
        Write("base", "core", "a");
        Write("branch", "core", "a");
        File.WriteAllText(
            PathOf("branch", "core"),
            File.ReadAllText(PathOf("branch", "core")).Replace("old", "new", StringComparison.Ordinal)
        );
        var (code, text) = Compare();
        Assert.Equal(0, code);
        Assert.Contains("| core | 0 | 1 | 0 |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("destroyed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SynthDiff_shows_an_added_or_removed_stack_completely()
    {
        Write("base", "old", "a");
        Write("branch", "new", "a", "b");
        var (code, text) = Compare();
        Assert.Equal(0, code);
        Assert.Contains("| new | 2 | 0 | 0 |", text, StringComparison.Ordinal);
        Assert.Contains("| old | 0 | 0 | 1 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SynthDiff_of_a_large_change_fits_into_one_comment()
    {
        foreach (var stack in new[] { "core", "system" })
        {
            Write("base", stack, [.. Enumerable.Range(0, 3000).Select(number => $"old-{number}")]);
            Write("branch", stack, [.. Enumerable.Range(0, 3000).Select(number => $"new-{number}")]);
        }
        var (code, text) = Compare();
        Assert.Equal(0, code);
        Assert.InRange(text.Length, 10_000, 65_535);
        Assert.Contains("the artifact contains both sides in full", text, StringComparison.Ordinal);
        Assert.Equal(text.Split("<details>").Length, text.Split("</details>").Length);
    }

    [Fact]
    public void SynthDiff_uses_a_code_block_that_the_json_cannot_end()
    {
        Write("base", "core", "a");
        Write("branch", "core", "a", "```` <b>");
        var text = Compare().Text;
        Assert.Contains("\n`````diff\n", text, StringComparison.Ordinal);
        Assert.Contains("\n`````\n</details>", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("base")]
    [InlineData("base", "nowhere")]
    [InlineData("base", "base", "base")]
    public void SynthDiff_with_wrong_arguments_exits_with_64(params string[] arguments)
    {
        Write("base", "core", "a");
        Assert.Equal(64, Compare(arguments).Code);
    }

    public void Dispose() => _folder.Dispose();

    private (int Code, string Text) Compare() => Compare("base", "branch");

    private (int Code, string Text) Compare(params string[] folders)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Repository.PathOf(".github", "scripts", "synth-diff.mjs"));
        foreach (var folder in folders)
            start.ArgumentList.Add(Path.Combine(_folder.Path, folder));
        using var node = Process.Start(start)!;
        var errors = node.StandardError.ReadToEndAsync();
        var text = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode is 0 or 64, errors.Result);
        return (node.ExitCode, text);
    }

    private void Write(string side, string stack, params string[] names)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(side, stack))!);
        var resources = string.Join(
            ",\n",
            names.Select(name => $"      \"{name}\": {{\n        \"argument\": \"old\"\n      }}")
        );
        File.WriteAllText(PathOf(side, stack), $"{{\n  \"resource\": {{\n    \"thing\": {{\n{resources}\n    }}\n  }}\n}}");
    }

    private string PathOf(string side, string stack) => Path.Combine(_folder.Path, side, "stacks", stack, "cdk.tf.json");
}
