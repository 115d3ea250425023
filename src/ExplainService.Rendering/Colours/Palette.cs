namespace ExplainService.Rendering.Colours;

/// <summary>
/// Colours for numbers: a diverging scale for signed scores and a sequential one for weights. Both differ in lightness as well as in hue,
/// so that they keep their order for every kind of colour vision and in grey.
/// </summary>
public sealed class Palette
{
    private readonly Scale positive;
    private readonly Scale negative;
    private readonly Scale strength;

    private Palette(string name, Scale positive, Scale negative, Scale strength) =>
        (Name, this.positive, this.negative, this.strength) = (name, positive, negative, strength);

    /// <summary>Every palette, the default first.</summary>
    public static IReadOnlyList<Palette> All { get; } =
    [
        new(
            "blue_orange",
            new Scale(["ffffff", "bcd9f2", "5aa2dc", "0f62ac"], ["15171c", "143a60", "2371b4", "6ab4f5"]),
            new Scale(["ffffff", "fbd9b0", "f09a3e", "b95300"], ["15171c", "55310c", "a8590d", "f5a04a"]),
            new Scale(["ffffff", "d5ebd8", "66bdb9", "2374a5", "17285e"], ["15171c", "1d2f66", "2277a3", "6cc3bb", "e9f7d0"])
        ),
        new(
            "purple_green",
            new Scale(["ffffff", "c5e5c4", "61b36c", "14713a"], ["15171c", "133f24", "237f42", "74cf83"]),
            new Scale(["ffffff", "dfd0ea", "ab80c8", "6e3394"], ["15171c", "3e2458", "7d47a6", "c79cea"]),
            new Scale(["ffffff", "e6dcef", "b893cf", "83459f", "3f1057"], ["15171c", "40205a", "854ba5", "c394dc", "f4e6fb"])
        ),
        new(
            "red_blue",
            new Scale(["ffffff", "ffc2d3", "ff6a94", "d9004a"], ["15171c", "650a2c", "c01450", "ff7ba3"]),
            new Scale(["ffffff", "bfdffc", "58abf2", "0070cc"], ["15171c", "0c3a63", "1470bb", "5cb5ff"]),
            new Scale(["ffffff", "e4d3f0", "b688d2", "8040a8", "3d1058"], ["15171c", "40205a", "854ba5", "c394dc", "f4e6fb"])
        ),
        new(
            "grey",
            new Scale(["ffffff", "d8d8d8", "8f8f8f", "333333"], ["15171c", "3b3d41", "85878b", "e6e6e6"]),
            new Scale(["ffffff", "f3dfc6", "e0a55c", "a85f12"], ["15171c", "4a3212", "96601e", "eab268"]),
            new Scale(["ffffff", "cfcfcf", "858585", "1f1f1f"], ["15171c", "47494d", "95979b", "f2f2f2"])
        ),
    ];

    /// <summary>As <c>?palette=</c> calls it.</summary>
    public string Name { get; }

    /// <summary>Solid colour of what speaks for the target.</summary>
    public Tone For => positive.At(1);

    /// <summary>Solid colour of what speaks against the target.</summary>
    public Tone Against => negative.At(1);

    /// <summary>Solid colour of weights.</summary>
    public Tone Weight => strength.At(0.72);

    /// <summary>Colour of a signed score.</summary>
    /// <param name="value">Score by the largest absolute score, −1 to 1.</param>
    public Tone Signed(double value) => value < 0 ? negative.At(-value) : positive.At(value);

    /// <summary>Colour of a weight, 0 to 1.</summary>
    public Tone Strength(double value) => strength.At(value);

    /// <summary>A piecewise scale through colours at equal steps, one list for each theme.</summary>
    private sealed class Scale(string[] light, string[] dark)
    {
        private readonly Rgb[] light = Array.ConvertAll(light, Rgb.Of);
        private readonly Rgb[] dark = Array.ConvertAll(dark, Rgb.Of);

        public Tone At(double value) => new(At(light, value), At(dark, value));

        private static Rgb At(Rgb[] stops, double value)
        {
            var place = Math.Clamp(double.IsFinite(value) ? value : 0, 0, 1) * (stops.Length - 1);
            var step = Math.Min((int)place, stops.Length - 2);
            return Rgb.Mix(stops[step], stops[step + 1], place - step);
        }
    }
}
