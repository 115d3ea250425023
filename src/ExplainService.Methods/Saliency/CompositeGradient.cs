using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Saliency;

/// <summary>A score that f reads of one of the rows that a text is read in.</summary>
/// <param name="Score">The row, and the columns that make up the score.</param>
/// <param name="Sources">Which token of the whole each of the row's is; −1: none, so that it keeps its own embedding.</param>
public sealed record ReadScore(GradientRow Score, int[] Sources);

/// <summary>
/// The gradient of an f that is made of several rows' scores (windows of a long text, a text beside each of several hypotheses), by the chain
/// rule: Σ over scores of ∂f/∂score · ∂score/∂e, where a token that stands in several rows gets what each of them gives.
/// </summary>
/// <param name="combination">How f is made of the scores.</param>
/// <param name="output">Which f.</param>
/// <param name="parts">[row][score that f reads of it].</param>
public sealed class CompositeGradient(ScoreCombination combination, int output, IReadOnlyList<IReadOnlyList<ReadScore>> parts)
{
    /// <summary>What one output of a target needs; null where it is a function of a single row that holds all of the text.</summary>
    public static CompositeGradient? Of(ExplanationContext context, int output)
    {
        ArgumentNullException.ThrowIfNull(context);
        var target = context.Target;
        if (target.Joint is not null || (target.Windows.Count == 1 && target.Windows[0].Encoding.Sources is null))
        {
            return null;
        }

        var reads = target.Combination.Reads(output);
        return new CompositeGradient(
            target.Combination,
            output,
            [
                .. target.Windows.Select(window =>
                    reads
                        .Select(score => new ReadScore(
                            GradientTargets.Of(window, window.Target.Outputs[score]),
                            SourcesOf(window, context.Input.Tokens.Count)
                        ))
                        .ToArray()
                ),
            ]
        );
    }

    /// <summary>f and ∂f/∂e at points of the whole text, in order.</summary>
    /// <param name="input">The whole text.</param>
    /// <param name="points">e of all of its tokens, [tokens × embedding]; may be lazy and long.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async IAsyncEnumerable<GradientResult> RunAsync(
        SaliencyInput input,
        IEnumerable<float[]> points,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(input);
        ReadScore[] scores = [.. parts.SelectMany(part => part)];
        var own = scores.Select(score => input.Runner.Embed(score.Score.Row.Ids)).ToArray();
        var size = own[0].Length / scores[0].Score.Row.Ids.Length;
        var rows = points.SelectMany(point =>
            scores.Select((score, index) => score.Score with { Embeddings = Gathered(point, score, own[index], size) })
        );
        var results = new List<GradientResult>(scores.Length);
        await foreach (var result in input.Runner.GradientAsync(rows, input.Spec, input.Work, cancellationToken).ConfigureAwait(false))
        {
            results.Add(result);
            if (results.Count == scores.Length)
            {
                yield return Chained(scores, results, input.Row.Ids.Length, size);
                results.Clear();
            }
        }
    }

    private static int[] SourcesOf(InputWindow window, int tokens) =>
        [
            .. Enumerable
                .Range(0, window.Encoding.Count)
                .Select(position => window.Encoding.SourceOf(position) is var source && source < tokens ? source : -1),
        ];

    private static float[] Gathered(float[] point, ReadScore score, float[] own, int size)
    {
        var embeddings = (float[])own.Clone();
        for (var position = 0; position < score.Sources.Length; position++)
        {
            if (score.Sources[position] is >= 0 and var source)
            {
                point.AsSpan(source * size, size).CopyTo(embeddings.AsSpan(position * size));
            }
        }

        return embeddings;
    }

    private GradientResult Chained(ReadScore[] scores, List<GradientResult> results, int tokens, int size)
    {
        var values = new List<double[]>(parts.Count);
        foreach (var part in parts)
        {
            var read = values.Sum(known => known.Length);
            values.Add([.. Enumerable.Range(read, part.Count).Select(index => Finite.Score(results[index].Score))]);
        }

        var (value, slopes) = combination.At(output, values);
        var gradient = new float[tokens * size];
        foreach (var (index, slope) in slopes.SelectMany(own => own).Index())
        {
            var (from, sources) = (results[index].Gradient, scores[index].Sources);
            for (var position = 0; position < sources.Length; position++)
            {
                if (sources[position] is >= 0 and var source)
                {
                    var line = gradient.AsSpan(source * size, size);
                    TensorPrimitives.MultiplyAdd(from.AsSpan(position * size, size), (float)slope, line, line);
                }
            }
        }

        return new GradientResult(value, gradient, []) { Frozen = results[0].Frozen };
    }
}
