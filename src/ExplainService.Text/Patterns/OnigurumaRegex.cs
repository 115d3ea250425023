using System.Text.RegularExpressions;
using ExplainService.Text.Patterns.Syntax;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns;

/// <summary>Translates the patterns of tokenizer.json (Oniguruma's Ruby syntax) to .NET's, or refuses.</summary>
internal static class OnigurumaRegex
{
    /// <summary>Far more than one match of a sound pattern takes, however long the text.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The pattern, ready to match.</summary>
    /// <exception cref="TokenizerNotSupportedException">
    /// The pattern uses syntax that has no equivalent here, or takes for ever on a short text.
    /// </exception>
    public static RegexPattern Translate(string pattern)
    {
        var node = PatternParser.Parse(pattern);
        var cost = PatternCost.Of(node);
        if (cost.Size > PatternCost.MaxSize)
        {
            throw new TokenizerNotSupportedException("pattern", pattern, "Written out without its counts it is too long.");
        }

        var words = UnicodeTable.Oniguruma["\\w"];
        var alphabet =
            Alphabet.Of(cost.Sets, words)
            ?? throw new TokenizerNotSupportedException("pattern", pattern, "It tells too many kinds of characters apart.");
        var written = PatternWriter.Write(node, alphabet);
        if (cost.MayExplode && TryLinear(written) is { } linear)
        {
            return new RegexPattern(pattern, linear, alphabet);
        }

        try
        {
            var regex = new Regex(written, RegexOptions.Compiled | RegexOptions.CultureInvariant, Limit);
            return !cost.MayExplode || PatternProbe.Ends(regex, alphabet)
                ? new RegexPattern(pattern, regex, alphabet, () => TryLinear(written))
                : throw new TokenizerNotSupportedException("pattern", pattern, "It takes for ever on a short text.");
        }
        catch (ArgumentException)
        {
            throw new TokenizerNotSupportedException("pattern", pattern);
        }
    }

    /// <summary>The pattern by .NET's engine that never goes back, if that can run it: not with lookarounds, atomic groups, many states.</summary>
    private static Regex? TryLinear(string written)
    {
        try
        {
            return new Regex(written, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Limit);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
