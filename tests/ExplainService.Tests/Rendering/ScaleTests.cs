using ExplainService.Methods.Contracts;
using ExplainService.Methods.Shapley;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>What colours and lengths say of a number: noise is faint, pictures can be compared, a value has no class.</summary>
public sealed class ScaleTests
{
    [Fact]
    public void Noise_is_not_drawn_in_full_colours()
    {
        var noise = Answers.Attribution("a good film", 1e-4, -1e-4, 5e-5);

        Assert.Equal([Palette.All[0].Signed(0.01), Palette.All[0].Signed(-0.01), Palette.All[0].Signed(0.005)], Grounds(noise));
    }

    [Fact]
    public void Sizes_that_are_in_no_unit_have_no_floor()
    {
        var sizes = Answers.Attribution("a good film", 1e-4, 2e-4, 5e-5);
        sizes = sizes with { Explanation = sizes.Explanation with { Unsigned = true } };

        Assert.Equal(Palette.All[0].Strength(1), Grounds(sizes)[1]);
    }

    [Fact]
    public void Pictures_of_one_scale_have_the_same_colours_and_lengths()
    {
        var (one, other) = (Answers.Attribution("a good film", 0.2, -0.1, 0.05), Answers.Attribution("a good film", 0.2, -0.4, 0.8));
        var options = PictureOptions.Default with { Scale = 0.4 };

        Assert.Equal(Grounds(one, options)[0], Grounds(other, options)[0]);
        Assert.Equal(Palette.All[0].Signed(1), Grounds(other, options)[2]);
        Assert.Equal(Bar(one), Bar(other), 1e-9);
        Assert.Contains("Scores beyond 0.400 are drawn as 0.400; the largest is 0.800.", Words(other, options with { View = "bars" }));
        Assert.DoesNotContain(
            Words(one, options with { View = "bars" }),
            word => word.StartsWith("Scores beyond", StringComparison.Ordinal)
        );

        double Bar(Subject subject) =>
            ViewTests
                .Flat(Pictures.Draw(subject, options with { View = "bars" }).Elements)
                .OfType<Box>()
                .Where(box => box.Radius == 1.5)
                .Select(box => box.Width)
                .ElementAt(subject == one ? 0 : 2);
    }

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("1e-3", 1e-3)]
    [InlineData("12", 12.0)]
    public void A_scale_is_a_positive_number(string text, double scale)
    {
        Assert.Equal(scale, PictureQuery.Read([KeyValuePair.Create("scale", text)]).Scale);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1e99")]
    [InlineData("")]
    [InlineData("1,5")]
    public void A_scale_that_is_none_is_malformed(string text)
    {
        var exception = Assert.Throws<InvalidRequestException>(() => PictureQuery.Read([KeyValuePair.Create("scale", text)]));

        Assert.Equal(["scale"], exception.Errors.Keys);
    }

    [Fact]
    public void Numbers_on_one_scale_have_the_same_number_of_digits()
    {
        var words = Words(Answers.Attribution("a b c d", 12.5, -0.5, 0.031, 0.0001), PictureOptions.Default with { View = "bars" });

        Assert.Equal(["+12.50", "−0.50", "+0.03", "0"], words.Where(word => word is "0" || word[0] is '+' or '−'));
    }

    [Theory]
    [InlineData(0.65, -0.0001, "0")]
    [InlineData(0.65, -0.0, "0")]
    [InlineData(0.004, -0.0004, "−0.00040")]
    [InlineData(123, -0.04, "0")]
    [InlineData(0, 0.0, "0")]
    public void What_rounds_to_nothing_is_zero_without_a_sign(double largest, double value, string written)
    {
        Assert.Equal(written, NumberScale.Of(largest).Signed(value));
    }

    [Fact]
    public void A_regression_is_drawn_with_its_sign_and_no_class()
    {
        var classes = Answers.Attribution("a good film", 0.8, -0.4, 0.1);
        var regression = classes with
        {
            Explanation = classes.Explanation with
            {
                Prediction = new Prediction
                {
                    Label = "LABEL_0",
                    Index = 0,
                    Value = 3.25,
                    Labels = [new LabelAnswer("LABEL_0", 0, 3.25)],
                },
                Target = new TargetAnswer { Label = "LABEL_0", Index = 0 },
            },
        };

        foreach (var view in Pictures.Of(regression))
        {
            var scene = Pictures.Draw(regression, PictureOptions.Default with { View = view.Name });
            var said = string.Join(
                '\n',
                Words(regression, PictureOptions.Default with { View = view.Name }).Append(scene.Description).Append(scene.Title)
            );
            Assert.DoesNotContain("LABEL_0", said, StringComparison.Ordinal);
            Assert.DoesNotContain("speaks for", said, StringComparison.Ordinal);
            Assert.Contains("+3.25", said, StringComparison.Ordinal);
        }

        Assert.Contains("Integrated gradients: what moves the value", Words(regression, PictureOptions.Default with { View = "text" }));
        Assert.Contains("lowers the value (dashed)", Words(regression, PictureOptions.Default with { View = "text" }));
    }

    [Fact]
    public void Every_class_is_drawn_where_all_were_asked_for()
    {
        var subject = Answers.Shapley("a good film");
        var all = subject with
        {
            Explanation = (ShapAnswer)subject.Explanation with
            {
                Labels = [new LabelScores("negative", 0, [-0.1, 0.2, 0.3]), new LabelScores("positive", 1, [0.1, -0.2, -0.3])],
            },
        };

        Assert.Equal("labels", Pictures.Of(all)[0].Name);
        Assert.Equal("waterfall", Pictures.Of(subject)[0].Name);
    }

    private static Tone[] Grounds(Subject subject, PictureOptions? options = null) =>
        [
            .. ViewTests
                .Flat(Pictures.Draw(subject, (options ?? PictureOptions.Default) with { View = "text" }).Elements)
                .OfType<Box>()
                .Where(box => box.Height == 23)
                .Select(box => box.Fill),
        ];

    private static string[] Words(Subject subject, PictureOptions options) =>
        [.. ViewTests.Flat(Pictures.Draw(subject, options).Elements).OfType<Label>().Select(label => label.Text)];
}
