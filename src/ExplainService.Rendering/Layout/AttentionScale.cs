using ExplainService.Rendering.Colours;

namespace ExplainService.Rendering.Layout;

/// <summary>
/// Colours of attention weights. Rows add up to 1 over all tokens, so that most weights are tiny beside the few large ones: colour follows
/// the square root, and the legend says so by where its marks stand.
/// </summary>
/// <param name="palette">The colours.</param>
/// <param name="largest">The largest weight, which has the strongest colour.</param>
internal sealed class AttentionScale(Palette palette, double largest)
{
    private readonly double largest = largest > 0 ? largest : 1;

    /// <summary>The colours.</summary>
    public ColourSteps Steps { get; } = ColourSteps.Strength(palette);

    /// <summary>A weight's place on the scale, 0 to 1.</summary>
    public double Share(double weight) => Math.Sqrt(Math.Clamp(weight / largest, 0, 1));

    /// <summary>A weight's colour.</summary>
    public Tone Colour(double weight) => Steps.At(Share(weight));

    /// <summary>Draws the scale.</summary>
    public void Legend(Sheet sheet) => Layout.Legend.Strength(sheet, palette, largest, Math.Sqrt);
}
