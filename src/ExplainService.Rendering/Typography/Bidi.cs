using System.Globalization;
using System.Text;
using HarfBuzzSharp;

namespace ExplainService.Rendering.Typography;

/// <summary>
/// The Unicode bidirectional algorithm (UAX #9) for text without explicit formatting characters, which <see cref="VisibleText"/> replaces
/// by signs: rules W1 to W7, N0 to N2, I1, I2, L1 and L2.
/// </summary>
public static class Bidi
{
    /// <summary>The most open brackets that are remembered (BD16).</summary>
    private const int MaxOpen = 63;

    /// <summary>The embedding level of each UTF-16 unit of a paragraph: odd where it reads from right to left.</summary>
    /// <param name="text">The paragraph.</param>
    /// <param name="rightToLeft">Its direction.</param>
    public static byte[] Levels(string text, bool rightToLeft)
    {
        var levels = new byte[text.Length];
        // Nothing before Hebrew reads from right to left, and most texts have nothing behind it.
        if (!rightToLeft && !text.AsSpan().ContainsAnyInRange('\u0590', '\uFFFF'))
        {
            return levels;
        }

        var runes = text.EnumerateRunes().ToArray();
        var original = Array.ConvertAll(runes, BidiClasses.Of);
        if (!rightToLeft && !Array.Exists(original, one => one is BidiClass.R or BidiClass.AL or BidiClass.AN))
        {
            return levels;
        }

        var edge = rightToLeft ? BidiClass.R : BidiClass.L;
        var classes = (BidiClass[])original.Clone();
        ResolveNumbers(classes, edge);
        ResolveBrackets(runes, original, classes, edge);
        ResolveNeutrals(classes, edge);

        var paragraph = rightToLeft ? (byte)1 : (byte)0;
        var (at, space) = (0, 0);
        for (var index = 0; index < runes.Length; index++)
        {
            // I1 and I2: letters of the other direction one deeper; digits, which read from left to right, at the next even level.
            var level = (classes[index], rightToLeft) switch
            {
                (BidiClass.L, false) => 0,
                (BidiClass.R, _) => 1,
                _ => 2,
            };
            levels.AsSpan(at, runes[index].Utf16SequenceLength).Fill((byte)level);
            at += runes[index].Utf16SequenceLength;

            // L1: tabs, ends of lines and the space before them stay where the paragraph has them.
            if (original[index] == BidiClass.S || (index + 1 == runes.Length && original[index] == BidiClass.WS))
            {
                levels.AsSpan(space, at - space).Fill(paragraph);
            }

            space = original[index] is BidiClass.WS ? space : at;
        }

        return levels;
    }

    /// <summary>L2: the order from left to right of pieces in reading order.</summary>
    /// <param name="levels">The level of each.</param>
    public static int[] VisualOrder(IReadOnlyList<byte> levels)
    {
        var order = Enumerable.Range(0, levels.Count).ToArray();
        for (var level = levels.DefaultIfEmpty().Max(); level > 0; level--)
        {
            for (var start = 0; start < order.Length; start++)
            {
                var end = start;
                while (end < order.Length && levels[order[end]] >= level)
                {
                    end++;
                }

                Array.Reverse(order, start, end - start);
                start = Math.Max(start, end - 1);
            }
        }

        return order;
    }

    /// <summary>Stretches of one level, in reading order.</summary>
    public static IEnumerable<(int Start, int End, byte Level)> Runs(ReadOnlyMemory<byte> levels)
    {
        for (var start = 0; start < levels.Length; )
        {
            var end = start + 1;
            while (end < levels.Length && levels.Span[end] == levels.Span[start])
            {
                end++;
            }

            yield return (start, end, levels.Span[start]);
            start = end;
        }
    }

    /// <summary>W1 to W7.</summary>
    private static void ResolveNumbers(BidiClass[] classes, BidiClass edge)
    {
        var (before, strong) = (edge, edge);
        for (var at = 0; at < classes.Length; at++)
        {
            classes[at] = classes[at] == BidiClass.NSM ? before : classes[at];
            before = classes[at];
            strong = classes[at] is BidiClass.L or BidiClass.R or BidiClass.AL ? classes[at] : strong;
            classes[at] = classes[at] == BidiClass.EN && strong == BidiClass.AL ? BidiClass.AN : classes[at];
        }

        for (var at = 1; at + 1 < classes.Length; at++)
        {
            var (left, right) = (classes[at - 1], classes[at + 1]);
            var joins = (classes[at], left) is (BidiClass.ES or BidiClass.CS, BidiClass.EN) or (BidiClass.CS, BidiClass.AN);
            if (joins && left == right)
            {
                classes[at] = left;
            }
        }

        for (var at = 0; at < classes.Length; at++)
        {
            if (classes[at] != BidiClass.ET)
            {
                continue;
            }

            var end = at;
            while (end < classes.Length && classes[end] == BidiClass.ET)
            {
                end++;
            }

            var beside = (at > 0 && classes[at - 1] == BidiClass.EN) || (end < classes.Length && classes[end] == BidiClass.EN);
            Array.Fill(classes, beside ? BidiClass.EN : BidiClass.ON, at, end - at);
            at = end - 1;
        }

        strong = edge;
        for (var at = 0; at < classes.Length; at++)
        {
            classes[at] = classes[at] switch
            {
                BidiClass.ES or BidiClass.CS => BidiClass.ON,
                BidiClass.AL => BidiClass.R,
                BidiClass.EN when strong == BidiClass.L => BidiClass.L,
                var other => other,
            };
            strong = classes[at] is BidiClass.L or BidiClass.R ? classes[at] : strong;
        }
    }

    /// <summary>N0: both brackets of a pair take the direction of what they hold, or of what stands before them.</summary>
    private static void ResolveBrackets(Rune[] runes, BidiClass[] original, BidiClass[] classes, BidiClass edge)
    {
        // Pairs come in the order of their first brackets, before which nothing changes any more.
        var (before, read) = (edge, 0);
        foreach (var (open, close) in Pairs(runes, classes))
        {
            for (; read < open; read++)
            {
                before = Strong(classes[read]) ?? before;
            }

            var within = classes[(open + 1)..close].Select(Strong).OfType<BidiClass>().ToHashSet();
            if (within.Count == 0)
            {
                continue;
            }

            var direction = within.Contains(edge) ? edge : before;
            foreach (var bracket in (ReadOnlySpan<int>)[open, close])
            {
                classes[bracket] = direction;
                for (var mark = bracket + 1; mark < classes.Length && original[mark] == BidiClass.NSM; mark++)
                {
                    classes[mark] = direction;
                }
            }
        }
    }

    private static List<(int Open, int Close)> Pairs(Rune[] runes, BidiClass[] classes)
    {
        var (pairs, open) = (new List<(int, int)>(), new List<(int Closing, int At)>());
        for (var at = 0; at < runes.Length; at++)
        {
            var category = classes[at] == BidiClass.ON ? Rune.GetUnicodeCategory(runes[at]) : UnicodeCategory.Control;
            if (category == UnicodeCategory.OpenPunctuation && Mirrored(runes[at].Value) is { } closing)
            {
                if (open.Count == MaxOpen)
                {
                    break;
                }

                open.Add((closing, at));
            }
            else if (category == UnicodeCategory.ClosePunctuation)
            {
                var match = open.FindLastIndex(one => one.Closing == Canonical(runes[at].Value));
                if (match >= 0)
                {
                    pairs.Add((open[match].At, at));
                    open.RemoveRange(match, open.Count - match);
                }
            }
        }

        pairs.Sort();
        return pairs;
    }

    /// <summary>N1 and N2: neutrals between two of one direction take it; others that of the paragraph. Digits count as right to left.</summary>
    private static void ResolveNeutrals(BidiClass[] classes, BidiClass edge)
    {
        for (var at = 0; at < classes.Length; at++)
        {
            if (Strong(classes[at]) is not null)
            {
                continue;
            }

            var end = at;
            while (end < classes.Length && Strong(classes[end]) is null)
            {
                end++;
            }

            var before = at == 0 ? edge : Strong(classes[at - 1])!.Value;
            var after = end == classes.Length ? edge : Strong(classes[end])!.Value;
            Array.Fill(classes, before == after ? before : edge, at, end - at);
            at = end - 1;
        }
    }

    private static BidiClass? Strong(BidiClass one) =>
        one switch
        {
            BidiClass.L => BidiClass.L,
            BidiClass.R or BidiClass.EN or BidiClass.AN => BidiClass.R,
            _ => null,
        };

    private static int? Mirrored(int bracket) =>
        (int)UnicodeFunctions.Default.GetMirroring((uint)bracket) is var other && other != bracket ? Canonical(other) : null;

    /// <summary>Two angle brackets have twins that are the same to the algorithm.</summary>
    private static int Canonical(int bracket) =>
        bracket switch
        {
            0x2329 => 0x3008,
            0x232A => 0x3009,
            _ => bracket,
        };
}
