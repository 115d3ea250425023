using System.Text.RegularExpressions;

namespace ExplainService.Text.Patterns;

/// <summary>Finds out whether a pattern ends on short texts of the kind that patterns with too many ways to match take for ever on.</summary>
internal static class PatternProbe
{
    /// <summary>Two ways a character are 2⁴⁸ ways; a sound pattern takes microseconds.</summary>
    private const int Length = 48;
    private const int MaxLetters = 16;

    /// <summary>In no set that the pattern names by its members: after it nothing matches that did before.</summary>
    private const char Foreign = '\uFFFF';

    /// <summary>One character again and again, or two in turn, with another at the end so that a match of all of it fails late.</summary>
    public static bool Ends(Regex regex, Alphabet alphabet)
    {
        var letters = alphabet.Letters.Select(letter => letter.StandIn).Take(MaxLetters).ToArray();
        return letters.All(first =>
            letters.All(second => Ends(regex, string.Concat(Enumerable.Repeat($"{first}{second}", Length / 2)) + Foreign))
        );
    }

    /// <summary>
    /// Tried again before it counts: .NET's limit is one of time, in which a busy machine may have had no turn for us, and the first match
    /// compiles the pattern.
    /// </summary>
    private static bool Ends(Regex regex, string text)
    {
        for (var tries = 0; tries < 2; tries++)
        {
            try
            {
                regex.Count(text);
                return true;
            }
            catch (RegexMatchTimeoutException)
            {
                // Again, or for ever.
            }
        }

        return false;
    }
}
