namespace ExplainService.Rendering.Colours;

/// <summary>
/// A colour scale in steps that are too fine to see, so that an image of it has few colours: 121 below and above zero, or 121 from zero.
/// </summary>
internal sealed class ColourSteps
{
    private const int Steps = 120;
    private readonly Tone[] tones;
    private readonly bool signed;

    private ColourSteps(Tone[] tones, bool signed) => (this.tones, this.signed) = (tones, signed);

    /// <summary>All the colours, in order.</summary>
    public IReadOnlyList<Tone> Tones => tones;

    /// <summary>The diverging scale of a palette.</summary>
    public static ColourSteps Signed(Palette palette) =>
        new([.. Enumerable.Range(-Steps, (2 * Steps) + 1).Select(step => palette.Signed(step / (double)Steps))], signed: true);

    /// <summary>The sequential scale of a palette.</summary>
    public static ColourSteps Strength(Palette palette) =>
        new([.. Enumerable.Range(0, Steps + 1).Select(step => palette.Strength(step / (double)Steps))], signed: false);

    /// <summary>Index of a value's colour.</summary>
    /// <param name="share">−1 to 1, or 0 to 1.</param>
    public byte Level(double share)
    {
        var step = (int)Math.Round(Steps * Math.Clamp(double.IsFinite(share) ? share : 0, signed ? -1 : 0, 1));
        return (byte)(signed ? step + Steps : step);
    }

    /// <summary>A value's colour.</summary>
    public Tone At(double share) => tones[Level(share)];
}
