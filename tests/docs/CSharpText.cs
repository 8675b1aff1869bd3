using System.Text;

namespace InfraCdktf.Tests.Docs;

/// <summary>A piece of text in a C# file that people read.</summary>
/// <param name="Line">The line on which it starts, from 1.</param>
/// <param name="IsComment">True for a comment, false for a string literal.</param>
/// <param name="Text">The text. The code inside an interpolated string is not part of it.</param>
internal sealed record CSharpPiece(int Line, bool IsComment, string Text);

/// <summary>
/// Finds the comments and the string literals of a C# file: regular, verbatim, raw and interpolated ones, also nested. It parses
/// only as much of the language as that needs; preprocessor text is read as code.
/// </summary>
internal sealed class CSharpText
{
    private readonly string _text;
    private readonly List<CSharpPiece> _pieces = [];
    private int _at;
    private int _line = 1;

    private CSharpText(string text) => _text = text;

    /// <summary>Returns the pieces of a file in the order of their lines; a text of several lines is one piece for each line.</summary>
    public static IReadOnlyList<CSharpPiece> PiecesOf(string text)
    {
        var reader = new CSharpText(text);
        reader.Code(untilBrace: false);
        return [.. reader._pieces.OrderBy(piece => piece.Line)];
    }

    private char Now => Ahead(0);

    private char Ahead(int by) => _at + by < _text.Length ? _text[_at + by] : '\0';

    private bool Next(string wanted) => string.CompareOrdinal(_text, _at, wanted, 0, wanted.Length) == 0;

    private int Count(char wanted)
    {
        var count = 0;
        while (Ahead(count) == wanted)
            count++;
        return count;
    }

    private char Take()
    {
        var taken = _text[_at++];
        if (taken == '\n')
            _line++;
        return taken;
    }

    private void Take(int count)
    {
        for (; count > 0; count--)
            Take();
    }

    // The code of a file, or of a hole in an interpolated string: that ends before the brace that closes it.
    private void Code(bool untilBrace)
    {
        for (var depth = 0; _at < _text.Length; )
        {
            if (Next("//"))
                LineComment();
            else if (Next("/*"))
                BlockComment();
            else if (Now == '\'')
                Character();
            else if (Now is '"' or '$' or '@' && StartsString())
                String();
            else
            {
                if (untilBrace && depth == 0 && Now == '}')
                    return;
                depth +=
                    Now is '{' or '(' or '[' ? 1
                    : Now is '}' or ')' or ']' ? -1
                    : 0;
                Take();
            }
        }
    }

    private void LineComment()
    {
        var (line, from) = (_line, _at);
        while (_at < _text.Length && Now != '\n')
            Take();
        _pieces.Add(new(line, IsComment: true, _text[from.._at]));
    }

    private void BlockComment()
    {
        var (line, from) = (_line, _at);
        Take(2);
        while (_at < _text.Length && !Next("*/"))
            Take();
        Take(Math.Min(2, _text.Length - _at));
        Add(line, isComment: true, _text[from.._at]);
    }

    private void Character()
    {
        Take();
        while (_at < _text.Length && Now is not ('\'' or '\n'))
            Take(Now == '\\' ? 2 : 1);
        if (Now == '\'')
            Take();
    }

    private bool StartsString()
    {
        var prefix = 0;
        while (Ahead(prefix) is '$' or '@')
            prefix++;
        return Ahead(prefix) == '"';
    }

    private void String()
    {
        var (dollars, verbatim) = (0, false);
        for (; Now is '$' or '@'; Take())
        {
            dollars += Now == '$' ? 1 : 0;
            verbatim |= Now == '@';
        }
        var quotes = Count('"');
        // Two quotes are an empty string, three or more open a raw one.
        if (quotes == 2)
            Take(2);
        else if (quotes >= 3 && !verbatim)
            Literal(dollars, quotes, verbatim: false);
        else
            Literal(dollars, quotes: 1, verbatim);
    }

    private void Literal(int dollars, int quotes, bool verbatim)
    {
        var raw = quotes >= 3;
        Take(quotes);
        var (line, text) = (_line, new StringBuilder());
        while (_at < _text.Length)
        {
            if (Now == '"' && (raw ? Count('"') >= quotes : !(verbatim && Ahead(1) == '"')))
            {
                Take(raw ? Count('"') : 1);
                break;
            }
            if (!raw && !verbatim && Now == '\n')
                break; // not valid C#: the rest of the file is still read
            if (!raw && ((verbatim && Now == '"') || (!verbatim && Now == '\\')))
            {
                // An escape separates words, as a line break does.
                text.Append(' ');
                Take(2);
            }
            else if (dollars > 0 && Now == '{' && Hole(dollars, raw) is var braces and > 0)
            {
                Take(braces);
                Code(untilBrace: true);
                Take(Math.Min(Count('}'), raw ? dollars : 1));
                text.Append('…');
            }
            else
                text.Append(Take());
        }
        Add(line, isComment: false, text.ToString());
    }

    // How many braces open a hole here; 0 where they are text, and then the doubled one is skipped.
    private int Hole(int dollars, bool raw)
    {
        var count = Count('{');
        if (raw)
            return count >= dollars ? count : 0;
        if (count % 2 == 1)
            return count;
        Take(count - 1);
        return 0;
    }

    private void Add(int line, bool isComment, string text)
    {
        foreach (var part in text.Split('\n'))
            _pieces.Add(new(line++, isComment, part));
    }
}
