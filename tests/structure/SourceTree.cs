using InfraCdktf.Tests.Docs;
using InfraCdktf.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace InfraCdktf.Tests.Structure;

/// <summary>The C# files of the repository, parsed by the compiler's own library, and the types that they use.</summary>
internal static class SourceTree
{
    // The SDK's implicit usings (dotnet/sdk, Microsoft.NET.Sdk.CSharp.props), which no file contains.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Latest, DocumentationMode.Parse);

    /// <summary>The paths of all C# files, relative to the root, with '/'.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. RepositoryFiles
            .All.Select(RepositoryFiles.Relative)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Parses one file.</summary>
    public static SyntaxTree Parse(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(Repository.PathOf(file)), s_options, file);

    /// <summary>The folder of a file, relative to the root; "" for the root.</summary>
    public static string FolderOf(string file) => (Path.GetDirectoryName(file) ?? "").Replace('\\', '/');

    /// <summary>Compiles folders of the program, in memory.</summary>
    /// <param name="folders">Top folders, compiled together.</param>
    /// <param name="without">Names of built assemblies that the compilation does not reference.</param>
    public static CSharpCompilation Compile(IReadOnlyList<string> folders, IReadOnlyList<string> without)
    {
        var assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        // A name without an assembly would leave nothing out.
        Assert.Empty(without.Except(assemblies.Select(Path.GetFileNameWithoutExtension)));
        return CSharpCompilation.Create(
            "Sources",
            [
                .. Files.Where(file => folders.Contains(file.Split('/')[0])).Select(Parse),
                CSharpSyntaxTree.ParseText(ImplicitUsings, s_options),
            ],
            assemblies
                .Where(path => !without.Contains(Path.GetFileNameWithoutExtension(path)))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
    }

    /// <summary>The errors in all files of a compilation.</summary>
    public static IReadOnlyList<string> ErrorsOf(CSharpCompilation compilation) => Errors(compilation.GetDiagnostics());

    /// <summary>The errors in a file that is added to a compilation.</summary>
    public static IReadOnlyList<string> ErrorsOf(CSharpCompilation compilation, string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, s_options);
        return Errors(compilation.AddSyntaxTrees(tree).GetSemanticModel(tree).GetDiagnostics());
    }

    /// <summary>
    /// Every use of a type that another file of the compilation declares: the file that uses it, the file that declares it.
    /// </summary>
    public static IReadOnlyList<(string User, string Declares, string Type)> UsesOf(CSharpCompilation compilation)
    {
        Assert.Empty(ErrorsOf(compilation));
        return [.. compilation.SyntaxTrees.SelectMany(tree => Uses(compilation.GetSemanticModel(tree))).Distinct()];
    }

    private static IReadOnlyList<string> Errors(IEnumerable<Diagnostic> diagnostics) =>
        [
            .. diagnostics
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                // Generated code (regular expressions) is not in these files.
                .Where(diagnostic => diagnostic.Id != "CS8795")
                .Select(diagnostic => diagnostic.ToString()),
        ];

    private static IEnumerable<(string User, string Declares, string Type)> Uses(SemanticModel model) =>
        from name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
        let symbol = model.GetSymbolInfo(name).Symbol
        let type = symbol as INamedTypeSymbol ?? symbol?.ContainingType
        where type is not null
        from declaration in type.OriginalDefinition.DeclaringSyntaxReferences
        where declaration.SyntaxTree != model.SyntaxTree
        select (model.SyntaxTree.FilePath, declaration.SyntaxTree.FilePath, type.Name);
}
