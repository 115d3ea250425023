using System.Globalization;
using System.Text;

namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>What a token of an expression is.</summary>
internal enum JinjaTokenKind
{
    /// <summary>A name or a word of the language.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>An operator or a bracket.</summary>
    Operator,

    /// <summary>Nothing follows.</summary>
    End,
}

/// <summary>A token of an expression.</summary>
internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Text);

/// <summary>The tokens of an expression, read one by one.</summary>
internal sealed class JinjaLexer
{
    private static readonly string[] Operators =
    [
        "**",
        "//",
        "==",
        "!=",
        "<=",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "~",
        "<",
        ">",
        "=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        "|",
    ];

    private const int MaxTokens = 2000;

    private readonly List<JinjaToken> tokens = [];
    private int at;

    public JinjaLexer(string source)
    {
        for (var place = 0; place < source.Length; )
        {
            if (char.IsWhiteSpace(source[place]))
            {
                place++;
                continue;
            }

            tokens.Add(Read(source, ref place));
            if (tokens.Count > MaxTokens)
            {
                throw ChatTemplateException.TooMuch($"has an expression of more than {MaxTokens} words and signs");
            }
        }
    }

    public JinjaToken Current => Peek(0);

    public bool AtEnd => at >= tokens.Count;

    public JinjaToken Peek(int ahead) => at + ahead < tokens.Count ? tokens[at + ahead] : new JinjaToken(JinjaTokenKind.End, "");

    public JinjaToken Next()
    {
        var token = Current;
        at++;
        return token;
    }

    /// <summary>Whether an operator or a word is next.</summary>
    public bool Is(string text) => Current.Kind is JinjaTokenKind.Operator or JinjaTokenKind.Name && Current.Text == text;

    /// <summary>Reads on over an operator or a word if it is next.</summary>
    public bool Skip(string text)
    {
        var found = Is(text);
        at += found ? 1 : 0;
        return found;
    }

    public void Expect(string text)
    {
        if (!Skip(text))
        {
            throw ChatTemplateException.Failed(
                $"\"{text}\" is expected where {(AtEnd ? "an expression ends" : $"\"{Current.Text}\" stands")}"
            );
        }
    }

    public string Name() =>
        Current.Kind == JinjaTokenKind.Name
            ? Next().Text
            : throw ChatTemplateException.Failed($"a name is expected where \"{Current.Text}\" stands");

    private static JinjaToken Read(string source, ref int place)
    {
        var start = place;
        var first = source[place];
        if (char.IsLetter(first) || first == '_')
        {
            while (place < source.Length && (char.IsLetterOrDigit(source[place]) || source[place] == '_'))
            {
                place++;
            }

            return new JinjaToken(JinjaTokenKind.Name, source[start..place]);
        }

        if (char.IsAsciiDigit(first))
        {
            while (
                place < source.Length
                && (
                    char.IsAsciiDigit(source[place])
                    || source[place] == '_'
                    || (source[place] == '.' && place + 1 < source.Length && char.IsAsciiDigit(source[place + 1]))
                )
            )
            {
                place++;
            }

            return new JinjaToken(JinjaTokenKind.Number, source[start..place].Replace("_", "", StringComparison.Ordinal));
        }

        if (first is '"' or '\'')
        {
            return new JinjaToken(JinjaTokenKind.Text, Quoted(source, ref place));
        }

        foreach (var known in Operators)
        {
            if (string.CompareOrdinal(source, place, known, 0, known.Length) == 0)
            {
                place += known.Length;
                return new JinjaToken(JinjaTokenKind.Operator, known);
            }
        }

        throw ChatTemplateException.Failed($"\"{first}\" stands in an expression");
    }

    private static string Quoted(string source, ref int place)
    {
        var quote = source[place++];
        var text = new StringBuilder();
        while (place < source.Length && source[place] != quote)
        {
            if (source[place] != '\\' || place + 1 >= source.Length)
            {
                text.Append(source[place++]);
                continue;
            }

            var escaped = source[place + 1];
            place += 2;
            switch (escaped)
            {
                case 'n':
                    text.Append('\n');
                    break;
                case 't':
                    text.Append('\t');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case '\\' or '\'' or '"':
                    text.Append(escaped);
                    break;
                case '\n':
                    break;
                case 'x' or 'u' or 'U':
                    var digits =
                        escaped == 'x' ? 2
                        : escaped == 'u' ? 4
                        : 8;
                    text.Append(Character(source, place, digits));
                    place += digits;
                    break;
                default:
                    text.Append('\\').Append(escaped);
                    break;
            }
        }

        place++;
        return text.ToString();
    }

    private static string Character(string source, int place, int digits) =>
        place + digits <= source.Length
        && int.TryParse(source.AsSpan(place, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? code is >= 0xD800 and <= 0xDFFF
                ? ((char)code).ToString()
                : Rune.IsValid(code)
                    ? new Rune(code).ToString()
                    : throw ChatTemplateException.Failed("a text has an escape that is no character")
            : throw ChatTemplateException.Failed("a text has an escape that is no character");
}
