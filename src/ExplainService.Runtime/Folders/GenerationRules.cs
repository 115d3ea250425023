using System.Text.Json;

namespace ExplainService.Runtime.Folders;

/// <summary>
/// What a model's files make of greedy decoding: which tokens are forced, forbidden or made less likely. The names are those of
/// generation_config.json; where that file is missing, config.json may hold them (older models). Settings of sampling and of beam search
/// have no say in greedy decoding and are not read.
/// </summary>
public sealed record GenerationRules
{
    /// <summary>Tokens that end a generation.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary><c>forced_bos_token_id</c>: the first token after the decoder's start token.</summary>
    public int? ForcedFirst { get; init; }

    /// <summary><c>forced_eos_token_id</c>: the token in the last place that there is.</summary>
    public IReadOnlyList<int> ForcedLast { get; init; } = [];

    /// <summary><c>suppress_tokens</c>: never chosen.</summary>
    public IReadOnlyList<int> Suppressed { get; init; } = [];

    /// <summary><c>begin_suppress_tokens</c>: not chosen as the first new token.</summary>
    public IReadOnlyList<int> SuppressedFirst { get; init; } = [];

    /// <summary><c>bad_words_ids</c>: sequences that are not completed.</summary>
    public IReadOnlyList<int[]> BadWords { get; init; } = [];

    /// <summary><c>no_repeat_ngram_size</c>: no n tokens appear twice; 0: they may.</summary>
    public int NoRepeatNgram { get; init; }

    /// <summary><c>encoder_no_repeat_ngram_size</c>: no n tokens of the encoder's text appear; 0: they may.</summary>
    public int NoRepeatEncoderNgram { get; init; }

    /// <summary><c>min_length</c>: tokens, the prompt's (or the decoder's start) included, before the generation may end.</summary>
    public int MinLength { get; init; }

    /// <summary><c>min_new_tokens</c>: new tokens before the generation may end.</summary>
    public int MinNewTokens { get; init; }

    /// <summary>
    /// <c>repetition_penalty</c>: what divides positive logits of tokens that were there already, and multiplies negative ones.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary><c>num_beams</c>, which greedy decoding does not follow.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>Reads the settings.</summary>
    /// <param name="generation">generation_config.json; an empty object where it is missing.</param>
    /// <param name="config">config.json.</param>
    public static GenerationRules Read(JsonElement generation, JsonElement config)
    {
        var source = generation.EnumerateObject().Any() ? generation : config;
        var ends = generation.Integers("eos_token_id");
        return new GenerationRules
        {
            EndTokens = ends.Length > 0 ? ends : config.Integers("eos_token_id"),
            ForcedFirst = source.Integer("forced_bos_token_id"),
            ForcedLast = source.Integers("forced_eos_token_id"),
            Suppressed = source.Integers("suppress_tokens"),
            SuppressedFirst = source.Integers("begin_suppress_tokens"),
            BadWords = Lists(source, "bad_words_ids"),
            NoRepeatNgram = source.Integer("no_repeat_ngram_size") ?? 0,
            NoRepeatEncoderNgram = source.Integer("encoder_no_repeat_ngram_size") ?? 0,
            MinLength = source.Integer("min_length") ?? 0,
            MinNewTokens = source.Integer("min_new_tokens") ?? 0,
            RepetitionPenalty =
                source.Field("repetition_penalty") is { ValueKind: JsonValueKind.Number } penalty && penalty.GetSingle() > 0
                    ? penalty.GetSingle()
                    : 1,
            Beams = source.Integer("num_beams") ?? 1,
        };
    }

    private static IReadOnlyList<int[]> Lists(JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Array } lists
            ?
            [
                .. lists
                    .EnumerateArray()
                    .Where(list => list.ValueKind == JsonValueKind.Array)
                    .Select(list => list.EnumerateArray().Select(JsonFields.AsInteger).OfType<int>().ToArray())
                    .Where(list => list.Length > 0),
            ]
            : [];
}
