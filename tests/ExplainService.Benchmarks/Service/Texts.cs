using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Text.Tokenization;

namespace ExplainService.Benchmarks.Service;

/// <summary>Real reviews cut to a number of tokens; no two alike, so that nothing is remembered from one request to the next.</summary>
public sealed class Texts
{
    private readonly Tokenizer tokenizer = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));
    private readonly List<string> reviews =
    [
        .. File.ReadLines(ReferenceData.PathOf("texts", "imdb-300.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!),
    ];
    private readonly Dictionary<int, Queue<string>> remaining = [];

    /// <summary>The next text of exactly that many tokens, special ones included.</summary>
    public string Next(int tokens)
    {
        if (!remaining.TryGetValue(tokens, out var queue))
        {
            remaining[tokens] = queue = new Queue<string>(reviews.SelectMany(review => Cuts(review, tokens)));
        }

        return queue.TryDequeue(out var text)
            ? text
            : throw new InvalidOperationException(FormattableString.Invariant($"no more texts of {tokens} tokens"));
    }

    private IEnumerable<string> Cuts(string review, int tokens)
    {
        var content = tokenizer.Encode(review, addSpecialTokens: false).Tokens;
        var length = tokens - tokenizer.SpecialTokensAdded(false);
        for (var first = 0; first + length <= content.Count; first += length)
        {
            var text = review[content[first].Start..content[first + length - 1].End];
            if (tokenizer.Encode(text).Tokens.Count == tokens)
            {
                yield return text;
            }
        }
    }
}
