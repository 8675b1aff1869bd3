using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace InfraCdktf.Tests.Structure;

/// <summary>Test names say subject, condition and result, so that a reader of a log needs nothing else.</summary>
[Trait("Level", "pure")]
public sealed class TestNameTests
{
    private const int LongestName = 60;

    // A subject that only the class name explains.
    private static readonly string[] s_noSubject = ["It", "They", "This", "What", "Who", "Whoever", "Each", "There"];

    private static readonly IReadOnlyList<(string File, string Name)> s_tests =
    [
        .. from file in SourceTree.Files
        where file.StartsWith("tests/", StringComparison.Ordinal)
        from method in SourceTree.Parse(file).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTest)
        select (file, method.Identifier.Text),
    ];

    [Fact]
    public void Test_names_have_at_most_60_characters()
    {
        Assert.True(s_tests.Count > 600, $"Only {s_tests.Count} tests were found.");
        Assert.Empty(s_tests.Where(test => test.Name.Length > LongestName).Select(test => $"{test.File}: {test.Name}"));
    }

    [Fact]
    public void Test_names_begin_with_their_subject() =>
        Assert.Empty(
            s_tests.Where(test => s_noSubject.Contains(test.Name.Split('_')[0])).Select(test => $"{test.File}: {test.Name}")
        );

    private static bool IsTest(AttributeSyntax attribute) => attribute.Name.ToString() is "Fact" or "Theory";
}
