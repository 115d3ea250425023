using ExplainService.Api.Tests.Counterfactuals;
using ExplainService.Methods.Counterfactuals;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Counterfactuals of every task that has predictions to change, by models with random weights.</summary>
public sealed class CounterfactualTaskTests(ZooService service) : IClassFixture<ZooService>
{
    private const string Names = "Angela Merkel met Emmanuel Macron in Paris on Monday";

    [Theory]
    [InlineData("remove")]
    [InlineData("flip")]
    public async Task A_token_is_followed_to_where_it_moves(string method)
    {
        var answer = await AskAsync(
            new
            {
                model = "bert-ner",
                text = Names,
                method,
                target = new { token = 4 },
            }
        );
        var one = Assert.Single(answer.Counterfactuals);
        var said = await service.PredictAsync(
            new
            {
                model = "bert-ner",
                text = one.Text,
                target = new { token = one.Target!.Token },
            }
        );
        Assert.Equal(said.Label, one.Prediction.Label);
        Assert.NotEqual(answer.Prediction!.Label, said.Label);
        Assert.Contains("Emmanuel", one.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("flip")]
    [InlineData("fill")]
    public async Task Another_answer_is_found_with_the_words_of_the_first_still_there(string method)
    {
        const string text = "Where does Anna live?";
        const string pair = "Anna lives in Berlin with her dog, and Tom lives in Paris.";
        var answer = await AskAsync(
            new
            {
                model = "bert-qa",
                text,
                pair,
                method,
                fill_model = method == "fill" ? "bert-mlm" : null,
            }
        );
        var one = Assert.Single(answer.Counterfactuals);
        Assert.Equal(one.Text, ChangedText.Apply(text, one.Edits.Where(edit => edit.In is null)));
        Assert.Equal(one.Pair, ChangedText.Apply(pair, one.Edits.Where(edit => edit.In == "pair")));
        var said = await service.PredictAsync(
            new
            {
                model = "bert-qa",
                text = one.Text,
                pair = one.Pair,
            }
        );
        Assert.Equal(said.Text, one.Prediction.Text);
        Assert.NotEqual(answer.Prediction!.Text, said.Text);
        Assert.Contains(answer.Prediction.Text!, one.Pair, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("flip")]
    [InlineData("fill")]
    [InlineData("reduce")]
    public async Task A_mask_is_filled_by_another_word_or_by_the_same(string method)
    {
        var answer = await AskAsync(
            new
            {
                model = "bert-mlm",
                text = "the food was [MASK] and we liked it",
                method,
            }
        );
        var one = Assert.Single(answer.Counterfactuals);
        Assert.Contains("[MASK]", one.Text, StringComparison.Ordinal);
        var said = await service.PredictAsync(new { model = "bert-mlm", text = one.Text });
        Assert.Equal(said.Label, one.Prediction.Label);
        Assert.Equal(method == "reduce", said.Label == answer.Prediction!.Label);
    }

    /// <summary>Embeddings that are stored in half precision, in four bits, beside int8 weights.</summary>
    [Theory]
    [InlineData("bert-cls")]
    [InlineData("bert-cls.fp16")]
    [InlineData("bert-cls.int8")]
    [InlineData("bert-cls.q4")]
    [InlineData("albert-cls")]
    [InlineData("gpt2-cls")]
    public async Task Words_are_flipped_whatever_the_embeddings_are_stored_as(string model)
    {
        const string text = "a gripping film, but far too long";
        var answer = await AskAsync(
            new
            {
                model,
                text,
                method = "flip",
            }
        );
        Assert.NotEmpty(answer.Counterfactuals);
        await service.CheckAsync(text, answer);
    }

    [Fact]
    public async Task Words_come_from_a_model_with_another_tokenizer()
    {
        const string text = "a gripping film, but far too long";
        var answer = await AskAsync(
            new
            {
                model = "gpt2-cls",
                text,
                method = "fill",
                fill_model = "bert-mlm",
            }
        );
        await service.CheckAsync(text, answer);
    }

    [Theory]
    [InlineData("t5-s2s")]
    [InlineData("bart-s2s")]
    public async Task A_model_that_writes_texts_has_none(string model)
    {
        await service.RefuseAsync("/counterfactual", new { model, text = "a film" });
        var supports = (await service.Client.ModelAsync(model)).Supports!;
        Assert.All(
            supports.Where(feature => feature.Key.StartsWith("counterfactual.", StringComparison.Ordinal)),
            feature => Assert.Contains("whole texts", feature.Value.Reason, StringComparison.Ordinal)
        );
    }

    private Task<CounterfactualAnswer> AskAsync(object request) => service.AskAsync<CounterfactualAnswer>("/counterfactual", request);
}
