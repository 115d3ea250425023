using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Targets;

/// <summary>The tokens that a model generates (or is made to), each with its own f: the first outputs of the target's function.</summary>
/// <param name="Ids">Their ids.</param>
/// <param name="Tokens">As answers list them, without the scores of a method.</param>
public sealed record GeneratedTarget(int[] Ids, IReadOnlyList<GeneratedToken> Tokens)
{
    /// <summary>One output a token, and their sum behind them where there are several.</summary>
    public static TargetFunction Function(Objective? objective, int[] ids)
    {
        int[] reads = [.. Enumerable.Range(0, ids.Length)];
        var outputs = reads.Select(read => new TargetOutput([read], [ids[read]]));
        return new TargetFunction(
            objective ?? Objective.LogProbability,
            Link.Softmax,
            [.. ids.Length == 1 ? outputs : outputs.Append(new TargetOutput(reads, ids) { Sums = true })]
        );
    }

    /// <summary>The index of the sum (of the only token, where there is one).</summary>
    public int MainOutput => Ids.Length == 1 ? 0 : Ids.Length;

    /// <summary>What the logits say of each token.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="before">Tokens of the text that they continue; empty where they begin a text.</param>
    /// <param name="logits">A line for each.</param>
    /// <param name="function">f.</param>
    /// <param name="tokenizer">For their texts.</param>
    public static GeneratedTarget Of(int[] ids, ReadOnlySpan<int> before, Logits logits, TargetFunction function, Tokenizer tokenizer)
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
}
