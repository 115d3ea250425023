using System.Numerics.Tensors;
using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// Chooses the next token as Transformers' greedy search does: the largest logit after its processors, in their order (repetition
/// penalty, n-grams, bad words, least length, forced tokens, suppressed tokens), so that generations are those of the original model.
/// </summary>
/// <param name="rules">The model's settings.</param>
/// <param name="encoder">The encoder's tokens; empty for causal models.</param>
/// <param name="promptLength">Tokens that were there before the first new one.</param>
/// <param name="maxLength">Tokens that there can be, the prompt's included.</param>
internal sealed class GreedyChoice(GenerationRules rules, int[] encoder, int promptLength, int maxLength)
{
    /// <summary>The next token.</summary>
    /// <param name="tokens">The prompt (or the decoder's start) and what was generated so far.</param>
    /// <param name="logits">Of the next token; the processors write into it.</param>
    public int Next(IReadOnlyList<int> tokens, Span<float> logits)
    {
        Penalise(tokens, logits);
        ForbidRepeats(tokens, tokens, rules.NoRepeatNgram, logits);
        ForbidRepeats(encoder, tokens, rules.NoRepeatEncoderNgram, logits);
        ForbidBadWords(tokens, logits);
        if (tokens.Count < rules.MinLength || tokens.Count - promptLength < rules.MinNewTokens)
        {
            Forbid(rules.EndTokens, logits);
        }

        if (rules.ForcedFirst is { } first && tokens.Count == 1)
        {
            Force([first], logits);
        }

        if (rules.ForcedLast.Count > 0 && tokens.Count == maxLength - 1)
        {
            Force(rules.ForcedLast, logits);
        }

        Forbid(rules.Suppressed, logits);
        if (tokens.Count == (promptLength == 1 && rules.ForcedFirst is not null ? 2 : promptLength))
        {
            Forbid(rules.SuppressedFirst, logits);
        }

        return TensorPrimitives.IndexOfMax<float>(logits);
    }

    private void Penalise(IReadOnlyList<int> tokens, Span<float> logits)
    {
        if (rules.RepetitionPenalty == 1)
        {
            return;
        }

        foreach (var token in tokens.Distinct().Where(Below(logits.Length)))
        {
            logits[token] = logits[token] < 0 ? logits[token] * rules.RepetitionPenalty : logits[token] / rules.RepetitionPenalty;
        }
    }

    /// <summary>What followed the last n − 1 tokens anywhere in <paramref name="text"/> does not follow them again.</summary>
    private static void ForbidRepeats(IReadOnlyList<int> text, IReadOnlyList<int> tokens, int size, Span<float> logits)
    {
        if (size <= 0 || tokens.Count < size - 1)
        {
            return;
        }

        for (var start = 0; start + size <= text.Count; start++)
        {
            if (Matches(text, start, tokens, tokens.Count - (size - 1), size - 1))
            {
                Forbid([text[start + size - 1]], logits);
            }
        }
    }

    private void ForbidBadWords(IReadOnlyList<int> tokens, Span<float> logits)
    {
        foreach (var word in rules.BadWords)
        {
            var before = word.Length - 1;
            var isEnd = before == 0 && rules.EndTokens.Contains(word[0]);
            if (!isEnd && tokens.Count >= before && Matches(word, 0, tokens, tokens.Count - before, before))
            {
                Forbid([word[^1]], logits);
            }
        }
    }

    private static bool Matches(IReadOnlyList<int> left, int leftStart, IReadOnlyList<int> right, int rightStart, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (left[leftStart + i] != right[rightStart + i])
            {
                return false;
            }
        }

        return true;
    }

    private static void Forbid(IReadOnlyList<int> ids, Span<float> logits)
    {
        foreach (var id in ids.Where(Below(logits.Length)))
        {
            logits[id] = float.NegativeInfinity;
        }
    }

    private static void Force(IReadOnlyList<int> ids, Span<float> logits)
    {
        logits.Fill(float.NegativeInfinity);
        foreach (var id in ids.Where(Below(logits.Length)))
        {
            logits[id] = 0;
        }
    }

    private static Func<int, bool> Below(int length) => id => (uint)id < (uint)length;
}
