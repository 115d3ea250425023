using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ExplainService.Text.Patterns;

/// <summary>Translates the patterns of tokenizer.json (Oniguruma's syntax) to .NET's, or refuses.</summary>
internal static class OnigurumaRegex
{
    private const string Han =
        @"\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9";

    /// <summary>A pattern may come from anywhere; one that backtracks for ever ends as an exception.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Character classes that .NET lacks, as the inside of a set.</summary>
    private static readonly Dictionary<string, string> Sets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Han"] = Han,
        ["Script=Han"] = Han,
        ["Hiragana"] = @"\u3041-\u3096\u309D-\u309F",
        ["Katakana"] = @"\u30A1-\u30FA\u30FD-\u30FF\u31F0-\u31FF\u32D0-\u32FE\u3300-\u3357\uFF66-\uFF6F\uFF71-\uFF9D",
        ["Hangul"] =
            @"\u1100-\u11FF\u302E\u302F\u3131-\u318E\u3200-\u321E\u3260-\u327E\uA960-\uA97C\uAC00-\uD7A3\uD7B0-\uD7C6\uD7CB-\uD7FB\uFFA0-\uFFBE\uFFC2-\uFFC7\uFFCA-\uFFCF\uFFD2-\uFFD7\uFFDA-\uFFDC",
        ["Letter"] = @"\p{L}",
        ["Mark"] = @"\p{M}",
        ["Number"] = @"\p{N}",
        ["Punct"] = @"\p{P}",
        ["Punctuation"] = @"\p{P}",
        ["Symbol"] = @"\p{S}",
        ["Alpha"] = @"\p{L}\p{Nl}\p{M}",
        ["Space"] = @"\s",
        ["Digit"] = @"\p{Nd}",
    };

    /// <summary>The pattern as a compiled .NET expression.</summary>
    /// <exception cref="TokenizerNotSupportedException">The pattern uses syntax that .NET has no equivalent for.</exception>
    public static Regex Translate(string pattern)
    {
        try
        {
            return new Regex(Rewrite(pattern), RegexOptions.Compiled | RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException)
        {
            throw new TokenizerNotSupportedException("pattern", pattern);
        }
    }

    /// <summary>A BMP character of the same category that no pattern names by itself.</summary>
    public static char StandIn(Rune rune) =>
        rune.Value is >= 0x20000 and <= 0x3FFFF
            ? '\u4DBF'
            : Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.UppercaseLetter => '\uA7AE',
                UnicodeCategory.LowercaseLetter => '\uAB5A',
                UnicodeCategory.TitlecaseLetter => '\u1FBC',
                UnicodeCategory.ModifierLetter => '\uA717',
                UnicodeCategory.OtherLetter => '\uA000',
                UnicodeCategory.NonSpacingMark => '\uA8E0',
                UnicodeCategory.SpacingCombiningMark => '\uA880',
                UnicodeCategory.EnclosingMark => '\uA670',
                UnicodeCategory.DecimalDigitNumber => '\uA8D0',
                UnicodeCategory.LetterNumber => '\uA6E6',
                UnicodeCategory.OtherNumber => '\uA830',
                UnicodeCategory.OtherPunctuation => '\uA874',
                UnicodeCategory.MathSymbol => '\u2A00',
                UnicodeCategory.CurrencySymbol => '\uA838',
                UnicodeCategory.ModifierSymbol => '\uA700',
                UnicodeCategory.OtherSymbol => '\uA828',
                UnicodeCategory.Format => '\uFFF9',
                UnicodeCategory.PrivateUse => '\uE000',
                _ => '\uFFFF',
            };

    private static string Rewrite(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var (depth, atom) = (0, 0);
        Stack<int> groups = new();
        for (var i = 0; i < pattern.Length; i++)
        {
            var unit = pattern[i];
            if (depth == 0 && unit is not ('*' or '+' or '?' or '{' or ')'))
            {
                atom = result.Length;
            }

            switch (unit)
            {
                case '\\' when i + 1 < pattern.Length:
                    i = RewriteEscape(pattern, i, depth > 0, result);
                    break;
                case '[' when depth > 0 && i + 1 < pattern.Length && pattern[i + 1] == ':':
                    var end = pattern.IndexOf(":]", i, StringComparison.Ordinal);
                    result.Append(Set(pattern[(i + 2)..Math.Max(end, i + 2)], pattern));
                    i = end + 1;
                    break;
                case '[' when depth > 0:
                    throw new TokenizerNotSupportedException("pattern", pattern);
                case '&' when depth > 0 && i + 1 < pattern.Length && pattern[i + 1] == '&':
                    throw new TokenizerNotSupportedException("pattern", pattern);
                case '[':
                    depth++;
                    result.Append(unit);
                    break;
                case ']' when depth > 0:
                    depth--;
                    result.Append(unit);
                    break;
                case '(' when depth == 0:
                    groups.Push(result.Length);
                    result.Append(unit);
                    break;
                case ')' when depth == 0:
                    atom = groups.TryPop(out var open) ? open : atom;
                    result.Append(unit);
                    break;
                case '+' when depth == 0 && i > 0 && pattern[i - 1] is '+' or '*' or '?' && IsQuantifier(pattern, i - 1):
                    // X++ gives nothing back: an atomic group in .NET. (After {n,m} Oniguruma's Ruby syntax reads + as another quantifier.)
                    result.Insert(atom, "(?>").Append(')');
                    break;
                default:
                    result.Append(unit);
                    break;
            }
        }

        return result.ToString();
    }

    private static bool IsQuantifier(string pattern, int at) => at > 0 && pattern[at - 1] is not ('\\' or '(' or '|');

    private static int RewriteEscape(string pattern, int at, bool insideSet, StringBuilder result)
    {
        var kind = pattern[at + 1];
        if (kind is 'p' or 'P' && at + 2 < pattern.Length && pattern[at + 2] == '{')
        {
            var end = pattern.IndexOf('}', at);
            var name = pattern[(at + 3)..Math.Max(end, at + 3)];
            var negated = (kind == 'P') ^ name.StartsWith('^');
            name = name.TrimStart('^');
            if (name.Length <= 2)
            {
                result.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');
                return end;
            }

            if (negated && insideSet)
            {
                throw new TokenizerNotSupportedException("pattern", pattern);
            }

            var set = Set(name, pattern);
            result.Append(insideSet ? set : $"[{(negated ? "^" : string.Empty)}{set}]");
            return end;
        }

        if (kind is 'h' or 'H' or 'X' or 'R' or 'K' or 'O' or 'y' or 'Y')
        {
            throw new TokenizerNotSupportedException("pattern", pattern);
        }

        if (kind == 'w')
        {
            const string word = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}";
            result.Append(insideSet ? word : $"[{word}]");
            return at + 1;
        }

        result.Append('\\').Append(kind);
        return at + 1;
    }

    private static string Set(string name, string pattern) =>
        Sets.TryGetValue(name, out var set) ? set : throw new TokenizerNotSupportedException("pattern", pattern);
}
