using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Predictions;

namespace ExplainService.Api.Adapters;

/// <summary>What <c>/v1/completions</c> takes. Fields of OpenAI that could change the answer and do not map are refused.</summary>
internal sealed record CompletionInput
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>A text, or a list of texts.</summary>
    public required JsonNode Prompt { get; init; }

    /// <summary>The most tokens to generate; default 16. 0, as vLLM has it: none.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>0 or left out: generation is greedy.</summary>
    public double? Temperature { get; init; }

    /// <summary>1 or left out.</summary>
    public double? TopP { get; init; }

    /// <summary>1 or left out.</summary>
    public int? N { get; init; }

    /// <summary>1 or left out.</summary>
    public int? BestOf { get; init; }

    /// <summary>Whether the answer begins with the prompt.</summary>
    public bool? Echo { get; init; }

    /// <summary>How many of the likeliest tokens to list at each place, up to 20.</summary>
    public int? Logprobs { get; init; }

    /// <summary>vLLM: the same for the tokens of the prompt, in vLLM's form.</summary>
    public int? PromptLogprobs { get; init; }

    /// <summary>Greedy generation draws nothing.</summary>
    public long? Seed { get; init; }

    /// <summary>Must not be true.</summary>
    public bool? Stream { get; init; }

    /// <summary>The caller's own name of its user; not kept.</summary>
    public string? User { get; init; }

    /// <summary>0 or left out.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>0 or left out.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>The prompts.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public IReadOnlyList<string> Prompts() => Prompt is JsonArray { Count: > 0 } list ? [.. list.Select(Text)] : [Text(Prompt)];

    /// <summary>Refuses what would be answered otherwise than it was asked.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public void Check()
    {
        Must(Temperature is null or 0, "temperature", "must be 0 or left out: generation is greedy");
        Must(TopP is null or 1, "top_p", "must be 1 or left out: generation is greedy");
        Must(N is null or 1, "n", "must be 1 or left out: generation is greedy");
        Must(BestOf is null or 1, "best_of", "must be 1 or left out: generation is greedy");
        Must(FrequencyPenalty is null or 0, "frequency_penalty", "must be 0 or left out");
        Must(PresencePenalty is null or 0, "presence_penalty", "must be 0 or left out");
        Must(Stream is not true, "stream", "must not be true: answers come whole");
        Must(
            MaxTokens is null or (>= 0 and <= TextRequest.MaxNewTokensLimit),
            "max_tokens",
            FormattableString.Invariant($"must be from 0 to {TextRequest.MaxNewTokensLimit}")
        );
        Must(Logprobs is null or (>= 0 and <= PredictRequest.MostAlternatives), "logprobs", Range);
        Must(PromptLogprobs is null or (>= 0 and <= PredictRequest.MostAlternatives), "prompt_logprobs", Range);
        Must(Model.Length > 0, "model", "must name a model");
    }

    private static string Range => FormattableString.Invariant($"must be from 0 to {PredictRequest.MostAlternatives}");

    private static void Must(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw InvalidRequestException.Malformed(field, problem);
        }
    }

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw InvalidRequestException.Malformed("prompt", "must be a text or a list of texts; token ids do not map");
}

/// <summary>What <c>/v1/completions</c> answers.</summary>
internal sealed record Completion
{
    /// <summary>Names this answer, and finds it in the log.</summary>
    public required string Id { get; init; }

    /// <summary><c>text_completion</c>.</summary>
    public string Object { get; init; } = "text_completion";

    /// <summary>When, in seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>One for each prompt.</summary>
    public required IReadOnlyList<CompletionChoice> Choices { get; init; }

    /// <summary>Tokens.</summary>
    public required CompletionUsage Usage { get; init; }

    /// <summary>Not of OpenAI: what a reader must know.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The answers of this service so.</summary>
    public static Completion Of(
        IReadOnlyList<Explanation> answers,
        IReadOnlyList<CompletionChoice> choices,
        string? traceId,
        DateTimeOffset now
    )
    {
        var (read, made) = (answers.Sum(answer => answer.Tokens.Count), choices.Sum(choice => choice.Made));
        string[] warnings = [.. answers.SelectMany(answer => answer.Warnings).Distinct()];
        return new Completion
        {
            Id = "cmpl-" + traceId,
            Created = now.ToUnixTimeSeconds(),
            Model = answers[0].Model,
            Choices = choices,
            Usage = new CompletionUsage(read, made, read + made),
            Warnings = warnings.Length > 0 ? warnings : null,
        };
    }
}

/// <summary>Tokens that were read and made.</summary>
internal sealed record CompletionUsage(int PromptTokens, int CompletionTokens, int TotalTokens);

/// <summary>The continuation of a prompt.</summary>
internal sealed record CompletionChoice
{
    /// <summary>Which prompt's.</summary>
    public required int Index { get; init; }

    /// <summary>What was generated; with <c>echo</c> behind the prompt.</summary>
    public required string Text { get; init; }

    /// <summary>With <c>logprobs</c>: the tokens of <see cref="Text"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public CompletionLogprobs? Logprobs { get; init; }

    /// <summary><c>length</c>: there was no more to generate; <c>stop</c>: the model ended.</summary>
    public required string FinishReason { get; init; }

    /// <summary>vLLM, with <c>prompt_logprobs</c>: for each token of the prompt its log-probability and those of the likeliest, by id; its own first.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, PromptLogprob>?>? PromptLogprobs { get; init; }

    /// <summary>How many tokens were generated.</summary>
    [JsonIgnore]
    public int Made { get; private init; }

    /// <summary>The answer of this service so.</summary>
    /// <param name="input">What was asked.</param>
    /// <param name="index">Which prompt's.</param>
    /// <param name="prompt">The prompt as the model read it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="ends">The tokens with which the model ends.</param>
    public static CompletionChoice Of(CompletionInput input, int index, string prompt, PredictAnswer answer, IReadOnlyCollection<int> ends)
    {
        var most = input.MaxTokens ?? OpenAi.DefaultMaxTokens;
        var generated = (answer.Generated ?? []).Take(most).ToArray();
        var echo = input.Echo is true;
        var text = string.Concat(generated.Select(token => token.Text));
        return new CompletionChoice
        {
            Index = index,
            Text = echo ? prompt + text : text,
            Logprobs = input.Logprobs is { } likeliest ? CompletionLogprobs.Of(answer, prompt, generated, likeliest, echo) : null,
            FinishReason = generated.Length < most || (generated is [.., var last] && ends.Contains(last.TokenId)) ? "stop" : "length",
            PromptLogprobs = input.PromptLogprobs is { } alternatives
                ? [null, .. answer.TokenProbabilities!.Take(answer.Tokens.Count - 1).Select(token => PromptLogprob.Of(token, alternatives))]
                : null,
            Made = generated.Length,
        };
    }
}

/// <summary>vLLM's log-probability of a token at a place of the prompt.</summary>
/// <param name="Logprob">Its log-probability.</param>
/// <param name="Rank">Its place among all tokens, from 1.</param>
/// <param name="DecodedToken">Its text.</param>
internal sealed record PromptLogprob(double Logprob, int Rank, string DecodedToken)
{
    /// <summary>The prompt's own token first, as clients read it, then the likeliest.</summary>
    public static Dictionary<string, PromptLogprob> Of(TokenProbability token, int alternatives)
    {
        var all = new Dictionary<string, PromptLogprob>
        {
            [Key(token.TokenId)] = new(token.LogProbability, token.Rank, TokenTexts.Of(token)),
        };
        foreach (var (place, likely) in token.Likeliest.Take(alternatives).Index())
        {
            all.TryAdd(Key(likely.TokenId), new PromptLogprob(likely.LogProbability, place + 1, TokenTexts.Of(likely)));
        }

        return all;

        static string Key(int id) => id.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>What a token is called: special ones, and parts of a character, add no text.</summary>
internal static class TokenTexts
{
    /// <summary>The text that it adds, else its vocabulary form.</summary>
    public static string Of(TokenProbability token) => token.Text.Length > 0 ? token.Text : token.Token;

    /// <summary>The text that it would add, else its vocabulary form.</summary>
    public static string Of(LikelyToken token) => token.Text.Length > 0 ? token.Text : token.Token;
}

/// <summary>OpenAI's lists of tokens and their log-probabilities.</summary>
internal sealed record CompletionLogprobs
{
    /// <summary>The tokens' texts.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Their log-probabilities; null of the first of a prompt.</summary>
    public required IReadOnlyList<double?> TokenLogprobs { get; init; }

    /// <summary>The likeliest at each place, by their texts.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, double>?> TopLogprobs { get; init; }

    /// <summary>Where each token begins in the choice's text, in code points.</summary>
    public required IReadOnlyList<int> TextOffset { get; init; }

    /// <summary>The answer of this service so.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="generated">The tokens behind it.</param>
    /// <param name="most">How many of the likeliest.</param>
    /// <param name="echo">Whether the prompt's own tokens are told.</param>
    public static CompletionLogprobs Of(PredictAnswer answer, string prompt, IReadOnlyList<GeneratedToken> generated, int most, bool echo)
    {
        var probabilities = answer.TokenProbabilities!;
        var first = answer.Tokens.Count - 1;
        var made = generated.Select((token, place) => (token.Text, (TokenProbability?)probabilities[first + place]));
        (string Text, TokenProbability? Of)[] all = echo
            ?
            [
                .. Pieces(answer.Tokens, prompt)
                    .Select((piece, place) => (piece, place == 0 ? null : (TokenProbability?)probabilities[place - 1])),
                .. made,
            ]
            : [.. made];
        var offsets = new List<int>(all.Length);
        var offset = 0;
        foreach (var (text, _) in all)
        {
            offsets.Add(offset);
            offset += text.EnumerateRunes().Count();
        }

        return new CompletionLogprobs
        {
            Tokens = [.. all.Select(one => one.Text)],
            TokenLogprobs = [.. all.Select(one => one.Of?.LogProbability)],
            TopLogprobs = [.. all.Select(one => one.Of is { } token ? Likeliest(token, most) : null)],
            TextOffset = offsets,
        };
    }

    /// <summary>The prompt cut where its tokens end, so that the pieces are the prompt again.</summary>
    private static IEnumerable<string> Pieces(IReadOnlyList<TokenAnswer> tokens, string prompt)
    {
        var last = tokens.Count == 0 ? -1 : tokens.Max(token => token.Index);
        var from = 0;
        foreach (var token in tokens)
        {
            var to = token.Index == last ? prompt.Length : Math.Max(from, Math.Min(token.End, prompt.Length));
            yield return prompt[from..to];
            from = to;
        }
    }

    private static Dictionary<string, double> Likeliest(TokenProbability token, int most)
    {
        var likeliest = new Dictionary<string, double>();
        foreach (var likely in token.Likeliest.Take(most))
        {
            likeliest.TryAdd(TokenTexts.Of(likely), likely.LogProbability);
        }

        likeliest.TryAdd(TokenTexts.Of(token), token.LogProbability);
        return likeliest;
    }
}
