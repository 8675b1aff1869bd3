using InfraCdktf.Environments.Model;
using InfraCdktf.Stacks;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace InfraCdktf.Tests.Structure;

/// <summary>Constructs take what they need, and do not ask which environment they build.</summary>
[Trait("Level", "pure")]
public sealed class ConstructTests
{
    private static readonly Type[] s_whole =
    [
        typeof(PlatformSpec),
        typeof(EnvironmentSpec),
        typeof(ApplicationEnvironmentSpec),
        typeof(SystemEnvironmentSpec),
    ];

    [Fact]
    public void Props_have_no_property_with_a_whole_inventory_record()
    {
        var props = typeof(PlatformApp)
            .Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("InfraCdktf.Constructs", StringComparison.Ordinal) == true)
            .Where(type => type.Name.EndsWith("Props", StringComparison.Ordinal))
            .ToList();
        Assert.True(props.Count > 15, $"Only {props.Count} props records were found.");

        Assert.Empty(
            props
                .SelectMany(type => type.GetProperties())
                .Where(property => s_whole.Contains(property.PropertyType))
                .Select(property => $"{property.DeclaringType!.Name}.{property.Name}: {property.PropertyType.Name}")
        );
    }

    [Fact]
    public void Constructs_do_not_branch_on_the_kind_of_an_environment() =>
        Assert.Empty(
            from file in SourceTree.Files
            where file.StartsWith("constructs/", StringComparison.Ordinal)
            from found in Branches(SourceTree.Parse(file).GetRoot().ToFullString())
            select $"{file}: {found}"
        );

    [Theory]
    [InlineData("var a = environment == platform.System ? 1 : 2;", 1)]
    [InlineData("var a = platform.System != environment;", 1)]
    [InlineData("if (environment is SystemEnvironmentSpec) { }", 1)]
    [InlineData("if (one is ApplicationEnvironmentSpec { Teams.Count: 0 } application) { }", 1)]
    [InlineData("var a = platform.System.Name == name && store is { Nodes: 2 };", 0)]
    public void Branch_search_finds_comparisons_and_type_patterns(string code, int count) =>
        Assert.Equal(count, Branches(code).Count());

    private static IEnumerable<string> Branches(string code)
    {
        var root = CSharpSyntaxTree.ParseText(code).GetRoot();
        var comparisons = root.DescendantNodes()
            .OfType<BinaryExpressionSyntax>()
            .Where(node => node.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression)
            .Where(node => IsSystem(node.Left) || IsSystem(node.Right))
            .Select(node => node.ToString());
        var patterns = root.DescendantNodes()
            .Where(node => node is PatternSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression })
            .SelectMany(node => node.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Where(name => name.Identifier.Text is nameof(SystemEnvironmentSpec) or nameof(ApplicationEnvironmentSpec))
            .Distinct()
            .Select(name => $"is {name}");
        return comparisons.Concat(patterns);
    }

    private static bool IsSystem(ExpressionSyntax expression) =>
        expression is MemberAccessExpressionSyntax { Name.Identifier.Text: nameof(PlatformSpec.System) };
}
