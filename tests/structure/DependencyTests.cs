using System.Xml.Linq;
using InfraCdktf.Tests.Support;
using Microsoft.CodeAnalysis.CSharp;

namespace InfraCdktf.Tests.Structure;

/// <summary>
/// The direction of dependencies. Project references hold the direction between projects; these tests hold which references
/// exist, and the direction inside the program.
/// </summary>
[Trait("Level", "pure")]
public sealed class DependencyTests
{
    // The program's assembly contains the stacks: a compilation that has neither this assembly nor their files has no stack.
    private static readonly string[] s_program = ["InfraCdktf", "InfraCdktf.Tests"];

    private static readonly string[] s_forbidden = [.. s_program, "InfraCdktf.Pipeline", "InfraCdktf.Sandbox"];

    private static readonly CSharpCompilation s_constructs = SourceTree.Compile(["constructs"], s_forbidden);

    private static readonly CSharpCompilation s_stacks = SourceTree.Compile(["constructs", "stacks"], s_forbidden);

    private static readonly IReadOnlyList<(string User, string Declares, string Type)> s_uses = SourceTree.UsesOf(
        SourceTree.Compile(["constructs", "stacks", "synthesis"], s_program)
    );

    [Theory]
    [InlineData("environments/Environments.csproj")]
    [InlineData("sandbox/Sandbox.csproj")]
    [InlineData("pipeline/Pipeline.csproj", "environments/Environments.csproj", "sandbox/Sandbox.csproj")]
    [InlineData("InfraCdktf.csproj", "environments/Environments.csproj", "pipeline/Pipeline.csproj")]
    public void Project_references_only_the_projects_of_the_layout(string project, params string[] expected) =>
        Assert.Equal(
            expected,
            Elements(project, "ProjectReference")
                .Select(reference =>
                    Path.GetRelativePath(
                        Repository.Root,
                        Path.GetFullPath(Path.Combine(Repository.PathOf(project), "..", reference))
                    )
                )
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("environments/Environments.csproj")]
    [InlineData("sandbox/Sandbox.csproj")]
    [InlineData("pipeline/Pipeline.csproj")]
    public void Project_without_jsii_references_no_binding(string project) =>
        Assert.DoesNotContain(
            Elements(project, "PackageReference"),
            package =>
                package.StartsWith("HashiCorp.", StringComparison.Ordinal)
                || package.StartsWith("Amazon.JSII", StringComparison.Ordinal)
                || package == "Constructs"
        );

    [Fact]
    public void Environments_project_has_no_package() =>
        Assert.Empty(Elements("environments/Environments.csproj", "PackageReference"));

    [Fact]
    public void Constructs_use_no_stack_and_no_synthesis() =>
        Assert.Empty(
            s_uses
                .Where(use => Top(use.User) == "constructs" && Top(use.Declares) != "constructs")
                .Select(use => $"{use.User} uses {use.Type} of {use.Declares}")
        );

    [Fact]
    public void Stacks_use_no_synthesis() =>
        Assert.Empty(
            s_uses
                .Where(use => Top(use.User) == "stacks" && Top(use.Declares) == "synthesis")
                .Select(use => $"{use.User} uses {use.Type} of {use.Declares}")
        );

    /// <summary>
    /// The project of the program references the pipeline, so its build accepts each of these uses. A using directive that no
    /// code needs is an error too, if no assembly has its namespace.
    /// </summary>
    [Fact]
    public void Constructs_and_stacks_compile_without_pipeline_and_sandbox()
    {
        Assert.Empty(SourceTree.ErrorsOf(s_constructs));
        Assert.Empty(SourceTree.ErrorsOf(s_stacks));
    }

    /// <summary>Errors: CS0246 and CS0234, the type or namespace does not exist; CS0103, the name does not exist.</summary>
    [Theory]
    [InlineData("using InfraCdktf.Pipeline.Cli;", "CS0234", "CS0234")]
    [InlineData("using InfraCdktf.Sandbox;", "CS0234", "CS0234")]
    [InlineData("using InfraCdktf.Stacks;", "CS0234", null)]
    [InlineData("namespace InfraCdktf.Constructs.Data; class A { Pipeline.Cli.Workspace? B; }", "CS0246", "CS0246")]
    [InlineData("namespace InfraCdktf.Constructs.Data; class A { string B = nameof(Stacks.PlatformApp); }", "CS0103", null)]
    [InlineData("class A { InfraCdktf.Pipeline.Cli.Workspace? B; }", "CS0234", "CS0234")]
    [InlineData("class A { object B = typeof(InfraCdktf.Stacks.PlatformApp); }", "CS0234", null)]
    [InlineData("using InfraCdktf.Environments.Model; class A { PlatformSpec? B; }", null, null)]
    public void Compilation_refuses_a_forbidden_use(string source, string? inConstructs, string? inStacks)
    {
        Expect(inConstructs, s_constructs);
        Expect(inStacks, s_stacks);

        void Expect(string? error, CSharpCompilation compilation)
        {
            var errors = SourceTree.ErrorsOf(compilation, source);
            if (error is null)
                Assert.Empty(errors);
            else
                Assert.Contains(error, Assert.Single(errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Folders_of_constructs_form_no_cycle()
    {
        var edges = s_uses
            .Select(use => (From: SourceTree.FolderOf(use.User), To: SourceTree.FolderOf(use.Declares)))
            .Where(edge => edge.From != edge.To && Top(edge.From) == "constructs" && Top(edge.To) == "constructs")
            .ToHashSet();
        // The rule is not empty: services use most of the others.
        Assert.Contains(("constructs/services", "constructs/network"), edges);
        Assert.Contains(("constructs/namespaces", "constructs/access"), edges);

        Assert.Null(Cycle(edges));
    }

    [Fact]
    public void Cycle_search_finds_a_cycle_and_names_it()
    {
        Assert.Null(Cycle([("a", "b"), ("b", "c"), ("a", "c")]));
        Assert.Equal("b -> c -> d -> b", Cycle([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")]));
    }

    // A folder of which every dependency is removed can be removed itself; what is left contains a cycle.
    private static string? Cycle(IReadOnlyCollection<(string From, string To)> edges)
    {
        var left = edges.ToHashSet();
        while (left.RemoveWhere(edge => left.All(other => other.From != edge.To)) > 0) { }
        if (left.Count == 0)
            return null;
        var path = new List<string> { left.Select(edge => edge.From).Order(StringComparer.Ordinal).First() };
        while (true)
        {
            var next = left.Where(edge => edge.From == path[^1]).Select(edge => edge.To).Order(StringComparer.Ordinal).First();
            if (path.IndexOf(next) is var start and >= 0)
                return string.Join(" -> ", path[start..].Append(next));
            path.Add(next);
        }
    }

    private static string Top(string path) => path.Split('/')[0];

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(Repository.PathOf(project)).Descendants(name).Select(element => element.Attribute("Include")!.Value);
}
