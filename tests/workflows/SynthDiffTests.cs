using System.Diagnostics;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Workflows;

/// <summary>The comparison that a pull request shows, run as the workflow runs it.</summary>
[Trait("Level", "real")]
public sealed class SynthDiffTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("infra-synth-diff-");

    [Fact]
    public void Equal_outputs_are_said_to_be_equal()
    {
        Write("base", "core", "a");
        Write("branch", "core", "a");
        Assert.Equal((0, "No stack changes.\n"), Compare());
    }

    [Fact]
    public void A_stack_that_changes_shows_its_counts_its_lost_addresses_and_its_difference()
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
        Assert.DoesNotContain(_folder.FullName, text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_changes_counts_as_changed()
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
    public void A_stack_that_comes_or_goes_is_shown_whole()
    {
        Write("base", "old", "a");
        Write("branch", "new", "a", "b");
        var (code, text) = Compare();
        Assert.Equal(0, code);
        Assert.Contains("| new | 2 | 0 | 0 |", text, StringComparison.Ordinal);
        Assert.Contains("| old | 0 | 0 | 1 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void However_much_changes_it_fits_into_a_comment()
    {
        foreach (var stack in new[] { "core", "system" })
        {
            Write("base", stack, [.. Enumerable.Range(0, 3000).Select(number => $"old-{number}")]);
            Write("branch", stack, [.. Enumerable.Range(0, 3000).Select(number => $"new-{number}")]);
        }
        var (code, text) = Compare();
        Assert.Equal(0, code);
        Assert.InRange(text.Length, 10_000, 65_535);
        Assert.Contains("the artifact holds both sides whole", text, StringComparison.Ordinal);
        Assert.Equal(text.Split("<details>").Length, text.Split("</details>").Length);
    }

    [Fact]
    public void What_stands_in_the_json_cannot_end_its_block()
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
    public void Wrong_usage_is_refused(params string[] arguments)
    {
        Write("base", "core", "a");
        Assert.Equal(64, Compare(arguments).Code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private (int Code, string Text) Compare() => Compare("base", "branch");

    private (int Code, string Text) Compare(params string[] folders)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Repository.PathOf(".github", "scripts", "synth-diff.mjs"));
        foreach (var folder in folders)
            start.ArgumentList.Add(Path.Combine(_folder.FullName, folder));
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

    private string PathOf(string side, string stack) => Path.Combine(_folder.FullName, side, "stacks", stack, "cdk.tf.json");
}
