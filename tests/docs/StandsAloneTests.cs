using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>Tests that the repository needs no file outside it and has no marker for unfinished work.</summary>
[Trait("Level", "pure")]
public sealed class StandsAloneTests
{
    // The words are written in parts, so that the test does not find this file.
    private static readonly string[] s_forbidden =
    [
        "/wo" + "rk/",
        "../" + "shared",
        "TO" + "DO",
        "FIX" + "ME",
        "Not" + "ImplementedException",
    ];

    [Fact]
    public void Repository_has_no_outside_path_and_no_open_marker()
    {
        var found =
            from file in RepositoryFiles.All
            where !IsData(file)
            let text = File.ReadAllText(file)
            from word in s_forbidden
            where text.Contains(word, StringComparison.Ordinal)
            select $"{RepositoryFiles.Relative(file)}: {word}";
        Assert.Empty(found);
    }

    [Fact]
    public void LockFile_names_no_registry() =>
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Repository.PathOf("package-lock.json")), StringComparison.Ordinal);

    // Data that providers and registries print.
    private static bool IsData(string file) =>
        RepositoryFiles.Relative(file) is var path
        && (path.StartsWith("providers/schemas/", StringComparison.Ordinal) || path is "package-lock.json");
}
