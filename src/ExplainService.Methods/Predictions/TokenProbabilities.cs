using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Predictions;

/// <summary>How likely a causal model holds each token of a text, and of what it generates, after those before it.</summary>
internal static class TokenProbabilities
{
    /// <summary>One pass over the whole sequence: the first token follows nothing and has none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="most">How many of the likeliest tokens are listed at each place.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<TokenProbability>> OfAsync(
        ExplanationContext context,
        int most,
        CancellationToken cancellationToken
    )
    {
        var tokenizer = context.Model.Tokenizer;
        var prompt = context.Input.Windows[0].Ids;
        int[] ids = [.. prompt, .. context.Target.Generation?.Ids ?? []];
        if (ids.Length < 2)
        {
            return [];
        }

        // The logits of every place at once: what a text of any length would hold is weighed before it is computed.
        var bytes = (long)(ids.Length - 1) * tokenizer.VocabularySize * sizeof(float);
        await context.Work.HoldingAsync(bytes, cancellationToken).ConfigureAwait(false);
        var row = new TokenRow { Ids = ids[..^1], OutputPositions = [.. Enumerable.Range(0, ids.Length - 1)] };
        var logits = await context
            .Runner.PredictAsync([row], context.Work with { Precision = Precision.Exact }, cancellationToken)
            .SingleAsync(cancellationToken)
            .ConfigureAwait(false);
        var answers = new List<TokenProbability>(ids.Length - 1);
        for (var place = 0; place < ids.Length - 1; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            answers.Add(Of(ids, place + 1, logits[place], most, tokenizer));
        }

        return answers;
    }

    private static TokenProbability Of(int[] ids, int place, ReadOnlySpan<float> line, int most, Tokenizer tokenizer)
    {
        var logSum = Probabilities.LogSumExp(line);
        var id = ids[place];
        ReadOnlySpan<int> before = ids.AsSpan(0, place);
        var own = line[id];
        var rank = 1;
        foreach (var logit in line)
        {
            rank += logit > own ? 1 : 0;
        }

        var likeliest = new List<LikelyToken>(most);
        foreach (var entry in most == 0 ? [] : VocabularyEntries.Strongest(line, most, tokenizer))
        {
            if (!float.IsFinite(line[entry.Index]))
            {
                continue;
            }

            likeliest.Add(
                new LikelyToken(entry.Label, entry.Index, AddedTexts.Of(before, [entry.Index], tokenizer)[0], line[entry.Index] - logSum)
            );
        }

        return new TokenProbability
        {
            Index = place,
            Token = tokenizer.TokenText(id),
            TokenId = id,
            Text = AddedTexts.Of(before, [id], tokenizer)[0],
            LogProbability = Finite.Score(own - logSum),
            Rank = rank,
            Likeliest = likeliest,
        };
    }
}
