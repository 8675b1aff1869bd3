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

    /// <summary>
    /// Every use of a type that another file of the same folders declares: the file that uses it, the file that declares it.
    /// </summary>
    /// <param name="folders">Top folders, compiled together against the built assemblies of the others.</param>
    public static IReadOnlyList<(string User, string Declares, string Type)> Uses(params IReadOnlyList<string> folders)
    {
        var trees = Files.Where(file => folders.Contains(file.Split('/')[0])).Select(Parse).ToList();
        var compilation = CSharpCompilation.Create(
            "Sources",
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, s_options)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path) != "InfraCdktf.dll")
                .Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        Assert.Empty(
            compilation
                .GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                // Generated code (regular expressions) is not in these files.
                .Where(diagnostic => diagnostic.Id != "CS8795")
                .Select(diagnostic => diagnostic.ToString())
        );
        return [.. trees.SelectMany(tree => Uses(compilation.GetSemanticModel(tree))).Distinct()];
    }

    private static IEnumerable<(string User, string Declares, string Type)> Uses(SemanticModel model) =>
        from name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
        let symbol = model.GetSymbolInfo(name).Symbol
        let type = symbol as INamedTypeSymbol ?? symbol?.ContainingType
        where type is not null
        from declaration in type.OriginalDefinition.DeclaringSyntaxReferences
        where declaration.SyntaxTree != model.SyntaxTree
        select (model.SyntaxTree.FilePath, declaration.SyntaxTree.FilePath, type.Name);
}
