using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace ExplainService.Text.Patterns;

/// <summary>Matches of a regular expression, which reads the text as the stand-ins of its alphabet.</summary>
/// <param name="source">As the tokenizer has it.</param>
/// <param name="regex">The engine.</param>
/// <param name="alphabet">What it reads.</param>
/// <param name="linear">
/// The same by the engine that never goes back, for texts on which the other takes too long (<c>\s+$</c> on spaces in front of a word); null
/// where it cannot run the pattern.
/// </param>
internal sealed class RegexPattern(string source, Regex regex, Alphabet alphabet, Func<Regex?>? linear = null) : TextPattern
{
    /// <summary>A text so short takes the usual engine hardly any time, whatever it holds.</summary>
    private const int ShortText = 2048;

    private readonly Lazy<Regex?> linear = new(linear ?? (() => null));
    private volatile bool wasTooSlow;

    /// <exception cref="TokenizerPatternException">The pattern takes too long.</exception>
    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        var standIns = ArrayPool<char>.Shared.Rent(text.Length);
        var positions = text.ContainsAnyInRange('\uD800', '\uDFFF') ? ArrayPool<int>.Shared.Rent(text.Length + 1) : [];
        try
        {
            var count = alphabet.Map(text, standIns, positions);
            if (positions.Length > 0)
            {
                positions[count] = text.Length;
            }

            Find(standIns.AsSpan(0, count), positions, text.Length, matches);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(standIns);
            if (positions.Length > 0)
            {
                ArrayPool<int>.Shared.Return(positions);
            }
        }
    }

    /// <summary>The text with every match replaced.</summary>
    public string Replace(string text, string content)
    {
        List<TextMatch> matches = [];
        Find(text, matches);
        StringBuilder result = new(text.Length);
        foreach (var match in matches)
        {
            result.Append(match.IsMatch ? content : text.AsSpan(match.Start, match.Length));
        }

        return result.ToString();
    }

    private void Find(ReadOnlySpan<char> standIns, ReadOnlySpan<int> positions, int length, List<TextMatch> matches)
    {
        var from = matches.Count;
        var neverGoesBack = wasTooSlow && standIns.Length > ShortText;
        try
        {
            Find(neverGoesBack ? linear.Value! : regex, standIns, positions, length, matches, timed: !neverGoesBack);
        }
        catch (Exception slow) when (slow is RegexMatchTimeoutException or TokenizerPatternException)
        {
            if (neverGoesBack || linear.Value is not { } other)
            {
                throw new TokenizerPatternException(source);
            }

            wasTooSlow = true;
            matches.RemoveRange(from, matches.Count - from);
            Find(other, standIns, positions, length, matches, timed: false);
        }
    }

    private void Find(
        Regex engine,
        ReadOnlySpan<char> standIns,
        ReadOnlySpan<int> positions,
        int length,
        List<TextMatch> matches,
        bool timed
    )
    {
        var (done, began, counted) = (0, Environment.TickCount64, 0);
        foreach (var match in engine.EnumerateMatches(standIns))
        {
            var (start, end) = (match.Index, match.Index + match.Length);
            if (Environment.TickCount64 is var now && now != began)
            {
                TextWork.Check();
                Spend(now - began, end - counted, timed);
                (began, counted) = (now, end);
            }

            if (!positions.IsEmpty)
            {
                (start, end) = (positions[start], positions[end]);
            }

            if (done < start)
            {
                matches.Add(new TextMatch(done, start - done, false));
            }

            if (start < end)
            {
                matches.Add(new TextMatch(start, end - start, true));
            }

            done = end;
        }

        Spend(Environment.TickCount64 - began, standIns.Length - counted, timed);
        if (done < length)
        {
            matches.Add(new TextMatch(done, length - done, false));
        }
    }

    private void Spend(long milliseconds, int characters, bool timed)
    {
        if (timed && !PatternTime.Spend(milliseconds, characters))
        {
            throw new TokenizerPatternException(source);
        }
    }
}
