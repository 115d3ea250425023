namespace ExplainService.Text;

/// <summary>Maps positions in one text between UTF-16 code units (JavaScript, C#) and code points (Python).</summary>
/// <remarks>A lone surrogate counts as one code point. A position inside a surrogate pair maps to the pair's own code point.</remarks>
public sealed class OffsetUnits
{
    private readonly int[]? codePointAt;
    private readonly int[]? codeUnitAt;

    /// <summary>Prepares the maps of <paramref name="text"/>; text without surrogates needs none.</summary>
    public OffsetUnits(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CodeUnits = text.Length;
        CodePoints = text.Length;
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return;
        }

        codePointAt = new int[text.Length + 1];
        var units = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            codePointAt[i] = units.Count;
            units.Add(i);
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                codePointAt[++i] = units.Count - 1;
            }
        }

        CodePoints = units.Count;
        codePointAt[text.Length] = units.Count;
        units.Add(text.Length);
        codeUnitAt = [.. units];
    }

    /// <summary>The text's length in UTF-16 code units.</summary>
    public int CodeUnits { get; }

    /// <summary>The text's length in code points.</summary>
    public int CodePoints { get; }

    /// <summary>The code point at a UTF-16 position, 0 to <see cref="CodeUnits"/>.</summary>
    public int ToCodePoint(int codeUnit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(codeUnit, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(codeUnit, CodeUnits);
        return codePointAt is null ? codeUnit : codePointAt[codeUnit];
    }

    /// <summary>The UTF-16 position of a code point, 0 to <see cref="CodePoints"/>.</summary>
    public int ToUtf16(int codePoint)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(codePoint, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(codePoint, CodePoints);
        return codeUnitAt is null ? codePoint : codeUnitAt[codePoint];
    }
}
