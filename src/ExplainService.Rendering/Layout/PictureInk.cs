using ExplainService.Rendering.Colours;

namespace ExplainService.Rendering.Layout;

/// <summary>Colours of scores that lie over a picture: the stronger the score, the more opaque. They are the same on a light and a dark page, as the picture is.</summary>
/// <param name="Palette">The colours.</param>
/// <param name="IsSigned">Whether scores may speak against the target.</param>
/// <param name="Opacity">Of the strongest.</param>
internal sealed record PictureInk(Palette Palette, bool IsSigned, double Opacity)
{
    private const double PalestStrength = 0.35;
    private static readonly Rgb Grey = new(160, 160, 160);

    /// <summary>A pixel under a score of −1 to 1.</summary>
    public Rgb Over(Rgb pixel, double score)
    {
        var (colour, share) = Colour(score);
        return new Rgb(Mix(pixel.R, colour.R, share), Mix(pixel.G, colour.G, share), Mix(pixel.B, colour.B, share));
    }

    /// <summary>For the legend.</summary>
    public Tone OnGrey(double score)
    {
        var colour = Over(Grey, score);
        return new Tone(colour, colour);
    }

    private (Rgb Colour, double Share) Colour(double score)
    {
        var strength = Math.Min(Math.Abs(double.IsFinite(score) ? score : 0), 1);
        var solid =
            !IsSigned ? Palette.Strength(PalestStrength + ((1 - PalestStrength) * strength))
            : score < 0 ? Palette.Against
            : Palette.For;
        return (solid.Light, Opacity * strength);
    }

    private static byte Mix(byte below, byte above, double share) => (byte)Math.Round(below + (share * (above - below)));
}
