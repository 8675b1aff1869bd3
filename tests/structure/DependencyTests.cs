using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Structure;

/// <summary>Dependencies point one way: environments, constructs, stacks, Main; the pipeline beside them starts no jsii.</summary>
[Trait("Level", "pure")]
public sealed partial class DependencyTests
{
    private static readonly string[] s_parts = ["Environments", "Constructs", "Stacks", "Pipeline", "Sandbox"];

    [Theory]
    [InlineData("environments")]
    [InlineData("constructs", "Environments")]
    [InlineData("stacks", "Environments", "Constructs")]
    [InlineData("pipeline", "Environments", "Stacks", "Sandbox")]
    [InlineData("sandbox")]
    public void A_part_knows_only_what_lies_below_it(string folder, params string[] allowed)
    {
        var forbidden = s_parts
            .Except(allowed)
            .Where(part => !part.Equals(folder, StringComparison.OrdinalIgnoreCase))
            .ToHashSet();
        var wrong = Sources(folder)
            .SelectMany(source => Parts(source.Code).Where(forbidden.Contains).Select(part => $"{source.File} names {part}"));

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("environments")]
    [InlineData("pipeline")]
    [InlineData("sandbox")]
    public void What_must_not_start_jsii_names_no_type_of_it(string folder)
    {
        var wrong = Sources(folder).Where(source => Jsii().IsMatch(source.Code)).Select(source => source.File);

        Assert.Empty(wrong);
    }

    [Fact]
    public void Of_the_stacks_the_pipeline_knows_order_and_state_address_alone()
    {
        var types = Sources("stacks")
            .SelectMany(source => Declaration().Matches(source.Code).Select(match => match.Groups[1].Value))
            .ToHashSet();
        Assert.Contains("PlatformApp", types);
        types.ExceptWith(["StackOrder", "StateAddress"]);
        var wrong = Sources("pipeline")
            .SelectMany(source =>
                Word()
                    .Matches(source.Code)
                    .Select(match => match.Value)
                    .Where(types.Contains)
                    .Select(type => $"{source.File} names {type}")
            );

        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Parts(string code) =>
        Qualified().Matches(code).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal);

    private static IReadOnlyList<(string File, string Code)> Sources(string folder)
    {
        var sources = Directory
            .EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Select(file => (Path.GetRelativePath(Repository.Root, file), Comment().Replace(File.ReadAllText(file), "")))
            .ToList();
        Assert.NotEmpty(sources);
        return sources;
    }

    /// <summary>`InfraCdktf.Stacks` in a using or a name, and the short form that a namespace inside InfraCdktf may write.</summary>
    [GeneratedRegex(@"(?:\bInfraCdktf\.|(?<![\w.""@]))(Environments|Constructs|Stacks|Pipeline|Sandbox)(?=[.;]\w*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\bHashiCorp\.Cdktf\b|\bAmazon\.JSII\b|\busing Constructs;")]
    private static partial Regex Jsii();

    [GeneratedRegex(@"\b(?:class|record|struct|enum|interface)\s+(\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
