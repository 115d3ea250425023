using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Targets;

/// <summary>The tokens that a model generates (or is made to), each with its own f: the first outputs of the target's function.</summary>
/// <param name="Ids">Their ids.</param>
/// <param name="Tokens">As answers list them, without the scores of a method.</param>
public sealed record GeneratedTarget(int[] Ids, IReadOnlyList<GeneratedToken> Tokens)
{
    /// <summary>
    /// One output a token, and behind them, where there are several, the sum of those that the model chose. Where none is its choice, all
    /// are explained: there is nothing else.
    /// </summary>
    /// <param name="objective">As the request names it.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="forced">Which of them the generation settings put there.</param>
    /// <param name="against">What each is compared with; null: nothing.</param>
    public static TargetFunction Function(Objective? objective, int[] ids, IReadOnlySet<int>? forced = null, int[]? against = null)
    {
        var reads = Chosen(ids.Length, read => forced?.Contains(read) == true);
        var outputs = Enumerable.Range(0, ids.Length).Select(read => Output([read]));
        return new TargetFunction(
            objective ?? Objective.LogProbability,
            Link.Softmax,
            [.. ids.Length == 1 ? outputs : outputs.Append(Output(reads) with { Sums = true })]
        );

        TargetOutput Output(int[] read) =>
            new(read, [.. read.Select(place => ids[place])])
            {
                Against = against is null ? null : [.. read.Select(place => against[place])],
            };
    }

    /// <summary>Which tokens of a generation its settings put there.</summary>
    /// <param name="model">The settings.</param>
    /// <param name="ids">What was generated.</param>
    /// <param name="before">Tokens before the first: the prompt's, or the decoder's start.</param>
    /// <param name="most">The most tokens that were asked for.</param>
    public static IReadOnlySet<int> Forced(ModelDescription model, int[] ids, int before, int most)
    {
        var forced = new HashSet<int>();
        if (before == 1 && ids[0] == model.ForcedFirst)
        {
            forced.Add(0);
        }

        var places = (int)Math.Min(most, (long)model.MaxTokens + 1 - before);
        if (ids.Length == places && model.ForcedLast.Contains(ids[^1]))
        {
            forced.Add(places - 1);
        }

        return forced;
    }

    /// <summary>The index of the sum (of the only token, where there is one).</summary>
    public int MainOutput => Ids.Length == 1 ? 0 : Ids.Length;

    /// <summary>The tokens whose f add up to what is explained: those that the model chose, all where none is its choice.</summary>
    public IReadOnlyList<int> Explained => Chosen(Ids.Length, token => Tokens[token].Forced == true);

    /// <summary>What the logits say of each token.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="before">Tokens of the text that they continue; empty where they begin a text.</param>
    /// <param name="logits">A line for each.</param>
    /// <param name="function">f.</param>
    /// <param name="tokenizer">For their texts.</param>
    /// <param name="forced">Which of them the generation settings put there.</param>
    public static GeneratedTarget Of(
        int[] ids,
        ReadOnlySpan<int> before,
        Logits logits,
        TargetFunction function,
        Tokenizer tokenizer,
        IReadOnlySet<int> forced
    )
    {
        var scores = function.Score(logits);
        var texts = AddedTexts.Of(before, ids, tokenizer);
        return new GeneratedTarget(
            ids,
            [
                .. ids.Select(
                    (id, index) =>
                        new GeneratedToken
                        {
                            Token = tokenizer.TokenText(id),
                            TokenId = id,
                            Text = texts[index],
                            Forced = forced.Contains(index) ? true : null,
                            Probability = Math.Exp(Probabilities.LogOf(logits[index], id, Link.Softmax)),
                            Score = scores[index],
                        }
                ),
            ]
        );
    }

    /// <summary>The tokens with a method's scores.</summary>
    /// <param name="scores">[token][tokens of the text].</param>
    /// <param name="generatedScores">[token][earlier tokens], where the method has them.</param>
    public IReadOnlyList<GeneratedToken> WithScores(IReadOnlyList<double[]> scores, IReadOnlyList<double[]>? generatedScores) =>
        [.. Tokens.Select((token, index) => token with { Scores = scores[index], GeneratedScores = generatedScores?[index] })];

    /// <summary>The places of tokens that the model chose; all, where none is its choice.</summary>
    private static int[] Chosen(int count, Func<int, bool> isForced)
    {
        int[] chosen = [.. Enumerable.Range(0, count).Where(place => !isForced(place))];
        return chosen.Length > 0 ? chosen : [.. Enumerable.Range(0, count)];
    }
}
