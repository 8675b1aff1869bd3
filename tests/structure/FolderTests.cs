using InfraCdktf.Tests.Support;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace InfraCdktf.Tests.Structure;

/// <summary>Tests mirror the folders, and namespaces follow them.</summary>
[Trait("Level", "pure")]
public sealed class FolderTests
{
    private static readonly string[] s_sources = ["constructs", "environments", "pipeline", "sandbox", "stacks", "synthesis"];

    // Folders whose namespace is not the folder's name in Pascal case, each with the reason.
    private static readonly Dictionary<string, string> s_words = new()
    {
        // "objectstore" is one word in the file system and two in .NET.
        ["objectstore"] = "ObjectStorage",
    };

    public static TheoryData<string> SourceFolders =>
        [
            .. SourceTree
                .Files.Select(SourceTree.FolderOf)
                .Where(folder => s_sources.Contains(folder.Split('/')[0]))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(SourceFolders))]
    public void Folder_has_a_test_class_in_its_mirror(string folder) =>
        Assert.True(
            SourceTree.Files.Any(file => SourceTree.FolderOf(file) == $"tests/{folder}" && HasTests(file)),
            $"{folder}: no test class in tests/{folder}. Add one: a reader looks for the tests of a folder there."
        );

    [Fact]
    public void Test_folders_mirror_a_source_folder()
    {
        // What tests need, and what is tested as a whole.
        string[] own = ["charts", "docs", "providers", "snapshots", "structure", "support", "workflows"];
        Assert.All(
            SourceTree
                .Files.Select(SourceTree.FolderOf)
                .Where(folder => folder.StartsWith("tests/", StringComparison.Ordinal))
                .Select(folder => folder["tests/".Length..])
                .Distinct()
                .Where(folder => !own.Contains(folder.Split('/')[0])),
            folder => Assert.True(Directory.Exists(Repository.PathOf(folder)), $"tests/{folder}: {folder} does not exist")
        );
    }

    [Fact]
    public void Namespaces_follow_the_folders() =>
        Assert.Empty(
            from file in SourceTree.Files
            let root = SourceTree.Parse(file).GetRoot()
            from declared in root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            where declared.Name.ToString() != Expected(file)
            select $"{file}: namespace {declared.Name}; allowed: {Expected(file)}"
        );

    private static string Expected(string file) =>
        string.Join(
            '.',
            SourceTree.FolderOf(file).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Word).Prepend("InfraCdktf")
        );

    private static string Word(string folder) =>
        s_words.TryGetValue(folder, out var word) ? word : char.ToUpperInvariant(folder[0]) + folder[1..];

    private static bool HasTests(string file) =>
        SourceTree
            .Parse(file)
            .GetRoot()
            .DescendantNodes()
            .OfType<AttributeSyntax>()
            .Any(attribute => attribute.Name.ToString() is "Fact" or "Theory");
}
