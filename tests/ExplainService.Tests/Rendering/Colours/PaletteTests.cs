using ExplainService.Rendering.Colours;
using Xunit;

namespace ExplainService.Tests.Rendering.Colours;

/// <summary>Colours that can be read, in both themes and without seeing their hue.</summary>
public sealed class PaletteTests
{
    public static TheoryData<string> Names => [.. Palette.All.Select(palette => palette.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_on_every_colour_has_a_contrast_of_at_least_four_and_a_half(string name)
    {
        var palette = Palette.All.Single(one => one.Name == name);
        foreach (var step in Enumerable.Range(-200, 401))
        {
            foreach (var tone in (Tone[])[palette.Signed(step / 200.0), palette.Strength(step / 200.0)])
            {
                var ink = tone.InkOn();
                Assert.True(Rgb.Contrast(tone.Light, ink.Light) >= 4.5, $"{step}: {ink.Light.Hex} on {tone.Light.Hex}");
                Assert.True(Rgb.Contrast(tone.Dark, ink.Dark) >= 4.5, $"{step}: {ink.Dark.Hex} on {tone.Dark.Hex}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stronger_is_always_further_from_the_page_in_lightness(string name)
    {
        var palette = Palette.All.Single(one => one.Name == name);
        foreach (var scale in (Func<double, Tone>[])[palette.Signed, share => palette.Signed(-share), palette.Strength])
        {
            var tones = Enumerable.Range(0, 101).Select(step => scale(step / 100.0)).ToArray();

            Assert.Equal(Tone.Page, tones[0]);
            Assert.All(tones.Zip(tones.Skip(1)), pair => Assert.True(pair.Second.Light.Luminance <= pair.First.Light.Luminance + 1e-3));
            Assert.All(tones.Zip(tones.Skip(1)), pair => Assert.True(pair.Second.Dark.Luminance >= pair.First.Dark.Luminance - 1e-3));
        }
    }

    [Fact]
    public void Words_and_lines_stand_out_from_the_page()
    {
        Assert.All((Tone[])[Tone.Ink, Tone.Faint], tone => Assert.True(Readable(tone, 4.5)));
        Assert.All(
            Palette.All,
            palette => Assert.True(Readable(palette.For, 3) && Readable(palette.Against, 3) && Readable(palette.Weight, 3), palette.Name)
        );
    }

    [Fact]
    public void A_mixture_ends_in_its_colours()
    {
        var (from, to) = (Rgb.Of("0f62ac"), Rgb.Of("fbd9b0"));

        Assert.Equal(from, Rgb.Mix(from, to, 0));
        Assert.Equal(to, Rgb.Mix(from, to, 1));
        Assert.Equal(21, Rgb.Contrast(Rgb.Of("000000"), Rgb.Of("ffffff")), 3);
    }

    private static bool Readable(Tone tone, double contrast) =>
        Rgb.Contrast(tone.Light, Tone.Page.Light) >= contrast && Rgb.Contrast(tone.Dark, Tone.Page.Dark) >= contrast;
}
