using System.Numerics;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary>Gradient relevance as an answer: of one target, or of every token that a causal model generates.</summary>
internal static class RelevanceAnswer
{
    /// <summary>Why a model cannot have it although its attention can be differentiated; null: it can.</summary>
    public static string? Refuses(ModelDescription model) =>
        model.Task == ModelTask.Text2textGeneration || model.AttentionLayers.ContainsKey(AttentionKind.Cross)
            ? "\"gradient_relevance\" is the row of the token that a head reads in self-attention; an encoder and decoder have no such row. \"kind\": \"cross\" shows what each generated token attends to."
            : null;

    /// <summary>The matrix, the scores and the generated tokens' own.</summary>
    public static async Task<AttentionAnswer> OfAsync(
        ExplanationContext context,
        AttentionAnswer answer,
        IReadOnlyList<int> layers,
        IReadOnlyList<int> heads,
        CancellationToken cancellationToken
    )
    {
        var (window, target) = (context.Window, context.Target);
        var slope = (float)(
            target.Shown is null
                ? 1
                : target.Shown.Slope
                    ?? throw InvalidRequestException.CannotDo(
                        "labels",
                        "\"gradient_relevance\" follows one logit; a single label is weighed by two. Name two labels or more."
                    )
        );
        var mask =
            heads.Count == context.Model.Description.Heads
                ? BigInteger.Zero
                : heads.Aggregate(BigInteger.Zero, (bits, head) => bits | (BigInteger.One << head));
        var spec = new GradientSpec(window.Target.Objective, window.Target.Link, GradientOutputs.AttentionRelevance, mask)
        {
            Contrast = window.Target.IsContrast,
        };
        var count = target.Generation?.Ids.Length ?? 1;
        var rows = Enumerable
            .Range(0, count)
            .Select(output => GradientTargets.Of(window, window.Target.Outputs[target.Generation is null ? target.MainOutput : output]))
            .ToArray();
        var matrices = new List<double[]>(count);
        await foreach (var result in context.Runner.GradientAsync(rows, spec, context.Work, cancellationToken).ConfigureAwait(false))
        {
            var relevance = Finite.Gradient(result).Relevance!;
            matrices.Add(
                GradientRelevance.Matrix(
                    [
                        .. layers
                            .Order()
                            .Select(layer => slope == 1 ? relevance[layer] : Array.ConvertAll(relevance[layer], entry => slope * entry)),
                    ],
                    rows[matrices.Count].Row.Ids.Length
                )
            );
        }

        if (target.Generation is not { } generation)
        {
            var n = rows[0].Row.Ids.Length;
            return WithScores(context, answer, matrices[0], n, HeadRows.Row(context, AttentionKind.Self, matrices[0], n));
        }

        // Each token's row ends where it is predicted: the last row of its own matrix is the one that speaks for it.
        var text = context.Input.Tokens.Count;
        var lines = matrices.Zip(rows, (matrix, row) => matrix[^row.Row.Ids.Length..]).ToArray();
        var explained = generation.Explained;
        var scores = Enumerable.Range(0, text).Select(token => explained.Average(said => lines[said][token])).ToArray();
        var last = rows[^1].Row.Ids.Length;
        if (count > 1)
        {
            context.Warnings.Add(
                new Warning(
                    WarningCode.RelevanceAveraged,
                    "Each generated token has a relevance matrix of its own. \"scores\" are the mean of their rows; a target of one token shows its matrix."
                )
            );
        }

        return WithScores(context, answer, matrices[^1], last, scores) with
        {
            Matrix = count == 1 ? AttentionMath.Rows(matrices[0], last, last) : null,
            Generated = generation.WithScores([.. lines.Select(line => line[..text])], [.. lines.Select(line => line[text..])]),
        };
    }

    private static AttentionAnswer WithScores(
        ExplanationContext context,
        AttentionAnswer answer,
        double[] matrix,
        int n,
        double[] scores
    ) =>
        answer with
        {
            Matrix = AttentionMath.Rows(matrix, n, n),
            Scores = scores,
            Tokens = context.Input.TokenAnswers(scores),
            Evaluations = context.Work.Meter.Rows,
        };
}
