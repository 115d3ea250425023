using System.Runtime.InteropServices;
using Icu;

namespace ExplainService.Text.Units;

/// <summary>
/// Where words and sentences end, by ICU, which is asked for a stretch of the text at a time: it tells nothing before it has read all that
/// it was given. What it says near the end of a stretch may depend on what follows, and is asked again with the next one.
/// </summary>
internal static class Boundaries
{
    /// <summary>Characters of a stretch. One that is within a single unit is asked again twice as long.</summary>
    public const int Stretch = 1 << 15;

    /// <summary>What words of scripts without spaces, which ICU finds by a dictionary, may depend on behind them.</summary>
    private const int Margin = 1 << 10;

    private static readonly Locale Root = new("root");

    /// <summary>icu.net loads the library's functions on first use, which is not safe from several threads: once they are, it is.</summary>
    private static readonly Lazy<bool> Loaded = new(() =>
        Read("A b. C d.", Granularity.Word).Length > 0 && Read("A b. C d.", Granularity.Sentence).Length > 0
    );

    /// <summary>The ends of the units, in order; the last is that of the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="granularity">Words or sentences.</param>
    /// <param name="stretch">Characters that are read at a time.</param>
    /// <param name="cancellationToken">Nobody waits for them any more.</param>
    public static IEnumerable<int> Of(string text, Granularity granularity, int stretch, CancellationToken cancellationToken)
    {
        _ = Loaded.Value;
        var (start, length) = (0, stretch);
        while (start < text.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isLast = text.Length - start <= length;
            var ends = Read(isLast ? text[start..] : text.Substring(start, length), granularity);

            // Whether a unit ends may depend on all of the next one, that on the one after.
            var certain = isLast ? ends.Length : Math.Min(CountUpTo(ends, length - Margin), ends.Length - 2);
            for (var i = 0; i < certain; i++)
            {
                if (ends[i] > 0)
                {
                    yield return start + ends[i];
                }
            }

            var moved = certain > 0 ? ends[certain - 1] : 0;
            (start, length) = (start + moved, moved > 0 ? stretch : length * 2);
        }
    }

    private static int CountUpTo(int[] ends, int limit)
    {
        var found = Array.BinarySearch(ends, limit);
        return found < 0 ? ~found : found + 1;
    }

    private static int[] Read(string text, Granularity granularity)
    {
        using var iterator =
            granularity == Granularity.Word ? BreakIterator.CreateWordInstance(Root) : BreakIterator.CreateSentenceInstance(Root);

        // ICU keeps a pointer to the text, which must not move meanwhile.
        var pin = GCHandle.Alloc(text, GCHandleType.Pinned);
        try
        {
            iterator.SetText(text);
            return iterator.Boundaries;
        }
        finally
        {
            pin.Free();
        }
    }
}
