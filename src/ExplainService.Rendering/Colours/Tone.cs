namespace ExplainService.Rendering.Colours;

/// <summary>A colour in both themes: pictures are drawn once and shown in either.</summary>
/// <param name="Light">On a light page.</param>
/// <param name="Dark">On a dark page.</param>
public readonly record struct Tone(Rgb Light, Rgb Dark)
{
    /// <summary>The page.</summary>
    public static readonly Tone Page = Of("ffffff", "15171c");

    /// <summary>Text on the page.</summary>
    public static readonly Tone Ink = Of("1b1e24", "e8eaee");

    /// <summary>Captions: still 4.5 : 1 against the page.</summary>
    public static readonly Tone Faint = Of("5a6270", "a3abb8");

    /// <summary>Axes and frames.</summary>
    public static readonly Tone Rule = Of("c9ced6", "454b57");

    /// <summary>Quiet surfaces: the diagonal of a matrix, alternating tokens.</summary>
    public static readonly Tone Panel = Of("eef0f3", "262a32");

    private static readonly Rgb White = new(255, 255, 255);
    private static readonly Rgb Black = new(0, 0, 0);

    /// <summary>From two hexadecimal colours.</summary>
    public static Tone Of(string light, string dark) => new(Rgb.Of(light), Rgb.Of(dark));

    /// <summary>The colour of one theme; <see cref="Theme.Auto"/> is light where nobody can be asked.</summary>
    public Rgb In(Theme theme) => theme == Theme.Dark ? Dark : Light;

    /// <summary>A colour for text on this one, at least 4.5 : 1 in both themes.</summary>
    public Tone InkOn() => new(InkOn(Light), InkOn(Dark));

    private static Rgb InkOn(Rgb background)
    {
        foreach (var ink in (ReadOnlySpan<Rgb>)[Ink.Light, Ink.Dark])
        {
            if (Rgb.Contrast(ink, background) >= 4.5)
            {
                return ink;
            }
        }

        // One of the two always reaches 4.58 : 1.
        return Rgb.Contrast(White, background) > Rgb.Contrast(Black, background) ? White : Black;
    }
}
