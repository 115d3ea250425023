using ExplainService.Text;

namespace ExplainService.Methods.Pipeline;

/// <summary>Where the tokens of the whole input stand in a window of it.</summary>
public static class WindowAlignment
{
    /// <summary>For every token of the whole input its position in the window, or −1.</summary>
    public static int[] Positions(Encoding whole, Encoding window)
    {
        var positions = new int[whole.Count];
        Array.Fill(positions, -1);
        for (var position = 0; position < window.Count; position++)
        {
            var source = window.SourceOf(position);
            positions[source] = window.PositionOf(source);
        }

        return positions;
    }
}
