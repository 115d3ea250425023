using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>One thing that is explained: the classes wanted at some of a row's output positions.</summary>
/// <param name="Positions">Indices into the positions of the row's logits.</param>
/// <param name="Classes">The class wanted at each of them.</param>
public sealed record TargetOutput(int[] Positions, int[] Classes)
{
    /// <summary>
    /// The sum of one f a position (a generation's tokens) instead of one f of all positions together (a span, an entity). The two differ for
    /// probabilities only, which add up here and multiply there.
    /// </summary>
    public bool Sums { get; init; }

    /// <summary>The class at each of the positions that f is the difference to; null: f is no difference.</summary>
    public int[]? Against { get; init; }

    /// <summary>Every class that it names.</summary>
    public IEnumerable<int> AllClasses => Against is null ? Classes : Classes.Concat(Against);
}

/// <summary>
/// f: from the logits of a row to the score of each thing that is explained. Over several positions, logits and log-probabilities add up and
/// probabilities multiply (methods.md, Objective and target).
/// </summary>
/// <param name="Objective">The function of the logits.</param>
/// <param name="Link">How logits become probabilities.</param>
/// <param name="Outputs">What is explained; usually one, every class or every generated token and their sum otherwise.</param>
public sealed record TargetFunction(Objective Objective, Link Link, IReadOnlyList<TargetOutput> Outputs)
{
    /// <summary>Whether f is the difference between two targets.</summary>
    public bool IsContrast => Outputs.Any(output => output.Against is not null);

    /// <summary>The logits are an embedding, whose entries are the scores.</summary>
    public bool IsEmbedding { get; init; }

    /// <summary>The score of every output, [outputs].</summary>
    /// <exception cref="Contracts.NotFiniteException">One is NaN or infinite.</exception>
    public double[] Score(Logits logits)
    {
        if (IsEmbedding)
        {
            return Array.ConvertAll(logits.Values, value => Finite.Score(value));
        }

        var isLogit = Objective == Objective.Logit || Link == Link.Identity;
        var isProbability = Objective == Objective.Probability && !isLogit;

        // Many outputs read the same few positions, and over a vocabulary their normalisation is what costs.
        var logSums = new double?[isLogit || Link != Link.Softmax ? 0 : logits.Positions];
        var scores = new double[Outputs.Count];
        for (var output = 0; output < scores.Length; output++)
        {
            var (positions, classes) = (Outputs[output].Positions, Outputs[output].Classes);
            var sum = 0.0;
            for (var i = 0; i < positions.Length; i++)
            {
                var line = logits[positions[i]];
                var term = Term(line, positions[i], classes[i]);
                if (Outputs[output].Against is { } against)
                {
                    sum -= Term(line, positions[i], against[i]);
                }

                sum += isProbability && Outputs[output].Sums ? Math.Exp(term) : term;
            }

            scores[output] = Finite.Score(isProbability && !Outputs[output].Sums ? Math.Exp(sum) : sum);
        }

        return scores;

        double Term(ReadOnlySpan<float> line, int position, int column) =>
            isLogit ? line[column]
            : Link == Link.Softmax ? line[column] - (logSums[position] ??= Probabilities.LogSumExp(line))
            : Probabilities.LogOf(line, column, Link);
    }

    /// <summary>
    /// The same targets where classes are token positions and the tokens have moved; an output whose token is gone has no class left.
    /// </summary>
    /// <param name="newPosition">For every old position the new one, or −1.</param>
    /// <exception cref="InvalidOperationException">A token that is the target was removed.</exception>
    public TargetFunction MoveClasses(IReadOnlyList<int> newPosition) =>
        this with
        {
            Outputs =
            [
                .. Outputs.Select(output =>
                    output with
                    {
                        Classes = Moved(output.Classes, newPosition),
                        Against = output.Against is { } against ? Moved(against, newPosition) : null,
                    }
                ),
            ],
        };

    private static int[] Moved(int[] classes, IReadOnlyList<int> newPosition) =>
        [
            .. classes.Select(label =>
                newPosition[label] is var moved and >= 0 ? moved : throw new InvalidOperationException("A token of the target was removed.")
            ),
        ];
}
