namespace ExplainService.Rendering.Colours;

/// <summary>
/// Colours of things that have no order, told apart with every common colour blindness (Okabe and Ito 2008), darker on a dark page.
/// </summary>
internal static class Categories
{
    private static readonly Tone[] Tones =
    [
        Tone.Of("f0a30a", "b87c00"),
        Tone.Of("56b4e9", "2f86b8"),
        Tone.Of("2fb08a", "00805d"),
        Tone.Of("e08ab8", "a85586"),
        Tone.Of("f0e442", "a39a1e"),
        Tone.Of("4a8fd0", "1f5fa0"),
        Tone.Of("e5783a", "b4530a"),
        Tone.Of("a9a9a9", "767b84"),
    ];

    /// <summary>How many there are; more cannot be told apart.</summary>
    public static int Count => Tones.Length;

    /// <summary>The colour of a thing.</summary>
    /// <param name="index">From 0.</param>
    public static Tone Of(int index) => Tones[index];

    /// <summary>A colour that is as strong as a share of it, 0 to 1.</summary>
    public static Tone Of(int index, double share)
    {
        var (tone, strength) = (Tones[index], Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1));
        return new Tone(Rgb.Mix(Tone.Page.Light, tone.Light, strength), Rgb.Mix(Tone.Page.Dark, tone.Dark, strength));
    }
}
