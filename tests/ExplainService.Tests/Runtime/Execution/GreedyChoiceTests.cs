using System.Text.Json;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using Xunit;

namespace ExplainService.Tests.Runtime.Execution;

/// <summary>What generation_config.json makes of the next token.</summary>
public sealed class GreedyChoiceTests
{
    private const int Prompt = 2;
    private const int MaxLength = 10;

    [Theory]
    [InlineData("{}", "0 1", 7)]
    [InlineData("""{"suppress_tokens": [7]}""", "0 1", 6)]
    [InlineData("""{"begin_suppress_tokens": [7]}""", "0 1", 6)]
    [InlineData("""{"begin_suppress_tokens": [7]}""", "0 1 2", 7)]
    [InlineData("""{"bad_words_ids": [[7]]}""", "0 1", 6)]
    [InlineData("""{"bad_words_ids": [[1, 7], [0, 6]]}""", "0 1", 6)]
    [InlineData("""{"bad_words_ids": [[1, 7], [0, 6]]}""", "1 0", 7)]
    [InlineData("""{"no_repeat_ngram_size": 2}""", "1 7 1", 6)]
    [InlineData("""{"no_repeat_ngram_size": 3}""", "1 7 1", 7)]
    [InlineData("""{"repetition_penalty": 2.0}""", "7 6", 5)]
    [InlineData("""{"min_length": 3, "eos_token_id": [7, 6]}""", "0 1", 5)]
    [InlineData("""{"min_length": 3, "eos_token_id": [7, 6]}""", "0 1 2", 7)]
    [InlineData("""{"min_new_tokens": 2, "eos_token_id": 7}""", "0 1 2", 6)]
    [InlineData("""{"forced_bos_token_id": 3}""", "0", 3)]
    [InlineData("""{"forced_eos_token_id": 4}""", "0 1 2 3 4 5 6 0 1", 4)]
    [InlineData("""{"encoder_no_repeat_ngram_size": 2}""", "0 5", 6)]
    public void The_largest_logit_after_the_models_own_rules(string settings, string tokens, int expected)
    {
        var rules = GenerationRules.Read(JsonDocument.Parse(settings).RootElement, JsonDocument.Parse("{}").RootElement);
        var choice = new GreedyChoice(rules, [5, 7, 9], Prompt, MaxLength);
        float[] logits = [0, 1, 2, 3, 4, 5, 6, 7];
        Assert.Equal(expected, choice.Next([.. tokens.Split(' ').Select(int.Parse)], logits));
    }

    [Fact]
    public void Older_models_keep_the_settings_in_their_config()
    {
        var rules = GenerationRules.Read(
            JsonDocument.Parse("{}").RootElement,
            JsonDocument.Parse("""{"no_repeat_ngram_size": 3, "eos_token_id": 2, "num_beams": 4}""").RootElement
        );
        Assert.Equal((3, 4), (rules.NoRepeatNgram, rules.Beams));
        Assert.Equal([2], rules.EndTokens);
    }
}
