using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Structure;

/// <summary>Dependencies have one direction: environments, constructs, stacks, Main. The pipeline does not start jsii.</summary>
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
    public void Folder_uses_only_allowed_folders(string folder, params string[] allowed)
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
    public void Folder_without_jsii_uses_no_jsii_type(string folder)
    {
        var wrong = Sources(folder).Where(source => Jsii().IsMatch(source.Code)).Select(source => source.File);

        Assert.Empty(wrong);
    }

    [Fact]
    public void Pipeline_uses_only_order_and_state_address_of_the_stacks()
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

    /// <summary>
    /// `InfraCdktf.Stacks` in a using or a name, and the short form that a namespace inside InfraCdktf may write.
    /// </summary>
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
