using System.Globalization;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns.Syntax;

/// <summary>Reads what a backslash begins, wherever it stands for a character or a set.</summary>
internal static class EscapeReader
{
    /// <summary>The set of the escape that comes next (its backslash included); null where it is none that stands for characters.</summary>
    public static CodePointSet? Read(PatternSource source, bool insideSet)
    {
        var start = source.Position;
        source.Position++;
        if (source.AtEnd)
        {
            throw source.Refuse(start);
        }

        var table = UnicodeTable.Oniguruma;
        var kind = source.Next;
        switch (kind)
        {
            case 'w' or 'd' or 's' or 'h':
                source.Position++;
                return table["\\" + kind];
            case 'W' or 'D' or 'S' or 'H':
                source.Position++;
                return table["\\" + char.ToLowerInvariant(kind)].Complement();
            case 'N' when !insideSet:
                source.Position++;
                return CodePointSet.Of('\n').Complement();
            case 'O' when !insideSet:
                source.Position++;
                return CodePointSet.All;
            case 'p' or 'P' when source.Ahead(1) == '{':
                return Property(source, start);
            case 'x' or 'u' or (>= '0' and <= '7') when insideSet || kind is not (>= '1' and <= '7'):
                return CodePointSet.Of(Number(source, start));
            case 'b' when insideSet:
                source.Position++;
                return CodePointSet.Of('\b');
            case 'c' when char.IsAscii(source.Ahead(1)) && source.Ahead(1) is not ('\0' or '\\'):
                source.Position += 2;
                return CodePointSet.Of(source.Ahead(-1) & 0x1F);
        }

        if (Control(kind) is { } control)
        {
            source.Position++;
            return CodePointSet.Of(control);
        }

        // Letters and digits without a meaning here are for the caller, or refused; anything else is itself.
        return char.IsAsciiLetterOrDigit(kind) ? Unknown(source, start, insideSet) : CodePointSet.Of(source.TakeCharacter());
    }

    /// <summary>A property's name as Oniguruma compares it.</summary>
    public static string Normalize(string name) => string.Concat(name.Where(unit => unit is not (' ' or '_' or '-'))).ToLowerInvariant();

    private static CodePointSet? Unknown(PatternSource source, int start, bool insideSet)
    {
        if (!insideSet)
        {
            source.Position = start;
            return null;
        }

        source.Position++;
        throw source.Refuse(start);
    }

    private static char? Control(char kind) =>
        kind switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => '\u001B',
            _ => null,
        };

    private static CodePointSet Property(PatternSource source, int start)
    {
        var negated = source.Next == 'P';
        source.Position += 2;
        if (source.Next == '^')
        {
            negated = !negated;
            source.Position++;
        }

        var name = Normalize(source.TakeUntil('}', start));
        var set = char.IsAsciiLetter(name.FirstOrDefault()) ? UnicodeTable.Oniguruma.Find(name) : null;
        return set is null ? throw source.Refuse(start)
            : negated ? set.Complement()
            : set;
    }

    private static int Number(PatternSource source, int start)
    {
        var kind = source.Next;
        if (char.IsAsciiDigit(kind))
        {
            return Octal(source);
        }

        source.Position++;
        int? value;
        if (kind == 'x' && source.Take("{"))
        {
            value = source.TakeNumber(8, NumberStyles.AllowHexSpecifier);
            value = source.Take("}") ? value : null;
        }
        else
        {
            var from = source.Position;
            value = source.TakeNumber(kind == 'x' ? 2 : 4, NumberStyles.AllowHexSpecifier);
            value = kind == 'u' && source.Position - from < 4 ? null : value;
        }

        // A byte above 7F is half a character of UTF-8 to Oniguruma.
        return value is { } number && System.Text.Rune.IsValid(number) && (kind != 'x' || number < 0x80 || source.Ahead(-1) == '}')
            ? number
            : throw source.Refuse(start);
    }

    private static int Octal(PatternSource source)
    {
        var value = 0;
        for (var i = 0; i < 3 && source.Next is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + source.Next - '0';
            source.Position++;
        }

        return value & 0x7F;
    }
}
