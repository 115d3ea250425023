using ExplainService.Methods.Contracts;
using ExplainService.Methods.Inside;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Scenes;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>Pictures of layers, neurons and ablations: which there are, and what they say.</summary>
public sealed class InsideViewTests
{
    private const string Text = "not bad at all";

    [Fact]
    public void Every_kind_of_answer_has_its_views_the_best_first()
    {
        Assert.Equal(["layers", "classes", "tokens"], Names(InsideAnswers.Layers(Text)));
        Assert.Equal(["lens", "classes", "tokens"], Names(InsideAnswers.Lens(Text, 0.4, 0.9)));
        Assert.Equal(["activation", "classes", "tokens"], Names(InsideAnswers.Neurons(Text)));
        Assert.Equal(["factors", "activation", "classes", "tokens"], Names(InsideAnswers.Neurons(Text, factors: 2)));
        Assert.Equal(["meanings", "activation", "classes", "tokens"], Names(InsideAnswers.Neurons(Text, meanings: true)));
        Assert.Equal(["ablation", "classes", "tokens"], Names(InsideAnswers.Heads(Text)));
    }

    [Fact]
    public void Tokens_of_a_short_text_are_read_across_and_of_a_long_one_down()
    {
        var long_ = string.Join(' ', Enumerable.Range(0, 200).Select(at => "word" + at));

        Assert.Contains("↓ layer   → token", Words(InsideAnswers.Layers(Text)));
        Assert.Contains("↓ token   → layer", Words(InsideAnswers.Layers(long_)));
        Assert.Contains("0 (embeddings)", Words(InsideAnswers.Layers(Text)));
    }

    [Theory]
    [InlineData(new[] { 0.4, 0.6, 0.45, 0.55, 0.9 }, "Decided after layer 3: from there on “positive” stays the strongest.", 1)]
    [InlineData(new[] { 0.6, 0.7, 0.9 }, "“positive” is the strongest from the embeddings on.", 0)]
    [InlineData(new[] { 0.1, 0.2, 0.9 }, "Decided after layer 2: from there on “positive” stays the strongest.", 1)]
    public void A_lens_shows_where_it_was_decided(double[] probabilities, string decision, int lines)
    {
        var subject = InsideAnswers.Lens(Text, probabilities);

        Assert.Contains(decision, Words(subject));
        Assert.Equal(lines, Elements(subject).OfType<Line>().Count(line => line.Dashed));

        // One frame a layer: its strongest class.
        Assert.Equal(probabilities.Length, Elements(subject).OfType<Box>().Count(box => box.Stroke is not null));
    }

    [Fact]
    public void A_lens_of_a_vocabulary_lists_the_entries_of_each_layer()
    {
        var subject = InsideAnswers.Lens(
            Text,
            [
                [new("Ġthe", 5, 0, 0.5), new("Ġa", 6, 0, 0.2)],
                [new("Ġfilm", 7, 0, 0.4), new("Ġthe", 5, 0, 0.3)],
            ]
        );

        Assert.Contains("the", Words(subject));
        Assert.Contains("film", Words(subject));
        Assert.Contains("Decided after layer 1: from there on “film” stays the strongest.", Words(subject));
    }

    [Fact]
    public void A_lens_without_classes_shows_the_score_alone()
    {
        var words = Words(InsideAnswers.Lens(Text, [null, null]));

        Assert.Contains("1.00", words);
        Assert.DoesNotContain(words, word => word.StartsWith("Decided", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_token_has_the_colour_and_the_number_of_its_strongest_factor()
    {
        var subject = InsideAnswers.Neurons(Text, factors: 2);

        // [CLS] not bad at all: the factors take turns.
        Assert.Equal(["2", "1", "2", "1"], Elements(subject).OfType<Label>().Where(label => label.Size == 10).Select(label => label.Text));
        var grounds = Elements(subject).OfType<Box>().Where(box => box.Height == 23).Select(box => box.Fill).ToArray();
        Assert.Equal(4, grounds.Length);
        Assert.Equal(2, grounds.Distinct().Count());
        Assert.Contains(Words(subject), word => word.Contains("L0\u00A0N7\u00A00.800", StringComparison.Ordinal));
    }

    [Fact]
    public void Factors_beyond_the_colours_are_said_to_be_left_out()
    {
        Assert.Contains(
            Words(InsideAnswers.Neurons(Text, factors: 10)),
            word => word.Contains("the 2 weaker factors are not drawn", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_neuron_is_drawn_over_the_text_and_a_layer_can_be_chosen()
    {
        var subject = InsideAnswers.Neurons(Text);

        Assert.Contains("Layer 0, neuron 7: 2.50 at “not”", Words(subject));
        Assert.Contains("Layer 1, neuron 12: −1.00 at “bad”", Words(subject));
        Assert.DoesNotContain("Layer 0, neuron 7: 2.50 at “not”", Words(subject, layer: 1));
        var missing = Assert.Throws<InvalidRequestException>(() => Words(subject, layer: 5));
        Assert.True(missing.Impossible);
        Assert.Equal("this answer tells the activations of neurons of layers 0, 1", Assert.Single(missing.Errors["layer"]));
    }

    [Fact]
    public void A_meaning_marks_the_token_in_its_sentence_and_names_words_that_raise_alone()
    {
        var words = Words(InsideAnswers.Neurons("bad", meanings: true));

        Assert.Contains("Goes with the logit of positive\u00A0+0.750, negative\u00A0−0.750 (correlation)", words);
        Assert.Contains("Raised by bad\u00A01.50\u00A0(7×,\u00A0elsewhere\u00A00.25)", words);
        Assert.Contains("2.50", words);
        Assert.Contains("−0.50", words);
    }

    [Fact]
    public void Heads_make_a_map_with_what_the_strongest_look_at()
    {
        var subject = InsideAnswers.Heads(Text);

        Assert.Contains("Ablation of heads: what holds up “positive”", Words(subject));
        Assert.Contains("Layer 0, head 0: +0.200, 75 % of its attention on the token before.", Words(subject));
        Assert.Contains(
            Pictures.Draw(subject, PictureOptions.Default).Elements,
            element => element.Tip == "layer 3, head 1: +0.100; 75 % of its attention on the token before"
        );
        Assert.Contains(Palette.All[0].Signed(1), Elements(subject).OfType<Box>().Select(box => box.Fill));
    }

    [Fact]
    public void Heads_that_do_nothing_stay_faint()
    {
        var fills = Elements(InsideAnswers.Heads(Text, 1e-5, -1e-5)).OfType<Box>().Select(box => box.Fill);

        Assert.DoesNotContain(Palette.All[0].Signed(1), fills);
        Assert.DoesNotContain(Palette.All[0].Signed(-1), fills);
    }

    [Fact]
    public void Layers_are_bars_in_their_order_and_neurons_the_strongest_first()
    {
        var layers = InsideAnswers.Ablation(
            Text,
            answer => answer with { Layers = [new AblatedLayerAnswer(0, 0.1), new AblatedLayerAnswer(1, 0.3)] }
        );
        var neurons = InsideAnswers.Ablation(
            Text,
            answer => answer with { Neurons = [new AblatedNeuronAnswer(0, 5, 0.1), new AblatedNeuronAnswer(1, 6, -0.3)] }
        );

        Assert.Equal(["layer 0", "layer 1"], Words(layers).Where(word => word.StartsWith("layer", StringComparison.Ordinal)));
        Assert.Equal(
            ["layer 1, neuron 6", "layer 0, neuron 5"],
            Words(neurons).Where(word => word.StartsWith("layer", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("layers")]
    [InlineData("activation")]
    [InlineData("ablation")]
    [InlineData("factors")]
    public void What_is_beyond_the_scale_is_said_to_be(string view)
    {
        var subject = InsideAnswers.OfEveryKind(Text).First(one => Names(one).Contains(view));
        var words = Pictures.Draw(subject, PictureOptions.Default with { View = view, Scale = 0.01 }).Elements;

        Assert.Contains(
            ViewTests.Flat(words).OfType<Label>(),
            label => label.Text.Contains("beyond 0.010 are drawn as 0.010", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("grid")]
    [InlineData("heatmap")]
    [InlineData("heads")]
    public void Attention_beyond_the_scale_is_said_to_be(string view)
    {
        var scene = Pictures.Draw(Answers.Attention(3, 2, 2), PictureOptions.Default with { View = view, Scale = 0.5 });

        Assert.Contains(
            ViewTests.Flat(scene.Elements).OfType<Label>(),
            label => label.Text == "Weights beyond 0.500 are drawn as 0.500; the largest is 0.750."
        );
    }

    private static string[] Names(Subject subject) => [.. Pictures.Of(subject).Select(view => view.Name)];

    private static Element[] Elements(Subject subject, int? layer = null) =>
        [.. ViewTests.Flat(Pictures.Draw(subject, PictureOptions.Default with { Layer = layer }).Elements)];

    private static string[] Words(Subject subject, int? layer = null) =>
        [.. Elements(subject, layer).OfType<Label>().Select(label => label.Text)];
}
