using System.Text;
using ExplainService.Goldens;
using ExplainService.Images;
using ExplainService.Methods.Contracts;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using ExplainService.Rendering.Scenes;
using SkiaSharp;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>Pictures of explained pictures.</summary>
public sealed class PictureViewTests
{
    [Fact]
    public void Scores_of_units_have_the_heat_map_first_and_no_view_of_a_text()
    {
        var views = Pictures.Of(PictureAnswers.Patches()).Select(view => view.Name).ToArray();

        Assert.Equal(["image", "patches"], views[..2]);
        Assert.DoesNotContain("text", views);
        Assert.Contains("bars", views);
        Assert.Equal("patch_attention", Pictures.Of(PictureAnswers.Attention())[0].Name);
        Assert.Equal(["image", "pixels"], Pictures.Of(PictureAnswers.Pixels()).Take(2).Select(view => view.Name));
        Assert.Equal(["hidden"], Pictures.Of(PictureAnswers.Hidden()).Select(view => view.Name).Where(name => name != "classes"));
    }

    [Fact]
    public void The_heat_map_is_grey_with_the_colour_of_what_speaks_for_the_label_where_it_is()
    {
        var options = PictureOptions.Default with { View = "image", Opacity = 1, Width = 900 };
        var photos = Pictures.Draw(PictureAnswers.Patches(), options).Elements.OfType<Photo>().ToArray();

        var (original, painted) = (photos[0].Image, photos[1].Image);
        Assert.Equal((original.Width, original.Height), (painted.Width, painted.Height));

        // The middle of the sun, of the sky in the model's view, and of the sky left of it.
        var scale = (double)painted.Width / 320;
        Assert.Equal(options.Palette.For.Light, At(painted, 213 * scale, 67 * scale));
        Assert.True(IsGrey(At(painted, 120 * scale, 40 * scale)));
        Assert.False(IsGrey(At(original, 120 * scale, 40 * scale)));
        var (seen, unseen) = (At(painted, 64 * scale, 40 * scale), At(painted, 20 * scale, 40 * scale));
        Assert.True(unseen.R > seen.R);
    }

    [Fact]
    public void Each_pixel_that_the_model_saw_has_its_own_colour_and_the_few_that_are_far_stronger_do_not_pale_the_others()
    {
        var options = PictureOptions.Default with { View = "pixels", Opacity = 1, Width = 900 };
        var scene = Pictures.Draw(PictureAnswers.Pixels(), options);
        var painted = scene.Elements.OfType<Photo>().Last().Image;

        var scale = (double)painted.Width / 320;
        Assert.Equal(options.Palette.For.Light, At(painted, 213 * scale, 67 * scale));
        Assert.Equal(options.Palette.For.Light, At(painted, 62 * scale, 14 * scale));
        Assert.True(IsGrey(At(painted, 120 * scale, 40 * scale)));
        Assert.Contains(scene.Elements.OfType<Label>(), label => label.Text.StartsWith("1 pixel is beyond", StringComparison.Ordinal));
        Assert.Equal(["60", "12", "4", "4", "10"], scene.Numbers!.Rows[0]);
    }

    [Fact]
    public void What_a_counterfactual_hides_is_hatched_and_the_rest_of_the_picture_is_as_it_was()
    {
        var photos = Pictures
            .Draw(PictureAnswers.Hidden(), PictureOptions.Default with { View = "hidden", Width = 900 })
            .Elements.OfType<Photo>()
            .Select(photo => photo.Image)
            .ToArray();

        Assert.Equal(3, photos.Length);
        var (first, sent) = (photos[1], photos[0]);
        var hidden = Enumerable.Range(0, sent.Pixels.Length / 3).Where(pixel => At(first, pixel) != At(sent, pixel)).ToArray();
        Assert.InRange(hidden.Length / (sent.Pixels.Length / 3.0), 0.03, 0.08);
        Assert.Equal([Tone.Ink.Light, Tone.Page.Light], hidden.Select(pixel => At(first, pixel)).Distinct().OrderBy(colour => colour.R));
    }

    [Fact]
    public void The_strongest_units_have_a_line_around_them_and_opacity_is_as_asked()
    {
        var painted = Painted(0);

        // Without any colour only grey, the pale frame and the lines are left.
        var outlined = Enumerable.Range(0, painted.Pixels.Length / 3).Count(pixel => At(painted, pixel) == Tone.Ink.Light);
        Assert.InRange(outlined, 50, 5000);
        Assert.True(IsGrey(At(painted, painted.Width * 213 / 320.0, painted.Height * 67 / 224.0)));
    }

    [Fact]
    public void Numbers_are_written_where_they_fit_and_ranks_where_not()
    {
        var numbers = Labels(8);
        Assert.Contains("+0.400", numbers);
        Assert.True(numbers.Count(text => text.StartsWith('+') || text.StartsWith('−')) >= 15);

        var ranks = Labels(2);
        Assert.Contains("20", ranks);
        Assert.DoesNotContain("+0.400", ranks[..^5]);

        static string[] Labels(int patch) =>
            [
                .. Pictures
                    .Draw(PictureAnswers.Patches(patch: patch), PictureOptions.Default with { View = "patches", Width = 700 })
                    .Elements.OfType<Label>()
                    .Select(label => label.Text),
            ];
    }

    [Fact]
    public void Attention_is_that_of_the_class_token_or_of_the_patch_that_was_asked_for()
    {
        var subject = PictureAnswers.Attention();

        Assert.Contains("class token", Draw(null).Title, StringComparison.Ordinal);
        var asked = Draw(5);
        Assert.Contains("patch 5", asked.Title, StringComparison.Ordinal);
        Assert.Equal(["5", "6"], asked.Numbers!.Rows.Take(2).Select(row => row[0]));
        var refused = Assert.Throws<InvalidRequestException>(() => Draw(16));
        Assert.Equal("this picture has the patches 0 to 15", Assert.Single(refused.Errors["patch"]));

        Scene Draw(int? patch) => Pictures.Draw(subject, PictureOptions.Default with { View = "patch_attention", Patch = patch });
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3000, 2)]
    [InlineData(2, 3000)]
    public void Pictures_of_any_proportions_are_drawn(int width, int height)
    {
        var subject = PictureAnswers.Patches();
        var picture = subject.Picture!;
        var image = PictureAnswers.Landscape(width, height);
        var map = picture.Map with { PictureWidth = width, PictureHeight = height };
        subject = subject with { Picture = picture with { Image = image, Map = map } };

        foreach (var view in (string[])["image", "patches"])
        {
            var scene = Pictures.Draw(subject, PictureOptions.Default with { View = view });
            using var png = SKBitmap.Decode(PngWriter.Write(scene, Theme.Light));
            Assert.Equal(960, png.Width);
        }
    }

    [Theory]
    [InlineData("image", Theme.Light)]
    [InlineData("patches", Theme.Dark)]
    [InlineData("patch_attention", Theme.Light)]
    [InlineData("pixels", Theme.Light)]
    [InlineData("hidden", Theme.Light)]
    public void An_SVG_is_as_it_was_looked_at(string view, Theme theme)
    {
        var subject = PictureAnswers.OfEveryKind("sunny").First(one => Pictures.Of(one).Any(offered => offered.Name == view));
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
            var options = new PictureOptions
            {
                View = view,
                Theme = theme,
                Width = 900,
            };
            var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "explained-pictures")).FullName;
            foreach (
                var (one, at) in PictureAnswers
                    .OfEveryKind("sunny")
                    .Select((one, at) => (one, at))
                    .Where(pair => Pictures.Of(pair.one).Any(offered => offered.Name == view))
            )
            {
                File.WriteAllBytes(Path.Combine(folder, $"{view}-{at}.png"), PngWriter.Write(Pictures.Draw(one, options), theme));
                File.WriteAllBytes(Path.Combine(folder, $"{view}-{at}.html"), HtmlWriter.Write(Pictures.Draw(one, options), theme));
            }
        }

        Assert.Equal(File.ReadAllText(file), svg);
    }

    private static RgbImage Painted(double opacity) =>
        Pictures
            .Draw(PictureAnswers.Patches(), PictureOptions.Default with { View = "image", Opacity = opacity, Width = 900 })
            .Elements.OfType<Photo>()
            .Last()
            .Image;

    private static bool IsGrey(Rgb colour) => colour.R == colour.G && colour.G == colour.B;

    private static Rgb At(RgbImage image, double x, double y) => At(image, ((int)y * image.Width) + (int)x);

    private static Rgb At(RgbImage image, int pixel) =>
        new(image.Pixels[3 * pixel], image.Pixels[(3 * pixel) + 1], image.Pixels[(3 * pixel) + 2]);
}
