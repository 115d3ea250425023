using System.Text;
using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using ExplainService.Rendering.Scenes;
using SkiaSharp;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>The forms of a picture: SVG as it was looked at, PNG that agrees with it, sizes that stay sane.</summary>
public sealed class FormTests
{
    public static TheoryData<string, Theme> Snapshots =>
        new()
        {
            { "text", Theme.Light },
            { "text", Theme.Auto },
            { "bars", Theme.Light },
            { "path", Theme.Light },
            { "waterfall", Theme.Light },
            { "force", Theme.Dark },
            { "interactions", Theme.Light },
            { "heatmap", Theme.Light },
            { "grid", Theme.Light },
            { "heads", Theme.Light },
            { "sources", Theme.Light },
            { "labels", Theme.Light },
            { "classes", Theme.Light },
            { "edits", Theme.Light },
            { "tokens", Theme.Light },
            { "layers", Theme.Light },
            { "lens", Theme.Light },
            { "factors", Theme.Light },
            { "activation", Theme.Light },
            { "meanings", Theme.Dark },
            { "ablation", Theme.Light },
            { "faithfulness", Theme.Light },
            { "curves", Theme.Dark },
            { "agreement", Theme.Light },
        };

    /// <summary>
    /// Compares with the files beside this one; UPDATE_SNAPSHOTS=1 writes them, to be looked at before they are committed.
    /// </summary>
    [Theory]
    [MemberData(nameof(Snapshots))]
    public void An_SVG_is_as_it_was_looked_at(string view, Theme theme)
    {
        var subject = Answers.OfEveryKind("not bad at all").First(one => Pictures.Of(one).Any(offered => offered.Name == view));
        var scene = Pictures.Draw(
            subject,
            new PictureOptions
            {
                View = view,
                Theme = theme,
                Width = 480,
            }
        );

        var svg = Encoding.UTF8.GetString(SvgWriter.Write(scene, theme)).Replace("><", ">\n<", StringComparison.Ordinal) + "\n";

        var file = Path.Combine(
            ReferenceData.Root,
            "tests",
            "ExplainService.Tests",
            "Rendering",
            "Snapshots",
            $"{view}-{theme}.svg".ToLowerInvariant()
        );
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(file, svg);
        }

        Assert.Equal(File.ReadAllText(file), svg);
    }

    [Theory]
    [InlineData(Theme.Light)]
    [InlineData(Theme.Dark)]
    public void A_PNG_shows_the_scene(Theme theme)
    {
        var subject = Answers.Attribution("good bad", 0.8, -0.4);
        var options = new PictureOptions
        {
            View = "text",
            Theme = theme,
            Width = 500,
        };
        var scene = Pictures.Draw(subject, options);

        using var picture = SKBitmap.Decode(PngWriter.Write(scene, theme));

        Assert.Equal((500, (int)scene.Height), (picture.Width, picture.Height));
        Assert.Equal(Colour(Tone.Page), picture.GetPixel(1, 1));
        var grounds = ViewTests.Flat(scene.Elements).OfType<Box>().Where(box => box.Height == 23).ToArray();
        Assert.Equal(2, grounds.Length);
        Assert.Equal(Colour(options.Palette.Signed(1)), picture.GetPixel((int)grounds[0].X + 2, (int)grounds[0].Y + 3));
        Assert.Equal(Colour(options.Palette.Signed(-0.5)), picture.GetPixel((int)grounds[1].X + 2, (int)grounds[1].Y + 3));

        // Letters are there: some pixel on the first word has the colour of its ink.
        var ink = Colour(options.Palette.Signed(1).InkOn());
        Assert.Contains(
            Enumerable
                .Range((int)grounds[0].X, (int)grounds[0].Width)
                .SelectMany(x => Enumerable.Range((int)grounds[0].Y, 23).Select(y => picture.GetPixel(x, y))),
            pixel => Math.Abs(pixel.Red - ink.Red) + Math.Abs(pixel.Green - ink.Green) + Math.Abs(pixel.Blue - ink.Blue) < 60
        );

        SKColor Colour(Tone tone) => new(tone.In(theme).R, tone.In(theme).G, tone.In(theme).B);
    }

    [Theory]
    [InlineData("Latin")]
    [InlineData("Ελληνικά")]
    [InlineData("кино")]
    [InlineData("\U0010FFFD")]
    public void Every_character_leaves_ink(string text)
    {
        var scene = new Scene(200, 40, "", "", [new Label(10, 28, text, 24, Tone.Ink)]);

        using var picture = SKBitmap.Decode(PngWriter.Write(scene, Theme.Light));

        Assert.True(picture.Pixels.Count(pixel => pixel.Red < 128) > 20 * text.Length);
    }

    [Fact]
    public void A_large_map_says_that_it_is_an_image_of_fewer_pixels()
    {
        var scene = Pictures.Draw(Answers.Attention(512, 2, 12), PictureOptions.Default);

        Assert.Contains("embedded as a small image", scene.Description, StringComparison.Ordinal);
        Assert.Contains("shows the largest weight that it covers", scene.Description, StringComparison.Ordinal);
        Assert.Equal(24, ViewTests.Flat(scene.Elements).OfType<Raster>().Count(raster => raster.Tip is not null));
    }

    [Fact]
    public void A_long_text_wraps_within_the_width_and_a_PNG_that_would_be_too_tall_is_refused()
    {
        var text = string.Concat(Enumerable.Repeat("word, longer-word and averyveryverylongwordwithoutanyspaceinit ", 900));
        var scene = Pictures.Draw(Answers.Attribution(text), PictureOptions.Default with { View = "text", Width = 300 });

        Assert.All(ViewTests.Flat(scene.Elements).OfType<Box>(), box => Assert.True(box.X + box.Width <= 300, $"{box.X} + {box.Width}"));
        Assert.Contains(
            "characters of the text are not drawn",
            string.Concat(ViewTests.Flat(scene.Elements).OfType<Label>().Select(label => label.Text + " ")),
            StringComparison.Ordinal
        );
        Assert.True(Assert.Throws<InvalidRequestException>(() => PngWriter.Write(scene, Theme.Light)).Impossible);
    }

    [Fact]
    public void HTML_gives_the_numbers_beside_the_picture()
    {
        var html = Encoding.UTF8.GetString(
            HtmlWriter.Write(Pictures.Draw(Answers.Attribution("good bad", 0.8, -0.4), PictureOptions.Default), Theme.Auto)
        );

        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains(
            "<td dir=\"auto\">bad</td><td dir=\"auto\">5</td><td dir=\"auto\">8</td><td dir=\"auto\">-0.4</td>",
            html,
            StringComparison.Ordinal
        );
        Assert.Contains("@media (prefers-color-scheme:dark)", html, StringComparison.Ordinal);
    }
}
