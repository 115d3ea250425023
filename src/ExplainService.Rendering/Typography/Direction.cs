namespace ExplainService.Rendering.Typography;

/// <summary>
/// The direction of a paragraph by its first letter (rules P2 and P3 of UAX #9); <see cref="Bidi"/> orders what stands in it.
/// </summary>
public static class Direction
{
    /// <summary>Whether the first letter reads from right to left; null where there is none.</summary>
    public static bool? Of(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (BidiClasses.Of(rune) is var one && one is BidiClass.L or BidiClass.R or BidiClass.AL)
            {
                return one != BidiClass.L;
            }
        }

        return null;
    }
}
