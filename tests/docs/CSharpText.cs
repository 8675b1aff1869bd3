using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace InfraCdktf.Tests.Docs;

/// <summary>A line of text in a C# file that people read.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="IsComment">True for a comment, false for a string literal.</param>
/// <param name="Text">The text. The code inside an interpolated string is not part of it.</param>
internal sealed record CSharpPiece(int Line, bool IsComment, string Text);

/// <summary>Finds the comments and the string literals of a C# file.</summary>
internal static class CSharpText
{
    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Latest, DocumentationMode.Parse);

    /// <summary>
    /// Returns the pieces of a file in the order of their lines; a text of several lines is one piece for each line.
    /// </summary>
    public static IReadOnlyList<CSharpPiece> PiecesOf(string text)
    {
        var root = CSharpSyntaxTree.ParseText(text, s_options).GetRoot();
        var comments = root.DescendantTrivia()
            .Where(trivia => IsComment(trivia.Kind()))
            .SelectMany(trivia => Lines(trivia.GetLocation(), trivia.ToFullString(), isComment: true));
        var literals = root.DescendantTokens()
            .Where(token => IsLiteral(token.Kind()))
            .SelectMany(token => Lines(token.GetLocation(), token.ValueText, isComment: false));
        return [.. comments.Concat(literals).OrderBy(piece => piece.Line)];
    }

    private static IEnumerable<CSharpPiece> Lines(Location location, string text, bool isComment) =>
        text.Split('\n')
            .Select((line, index) => new CSharpPiece(location.GetLineSpan().StartLinePosition.Line + index + 1, isComment, line));

    private static bool IsComment(SyntaxKind kind) =>
        kind
            is SyntaxKind.SingleLineCommentTrivia
                or SyntaxKind.MultiLineCommentTrivia
                or SyntaxKind.SingleLineDocumentationCommentTrivia
                or SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static bool IsLiteral(SyntaxKind kind) =>
        kind
            is SyntaxKind.StringLiteralToken
                or SyntaxKind.Utf8StringLiteralToken
                or SyntaxKind.SingleLineRawStringLiteralToken
                or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.InterpolatedStringTextToken;
}
