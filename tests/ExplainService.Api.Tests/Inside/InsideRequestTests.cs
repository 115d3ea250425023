using ExplainService.Methods.Inside;

namespace ExplainService.Api.Tests.Inside;

/// <summary>What requests about the inside of a model may ask, and that its parts agree with each other.</summary>
public sealed class InsideRequestTests(Service service) : IClassFixture<Service>
{
    private const string Text = "not bad at all";

    /// <summary>The logits of two classes have opposite parts of the difference, which is twice what one has less what both share.</summary>
    [Theory]
    [InlineData("gradient_x_activation")]
    [InlineData("cp_lrp")]
    [InlineData("conductance")]
    public async Task A_contrast_is_the_difference_of_its_two_targets(string method)
    {
        var (positive, negative) = (await LayersAsync(method, 1, null), await LayersAsync(method, 0, null));
        var contrast = await LayersAsync(method, 1, 0);
        Assert.All(
            contrast.Zip(positive.Zip(negative)),
            scores => Assert.Equal(scores.Second.First - scores.Second.Second, scores.First, 1e-3)
        );
    }

    [Fact]
    public async Task Neurons_are_strongest_by_what_is_asked()
    {
        var answer = await service.AskAsync<NeuronsAnswer>(
            "/neurons",
            new
            {
                text = Text,
                by = "cp_lrp",
                layers = new[] { 5, 0 },
                top_k = 3,
            }
        );
        Assert.Equal([5, 0], answer.Layers.Select(layer => layer.Layer));
        Assert.All(
            answer.Layers,
            layer => Assert.Equal(layer.Neurons.OrderByDescending(neuron => Math.Abs(neuron.Score!.Value)), layer.Neurons)
        );
    }

    [Fact]
    public async Task Factors_of_a_seed_are_the_same_to_the_last_bit()
    {
        var request = new
        {
            text = Text,
            factors = 3,
            seed = 7,
        };
        var (first, second) = (
            await service.AskAsync<NeuronsAnswer>("/neurons", request),
            await service.AskAsync<NeuronsAnswer>("/neurons", request)
        );
        Assert.Equal(3, first.Factors!.Count);
        Assert.Equal(first.Factors.SelectMany(factor => factor.Tokens), second.Factors!.SelectMany(factor => factor.Tokens));
        Assert.All(first.Factors.SelectMany(factor => factor.Tokens), load => Assert.True(load >= 0));
    }

    [Fact]
    public async Task A_neuron_that_is_named_is_told_at_every_token_else_the_strongest_of_the_text()
    {
        var strongest = await service.AskAsync<NeuronsAnswer>("/neurons", new { text = Text, top_k = 1000 });
        var listed = strongest.Layers[5].Neurons[3];
        var named = await service.AskAsync<NeuronsAnswer>(
            "/neurons",
            new { text = Text, neurons = new[] { new { layer = 5, neuron = listed.Neuron } } }
        );

        var chosen = Assert.Single(named.Activations);
        Assert.Equal((5, listed.Neuron, named.Tokens.Count), (chosen.Layer, chosen.Neuron, chosen.Tokens.Count));
        Assert.Null(named.Meanings);
        Assert.Equal(listed.Activation, chosen.Tokens[listed.Token], 1e-5);
        Assert.Equal(strongest.Layers.Select(layer => layer.Layer), strongest.Activations.Select(neuron => neuron.Layer));
        foreach (var (layer, neuron) in strongest.Layers.Zip(strongest.Activations))
        {
            var inText = strongest.Tokens.Where(token => !token.Special).Max(token => Math.Abs(neuron.Tokens[token.Index]));
            Assert.All(
                layer.Neurons.Where(other => !strongest.Tokens[other.Token].Special),
                other => Assert.True(Math.Abs(other.Activation) <= inText + 1e-5)
            );
        }
    }

    [Fact]
    public async Task The_meaning_of_a_neuron_is_looked_for_in_the_corpus()
    {
        string[] corpus = ["a good film", "a bad film", "good good good", "the good and the bad", "a good day", "what a bad good film"];
        var answer = await service.AskAsync<NeuronsAnswer>(
            "/neurons",
            new
            {
                text = Text,
                neurons = new[] { new { layer = 5, neuron = 995 } },
                corpus,
                top_k = 4,
            }
        );
        var meaning = Assert.Single(answer.Meanings!);
        Assert.Equal(4, meaning.Examples.Count);
        Assert.All(meaning.Examples, example => Assert.Equal(example.Token, corpus[example.Text][example.Start..example.End]));
        Assert.Contains(meaning.Words, word => word.Word == "good" && word.Count == 7);
        Assert.Equal(2, meaning.Labels.Count);
        Assert.All(meaning.Labels, label => Assert.InRange(label.Correlation, -1, 1));
    }

    [Fact]
    public async Task A_head_at_its_mean_over_the_text_itself_is_nearly_as_it_was()
    {
        var (zero, mean) = (await HeadsAsync("zero"), await HeadsAsync("mean"));
        Assert.NotEqual(zero, mean);
        Assert.True(mean.Sum(Math.Abs) < zero.Sum(Math.Abs));
    }

    [Theory]
    [InlineData("/ablation", """{"text": "good", "layers": [6]}""", 422)]
    [InlineData("/ablation", """{"text": "good", "of": "neurons"}""", 400)]
    [InlineData("/ablation", """{"text": "good", "of": "neurons", "neurons": [{"layer": 0, "neuron": 1536}]}""", 422)]
    [InlineData("/ablation", """{"text": "good", "target": {"labels": "all"}}""", 422)]
    [InlineData("/ablation", """{"text": "good", "model": "gpt-reviews", "by": "mean", "background": [""]}""", 422)]
    [InlineData("/neurons", """{"text": "good", "corpus": ["a"]}""", 400)]
    [InlineData("/neurons", """{"text": "good", "layers": [1], "neurons": [{"layer": 2, "neuron": 0}]}""", 422)]
    [InlineData("/neurons", """{"text": "good", "model": "gpt-reviews", "neurons": [{"layer": 0, "neuron": 1}], "corpus": [""]}""", 422)]
    [InlineData("/layers", """{"text": "good", "model": "gpt-reviews", "max_new_tokens": 2, "objective": "probability"}""", 422)]
    [InlineData("/layers", """{"text": "good", "layers": [1]}""", 400)]
    [InlineData("/attention", """{"text": "good", "aggregate": "norms", "heads": [1]}""", 422)]
    public async Task What_makes_no_sense_is_refused(string path, string body, int status) => await service.RefuseAsync(path, body, status);

    private async Task<double[]> HeadsAsync(string by)
    {
        var answer = await service.AskAsync<AblationAnswer>(
            "/ablation",
            new
            {
                text = Text,
                by,
                objective = "logit",
            }
        );
        return [.. answer.Heads!.SelectMany(layer => layer.Select(head => head.Score))];
    }

    private async Task<double[]> LayersAsync(string method, int target, int? against)
    {
        var answer = await service.AskAsync<LayersAnswer>(
            "/layers",
            new
            {
                text = Text,
                method,
                objective = "logit",
                target = new { label = target },
                against = against is { } label ? new { label } : null,
            }
        );
        return [.. answer.Layers.SelectMany(layer => layer.Scores!)];
    }
}
