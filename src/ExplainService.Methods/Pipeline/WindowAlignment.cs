using ExplainService.Text;

namespace ExplainService.Methods.Pipeline;

/// <summary>Where the tokens of the whole input stand in a window of it.</summary>
public static class WindowAlignment
{
    /// <summary>For every token of the whole input its position in the window, or −1.</summary>
    public static int[] Positions(Encoding whole, Encoding window)
    {
        if (ReferenceEquals(whole, window))
        {
            return [.. Enumerable.Range(0, whole.Tokens.Count)];
        }

        var positions = new int[whole.Tokens.Count];
        Array.Fill(positions, -1);
        for (var sequence = 0; sequence <= 1; sequence++)
        {
            var outer = Content(whole, sequence);
            var inner = Content(window, sequence);
            var shift = FindShift(whole, outer, window, inner);
            for (var i = 0; i < inner.Length; i++)
            {
                positions[outer[shift + i]] = inner[i];
            }
        }

        return positions;
    }

    private static int[] Content(Encoding encoding, int sequence) =>
        [.. Enumerable.Range(0, encoding.Tokens.Count).Where(i => encoding.Tokens[i].Sequence == sequence && !encoding.Tokens[i].Special)];

    private static int FindShift(Encoding whole, int[] outer, Encoding window, int[] inner)
    {
        for (var shift = 0; shift + inner.Length <= outer.Length; shift++)
        {
            var same = true;
            for (var i = 0; same && i < inner.Length; i++)
            {
                var (a, b) = (whole.Tokens[outer[shift + i]], window.Tokens[inner[i]]);
                same = a.Id == b.Id && a.Start == b.Start && a.End == b.End;
            }

            if (same)
            {
                return shift;
            }
        }

        throw new InvalidOperationException("a window holds tokens that the whole text does not");
    }
}
