using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Scenes;
using ExplainService.Runtime;
using ExplainService.Text.Units;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>Which views an answer has, which is the default, and what they say.</summary>
public sealed class ViewTests
{
    [Fact]
    public void Every_kind_of_answer_has_its_views_the_best_first()
    {
        Assert.Equal(["text", "path", "bars", "classes"], Names(Answers.Attribution("a good film")));
        Assert.Equal(["waterfall", "text", "bars", "interactions", "force", "classes"], Names(Answers.Shapley("a good film")));
        Assert.Equal(["grid", "heatmap", "heads", "classes", "tokens"], Names(Answers.Attention(3, 2, 2)));
        Assert.Equal(["heatmap", "heads", "classes", "tokens"], Names(Answers.Attention(3, 1, 1)));
        Assert.Equal(["sources", "classes", "tokens"], Names(Answers.Generation()));
        Assert.Equal(["edits", "classes"], Names(Answers.Counterfactuals("a good film")));
    }

    [Fact]
    public void A_view_that_the_answer_does_not_have_is_impossible_and_those_it_has_are_listed()
    {
        var exception = Assert.Throws<InvalidRequestException>(() =>
            Pictures.Draw(Answers.Attention(3, 1, 1), PictureOptions.Default with { View = "waterfall" })
        );

        Assert.True(exception.Impossible);
        Assert.Equal("this answer has the views \"heatmap\", \"heads\", \"classes\", \"tokens\"", Assert.Single(exception.Errors["view"]));
    }

    [Fact]
    public void A_level_without_scores_is_drawn_by_the_parts_inside()
    {
        var words = Answers.Attribution("a good film");
        var whole = new UnitAnswer
        {
            Text = "a good film",
            Start = 0,
            End = 11,
            Tokens = [1, 2, 3],
            Units = words.Units,
        };
        var hierarchy = words with { Explanation = (SaliencyAnswer)words.Explanation with { Units = [whole] } };
        var drawn = Assert.Single(ExplainService.Rendering.Attribution.Levels(hierarchy));
        Assert.Equal(["a", "good", "film"], drawn.Parts.Select(part => part.Text));
        Assert.Equal(drawn.Parts, ExplainService.Rendering.Attribution.Of(hierarchy)!.Parts);
    }

    [Theory]
    [InlineData("widht=3", "widht")]
    [InlineData("width=0", "width")]
    [InlineData("width=1e3", "width")]
    [InlineData("width=99999999999", "width")]
    [InlineData("theme=Dark", "theme")]
    [InlineData("palette=jet", "palette")]
    [InlineData("top=-1", "top")]
    [InlineData("layer=", "layer")]
    [InlineData("head=x", "head")]
    [InlineData("top=1&top=2", "top")]
    [InlineData("<script>=1", "query")]
    public void A_wrong_option_is_malformed_and_named(string query, string field)
    {
        var exception = Assert.Throws<InvalidRequestException>(() => Read(query));

        Assert.False(exception.Impossible);
        Assert.Equal([field], exception.Errors.Keys);
    }

    [Fact]
    public void The_options_of_a_picture_are_read_from_the_query()
    {
        var options = Read("format=svg&view=bars&width=640&theme=dark&palette=purple_green&top=7&layer=2&head=0");

        Assert.Equal(
            new PictureOptions
            {
                View = "bars",
                Width = 640,
                Theme = Theme.Dark,
                Palette = Palette.All.Single(one => one.Name == "purple_green"),
                Top = 7,
                Layer = 2,
                Head = 0,
            },
            options
        );
    }

    [Fact]
    public void Bars_list_the_strongest_and_say_what_they_leave_out()
    {
        var subject = Answers.Attribution("a b c d e", 0.1, -0.5, 0.2, 0.01, 0.02);

        var words = Words(subject, "bars", top: 2);

        Assert.Contains("−0.500", words);
        Assert.Contains("+0.200", words);
        Assert.DoesNotContain("+0.100", words);
        Assert.Contains("3 weaker parts, not listed, add up to +0.130.", words);
    }

    [Fact]
    public void A_waterfall_leads_from_the_base_value_to_the_value_and_hides_no_gap()
    {
        var whole = Answers.Shapley("a b c", 0.3, -0.1, 0.2);
        var shap = (ShapAnswer)whole.Explanation;
        var cut = whole with { Explanation = shap with { Value = shap.Value + 0.07 } };

        Assert.Contains("base value 0.250", Words(whole, "waterfall"));
        Assert.Contains("value 0.650", Words(whole, "waterfall"));
        Assert.DoesNotContain("not accounted for", Words(whole, "waterfall"));
        Assert.Contains("not accounted for", Words(cut, "waterfall"));
        Assert.Contains("+0.070", Words(cut, "waterfall"));
    }

    [Fact]
    public void A_heat_map_shows_the_head_that_is_asked_for()
    {
        var subject = Answers.Attention(3, 2, 4);

        Assert.Contains("Attention: layer 1, head 2", Words(subject, "heatmap", layer: 1, head: 2));
        Assert.Contains("Attention: mean of 2 layers × 4 heads", Words(subject, "heatmap"));
        var missing = Assert.Throws<InvalidRequestException>(() => Words(subject, "heatmap", layer: 2));
        Assert.True(missing.Impossible);
        Assert.Equal("this answer has layers 0, 1", Assert.Single(missing.Errors["layer"]));
    }

    [Fact]
    public void The_path_says_how_far_the_scores_miss_it()
    {
        var words = Words(Answers.Attribution("a good film"), "path");

        Assert.Contains(
            "f rises by +0.800 from the baseline (0.100) to the text (0.900); the scores miss that by 4.0e−4 (completeness error, 1 steps).",
            words
        );
    }

    [Fact]
    public void Entries_of_a_vocabulary_are_called_as_readers_know_them()
    {
        var subject = Answers.Attribution("a good film");
        var next = subject with
        {
            Explanation = subject.Explanation with
            {
                Target = new TargetAnswer { Label = "Ġwaste", TokenId = 7 },
            },
        };

        Assert.Contains("Integrated gradients: what speaks for “waste”", Words(next, "bars"));
    }

    [Fact]
    public void A_hierarchy_shows_the_text_once_for_each_size_of_units()
    {
        var words = Answers.Attribution("a good film");
        var whole = new UnitAnswer
        {
            Text = "a good film",
            Start = 0,
            End = 11,
            Tokens = [1, 2, 3],
            Score = 0.7,
            Units = words.Units,
        };
        var subject = words with
        {
            Explanation = (SaliencyAnswer)words.Explanation with { Units = [whole] },
            Levels = [Granularity.Sentence, Granularity.Word],
        };

        var shown = Words(subject, "text");

        Assert.True(Array.IndexOf(shown, "By sentence") < Array.IndexOf(shown, "By word"));
        Assert.Equal(2, shown.Count(word => word == "film"));
        Assert.Contains("+0.700", shown);
        Assert.Contains("+0.500", shown);
    }

    [Fact]
    public void The_ground_of_a_sentence_has_no_gaps_between_its_words()
    {
        var words = Answers.Attribution("a good film");
        var subject = words with
        {
            Explanation = (SaliencyAnswer)words.Explanation with
            {
                Units =
                [
                    new UnitAnswer
                    {
                        Text = "a good film",
                        Start = 0,
                        End = 11,
                        Tokens = [1, 2, 3],
                        Score = 0.7,
                    },
                ],
            },
        };

        var grounds = Flat(Pictures.Draw(subject, PictureOptions.Default with { View = "text" }).Elements)
            .OfType<Box>()
            .Where(box => box.Height == 23)
            .ToArray();

        Assert.Equal(5, grounds.Length);
        Assert.All(grounds.Zip(grounds.Skip(1)), pair => Assert.True(pair.First.X + pair.First.Width > pair.Second.X));
    }

    [Fact]
    public void Positions_are_named_by_what_stands_there()
    {
        var generation = Answers.Generation().Explanation.Generated;
        var causal = Answers.Attention(5, 1, 1, at => "t" + at);
        causal = causal with
        {
            Explanation = causal.Explanation with { Tokens = [.. causal.Explanation.Tokens.Take(3)], Generated = generation },
        };
        var decoder = Answers.Attention(3, 1, 1);
        decoder = decoder with
        {
            Explanation = (AttentionAnswer)decoder.Explanation with { Kind = AttentionKind.Decoder, Generated = generation },
        };

        Assert.Equal(["t0", "t1", "t2", " a", " good"], Words(causal, "heads").Intersect(["t0", "t1", "t2", " a", " good"]));
        Assert.Equal(["‹start›", " a", " good"], Words(decoder, "heads").Intersect(["‹start›", " a", " good", "w0"]));
    }

    [Fact]
    public void A_picture_passes_on_what_a_reader_must_know()
    {
        var subject = Answers.Attribution("a good film");
        var cut = subject with
        {
            Explanation = subject.Explanation with { Unseen = [new UnseenText(6, 11)], Warnings = ["the completeness error is large"] },
        };

        var words = Words(cut, "bars");

        Assert.Contains("The model did not see the text from 6 to 11.", words);
        Assert.Contains("Note: the completeness error is large", words);
    }

    [Fact]
    public void Offsets_in_code_points_colour_the_same_words()
    {
        var utf16 = Answers.Attribution("😀 good 😀 film", 0.1, 0.9, -0.1, 0.3);
        var units = utf16.Units.Zip([(0, 1), (2, 6), (7, 8), (9, 13)], (unit, at) => unit with { Start = at.Item1, End = at.Item2 });
        var points = utf16 with
        {
            OffsetUnit = OffsetUnit.Codepoint,
            Explanation = (SaliencyAnswer)utf16.Explanation with { Units = [.. units] },
        };

        var options = PictureOptions.Default with { View = "text" };

        Assert.Equal(Flat(Pictures.Draw(utf16, options).Elements), Flat(Pictures.Draw(points, options).Elements));
    }

    internal static IEnumerable<Element> Flat(IEnumerable<Element> elements) =>
        elements
            .SelectMany(element => element is Group group ? Flat(group.Children) : [element])
            .Select(element => element is Raster raster ? raster with { Levels = [], Colours = [] } : element);

    private static IEnumerable<string> Names(Subject subject) => Pictures.Of(subject).Select(view => view.Name);

    private static PictureOptions Read(string query) =>
        PictureQuery.Read(query.Split('&').Select(option => option.Split('=')).Select(option => KeyValuePair.Create(option[0], option[1])));

    private static string[] Words(Subject subject, string view, int top = 20, int? layer = null, int? head = null) =>
        [
            .. Flat(Pictures.Draw(subject, PictureOptions.Default with { View = view, Top = top, Layer = layer, Head = head }).Elements)
                .OfType<Label>()
                .Select(label => label.Text),
        ];
}
