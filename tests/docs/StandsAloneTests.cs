using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>The repository needs nothing beside it and promises nothing that is not there.</summary>
[Trait("Level", "pure")]
public sealed class StandsAloneTests
{
    // In pieces, or this file would be the first to be found.
    private static readonly string[] s_forbidden =
    [
        "/wo" + "rk/",
        "../" + "shared",
        "TO" + "DO",
        "FIX" + "ME",
        "Not" + "ImplementedException",
    ];

    [Fact]
    public void No_file_names_a_place_outside_or_leaves_something_for_later()
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
    public void The_lock_file_names_no_registry() =>
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Repository.PathOf("package-lock.json")), StringComparison.Ordinal);

    // What providers and registries say of themselves, in their words.
    private static bool IsData(string file) =>
        RepositoryFiles.Relative(file) is var path
        && (path.StartsWith("providers/schemas/", StringComparison.Ordinal) || path is "package-lock.json");
}
