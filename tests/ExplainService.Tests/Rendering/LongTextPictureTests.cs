using ExplainService.Methods.Shapley;
using ExplainService.Rendering;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>Pictures of long texts add up, keep within their width and keep every character.</summary>
public sealed class LongTextPictureTests
{
    private const double Margin = 18;

    [Theory]
    [InlineData(216, 20)]
    [InlineData(216, 500)]
    [InlineData(960, 20)]
    [InlineData(960, 500)]
    public void Forces_meet_at_the_value_and_reach_as_far_as_their_sums(int words, int top)
    {
        var subject = Shapley(words);
        var shap = (ShapAnswer)subject.Explanation;
        var scene = Pictures.Draw(subject, PictureOptions.Default with { View = "force", Top = top });
        var pushes = ViewTests.Flat(scene.Elements).OfType<Outline>().ToArray();

        // SHAP's picture: everything that raises the score ends at the value, everything that lowers it begins there.
        var value = ViewTests.Flat(scene.Elements).OfType<Line>().Single(line => line.Width == 1.6).X1;
        var (raised, lowered) = (
            shap.Units.Sum(unit => Math.Max(0, unit.Score!.Value)),
            shap.Units.Sum(unit => Math.Min(0, unit.Score!.Value))
        );
        var (left, right) = (pushes.Min(push => push.Points[5].X), pushes.Max(push => push.Points[5].X));
        Assert.Equal(raised / -lowered, (value - left) / (right - value), 1e-6);
        Assert.All(pushes.SelectMany(push => push.Points), spot => Assert.InRange(spot.X, 0, scene.Width));

        // No piece is nothing but its border.
        Assert.All(pushes, push => Assert.True(push.Stroke is null || Math.Abs(push.Points[2].X - push.Points[5].X) > 3));
        Assert.All(ViewTests.Flat(scene.Elements).OfType<Label>(), label => AssertWithin(scene, label));
    }

    [Theory]
    [InlineData(216)]
    [InlineData(960)]
    public void A_waterfall_leads_from_end_to_end(int words)
    {
        var subject = Shapley(words);
        var scene = Pictures.Draw(subject, PictureOptions.Default with { View = "waterfall" });
        var steps = ViewTests.Flat(scene.Elements).OfType<Outline>().ToArray();
        var ends = ViewTests.Flat(scene.Elements).OfType<Line>().Where(line => line.Dashed).Select(line => line.X1).ToArray();

        Assert.Equal(21, steps.Length);
        Assert.Equal(ends[0], steps[0].Points[2].X, 1e-6);
        Assert.Equal(ends[1], steps[^1].Points[0].X, 1e-6);
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(pair.First.Points[0].X, pair.Second.Points[2].X, 1e-6));
        Assert.DoesNotContain(ViewTests.Flat(scene.Elements).OfType<Label>(), label => label.Text == "not accounted for");
        Assert.All(ViewTests.Flat(scene.Elements).OfType<Label>(), label => AssertWithin(scene, label));
    }

    [Theory]
    [InlineData("https://example.org/a/very/long/path/without/any/space/in/it?and=a&query=of&many=fields#and-a-fragment-of-some-length")]
    [InlineData("C:\\Users\\somebody\\Documents\\a\\folder\\that\\is\\far\\below\\the\\root\\of\\the\\volume\\and\\has\\a\\long\\name.txt")]
    [InlineData("............................................................................................................")]
    [InlineData("ตัวอย่างข้อความภาษาไทยที่ไม่มีช่องว่างเลยแม้แต่ช่องเดียวในบรรทัดเดียวกันนี้ซึ่งยาวมากทีเดียว")]
    [InlineData("שלוםעולםשלוםעולםשלוםעולםשלוםעולםשלוםעולםשלוםעולםשלוםעולםשלוםעולםשלוםעולםשלוםעולםשלוםעולם")]
    public void Any_run_of_small_parts_is_broken_and_keeps_every_character(string text)
    {
        // Tokens: every two characters are a part of their own.
        var subject = Answers.Attribution("x");
        var units = Enumerable
            .Range(0, text.Length / 2)
            .Select(at =>
                subject.Units[0] with
                {
                    Text = text.Substring(2 * at, 2),
                    Start = 2 * at,
                    End = (2 * at) + 2,
                    Score = 0.1 * (at % 3),
                }
            );
        subject = subject with
        {
            Text = text,
            Explanation = (ExplainService.Methods.Saliency.SaliencyAnswer)subject.Explanation with { Units = [.. units] },
        };

        var scene = Pictures.Draw(subject, PictureOptions.Default with { View = "text", Width = 300 });
        var passage = ViewTests.Flat(scene.Elements).OfType<Label>().Where(label => label.Size == 16 && !label.Bold).ToArray();

        Assert.Equal(text, string.Concat(passage.Select(label => label.Text)));
        Assert.True(passage.Select(label => label.Y).Distinct().Count() > 1);
        Assert.All(passage, label => AssertWithin(scene, label));
    }

    [Fact]
    public void A_remark_keeps_an_address_that_is_wider_than_the_picture()
    {
        var subject = Answers.Attribution("a good film");
        var address = "https://example.org/" + string.Concat(Enumerable.Repeat("path/", 40));
        subject = subject with { Explanation = subject.Explanation with { Warnings = ["See " + address + " for more."] } };

        var scene = Pictures.Draw(subject, PictureOptions.Default with { View = "bars", Width = 300 });
        var labels = ViewTests.Flat(scene.Elements).OfType<Label>().ToArray();

        Assert.Contains(address, string.Concat(labels.Select(label => label.Text)), StringComparison.Ordinal);
        Assert.All(labels, label => AssertWithin(scene, label));
    }

    [Fact]
    public void Digits_and_brackets_stand_where_readers_of_Hebrew_expect_them()
    {
        var scene = Pictures.Draw(Answers.Attribution("שלום (12.5%) עולם", 0.1, 0.2, 0.3), PictureOptions.Default with { View = "text" });
        var passage = ViewTests.Flat(scene.Elements).OfType<Label>().Where(label => label.Size == 16 && !label.Bold).ToArray();

        // From left to right: the second word, the closing bracket (mirrored), the number as it is written, the opening one, the first word.
        Assert.Equal(
            ["עולם", ")", "12.5%", "(", "שלום"],
            passage
                .Where(label => label.Text != " ")
                .OrderBy(label => label.RightToLeft ? label.X - 1 : label.X)
                .Select(label => label.Text)
        );
        Assert.Equal([true, true, false, true, true], passage.Where(label => label.Text != " ").Select(label => label.RightToLeft));
    }

    /// <summary>Shapley values of many words, some strong, most weak.</summary>
    private static Subject Shapley(int words) =>
        Answers.Shapley(
            string.Join(' ', Enumerable.Range(0, words).Select(at => "word" + at)),
            [.. Enumerable.Range(0, words).Select(at => Math.Sin(7.3 * at) * (at % 20 == 0 ? 0.1 : 0.002))]
        );

    private static void AssertWithin(Scene scene, Label label)
    {
        var width = TextMeasure.Width(label.Text.TrimEnd('\n'), label.Size, label.Bold);
        var left =
            label.Anchor == Anchor.Middle ? label.X - (width / 2)
            : (label.Anchor == Anchor.End) ^ label.RightToLeft ? label.X - width
            : label.X;
        Assert.True(left >= 0 && left + width <= scene.Width - Margin + 2, $"{label.Text}: {left} to {left + width}");
    }
}
