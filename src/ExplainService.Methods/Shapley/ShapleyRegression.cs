using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ExplainService.Methods.Shapley;

/// <summary>Interactions of every two players.</summary>
/// <param name="Values">[outputs][players, players].</param>
/// <param name="Evaluations">Of the game, from which they were read off: not all that were made, where there are very many.</param>
internal sealed record PairwiseInteractions(double[][,] Values, int Evaluations)
{
    /// <summary>[outputs][triples]: of every three, where asked for.</summary>
    public double[][]? Triples { get; init; }
}

/// <summary>Scores, standard errors and interactions of every output from the pairs seen so far.</summary>
/// <param name="Scores">[outputs][players].</param>
/// <param name="StandardErrors">[outputs][players].</param>
/// <param name="Pairwise">Null if not asked for.</param>
internal sealed record ShapleyRegression(double[][] Scores, double[][] StandardErrors, PairwiseInteractions? Pairwise)
{
    // Pairs that the dense regression takes; those beyond correct it (see LinearCorrection). Learning the prior takes fewer.
    private const int MaxDense = 1536;

    // The most where there are too few of them for a correction, which takes four a player.
    private const int MaxAlone = 2 * MaxDense;
    private const int MaxLearning = 320;

    // When the time is up scores have their correction, interactions are read off the dense pairs alone.
    private const int MaxLateForInteractions = 1024;

    // Above this likeness of two outputs (a class and its opposite) one prior serves both.
    private const double SameShape = 0.999;

    // What the prior does not know of its own estimation, measured over many games; see the tests of coverage.
    private const double Caution = 1.05;

    // Single-precision models do not repeat themselves better than this.
    private const double Rounding = 3e-7;

    /// <summary>Estimates from a sample; exactly where it is complete.</summary>
    /// <param name="sample">What has been seen.</param>
    /// <param name="interactions">Whether they are wanted.</param>
    /// <param name="late">The time is up: the model of fewer pairs does, corrected by the others.</param>
    /// <param name="triples">Whether interactions of three are wanted beside those of two.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    public static ShapleyRegression Of(
        PairSample sample,
        bool interactions,
        bool late = false,
        bool triples = false,
        CancellationToken cancellationToken = default
    )
    {
        if (sample.Complete)
        {
            var scores = CountedScores(sample, cancellationToken);
            return new ShapleyRegression(
                scores,
                [.. scores.Select(own => new double[own.Length])],
                interactions ? CountedInteractions(sample, triples, cancellationToken) : null
            );
        }

        var fitter = new Fitter(sample, interactions, late, cancellationToken);
        var (estimated, errors) = fitter.Scores();
        for (var output = 0; output < sample.Outputs; output++)
        {
            AddUp(estimated[output], 2 * sample.Odd[output][0]);
        }

        return new ShapleyRegression(estimated, errors, interactions ? fitter.Interactions(triples) : null);
    }

    /// <summary>Pairwise interactions alone, for an estimator whose scores come from elsewhere.</summary>
    /// <param name="sample">What has been seen.</param>
    /// <param name="late">The time is up: the model of fewer pairs does.</param>
    /// <param name="triples">Whether those of three are wanted too.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    public static PairwiseInteractions Interactions(PairSample sample, bool late, bool triples, CancellationToken cancellationToken) =>
        sample.Complete
            ? CountedInteractions(sample, triples, cancellationToken)
            : new Fitter(sample, interactions: true, late, cancellationToken).Interactions(triples);

    private static double[][] CountedScores(PairSample sample, CancellationToken cancellationToken) =>
        Counted(
            sample,
            (output, table) =>
            {
                var scores = ExactShapley.Scores(sample.Players, table);
                AddUp(scores, 2 * sample.Odd[output][0]);
                return scores;
            },
            cancellationToken
        );

    private static PairwiseInteractions CountedInteractions(PairSample sample, bool triples, CancellationToken cancellationToken) =>
        new(Counted(sample, (_, table) => ExactShapley.Interactions(sample.Players, table), cancellationToken), 2 * sample.Count)
        {
            Triples = triples ? Counted(sample, (_, table) => TripleShapley.Counted(sample.Players, table), cancellationToken) : null,
        };

    private static T[] Counted<T>(PairSample sample, Func<int, double[], T> ofTable, CancellationToken cancellationToken) =>
        [
            .. Enumerable
                .Range(0, sample.Outputs)
                .Select(output =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return ofTable(output, sample.Table(output));
                }),
        ];

    // The full text is among the values regressed on, so that only rounding is left to share out.
    private static void AddUp(double[] scores, double total)
    {
        if (scores.Length > 0)
        {
            TensorPrimitives.Add(scores, (total - TensorPrimitives.Sum<double>(scores)) / scores.Length, scores);
        }
    }

    private sealed class Fitter
    {
        private readonly PairSample sample;
        private readonly CancellationToken cancellationToken;
        private readonly double[][] dense;
        private readonly WalshRegression learning;
        private readonly WalshRegression conditioning;
        private readonly bool late;
        private readonly WalshPrior[] priors;

        // Which output the prior was learnt from: of those before the first whose values are alike, or itself.
        private readonly int[] source;

        // Fits that learning gave already: only where it saw everything, as each holds a matrix.
        private readonly WalshFit?[] learnt;

        public Fitter(PairSample sample, bool interactions, bool late, CancellationToken cancellationToken)
        {
            (this.sample, this.late, this.cancellationToken) = (sample, late, cancellationToken);
            var (most, alone) = !late ? (MaxDense, MaxAlone) : (interactions ? MaxLateForInteractions : MaxLearning, MaxDense);
            dense = sample.Coalitions.Signs(0, LinearCorrection.Applies(sample, most) ? most : Math.Min(sample.Count, alone));
            conditioning = new WalshRegression(dense, cancellationToken);
            learning = dense.Length <= MaxLearning ? conditioning : new WalshRegression(dense[..MaxLearning], cancellationToken);
            (priors, source, learnt) = (new WalshPrior[sample.Outputs], new int[sample.Outputs], new WalshFit?[sample.Outputs]);
            Learn();
        }

        /// <summary>Scores and their errors, [outputs][players] each.</summary>
        public (double[][] Scores, double[][] Errors) Scores()
        {
            var correction = dense.Length < sample.Count && LinearCorrection.Applies(sample, 0) ? new LinearCorrection(sample) : null;
            var inParts = dense.Length < sample.Count && correction is null && !late;
            var (scores, errors) = (new double[priors.Length][], new double[priors.Length][]);
            foreach (var alike in Enumerable.Range(0, priors.Length).GroupBy(output => source[output]))
            {
                int[] outputs = [.. alike];
                var found =
                    inParts ? WalshCommittee.Shapley(sample, outputs, priors[alike.Key], MaxAlone, cancellationToken)
                    : correction is null ? WalshScores.Shapley(Fits(outputs), dense, withUnexplained: true)
                    : Corrected(Fits(outputs), outputs, correction);
                foreach (var (output, own) in outputs.Zip(found))
                {
                    (scores[output], errors[output]) = (own.Scores, Cautious(own.Errors, output));
                }
            }

            return (scores, errors);
        }

        /// <summary>
        /// Pairwise interactions of the even part, the players weighed as the odd part found them; those of three, of the odd part.
        /// </summary>
        public PairwiseInteractions Interactions(bool triples) =>
            new([.. priors.Select(InteractionsOf)], 2 * dense.Length)
            {
                Triples = triples
                    ? [.. priors.Select((_, output) => TripleShapley.Estimated(Fits([output])[0], dense, cancellationToken))]
                    : null,
            };

        private double[,] InteractionsOf(WalshPrior prior, int output)
        {
            var values = Values(sample.Even[output]);
            var even = learning.FitEven(values[..Math.Min(values.Length, MaxLearning)], prior.Importance);
            return WalshScores.Interactions(learning == conditioning ? even : conditioning.Condition(even.Prior, values), dense);
        }

        private void Learn()
        {
            for (var output = 0; output < priors.Length; output++)
            {
                source[output] = SourceOf(output);
                if (source[output] < output)
                {
                    priors[output] = priors[source[output]];
                    continue;
                }

                var values = Values(sample.Odd[output]);
                var fit = learning.FitOdd(values[..Math.Min(values.Length, MaxLearning)]);
                priors[output] = fit.Prior;
                learnt[output] = learning == conditioning ? fit : null;
            }
        }

        private int SourceOf(int output)
        {
            for (var other = 0; other < output; other++)
            {
                var others = Values(sample.Odd[other]);
                var own = Values(sample.Odd[output]);
                if (source[other] == other && Math.Abs(TensorPrimitives.CosineSimilarity(others, own)) > SameShape)
                {
                    return other;
                }
            }

            return output;
        }

        private WalshFit[] Fits(int[] outputs) =>
            [.. outputs.Select(output => learnt[output] ?? conditioning.Condition(priors[output], Values(sample.Odd[output])))];

        private (double[] Scores, double[] Errors)[] Corrected(WalshFit[] fits, int[] outputs, LinearCorrection correction)
        {
            var predicted = WalshPrediction.Of(fits, dense.Length, sample.Coalitions, cancellationToken);
            var found = WalshScores.Shapley(fits, dense, withUnexplained: false);
            for (var i = 0; i < outputs.Length; i++)
            {
                TensorPrimitives.Subtract<double>(CollectionsMarshal.AsSpan(sample.Odd[outputs[i]]), predicted[i], predicted[i]);
                var (added, errors) = correction.Of(predicted[i]);
                TensorPrimitives.Add(found[i].Scores, added, found[i].Scores);
                found[i].Errors = errors;
            }

            return found;
        }

        private double[] Cautious(double[] errors, int output)
        {
            var values = Values(sample.Odd[output]);
            var rounding = Rounding * TensorPrimitives.Norm(values) / Math.Sqrt(values.Length);
            return [.. errors.Select(error => Math.Sqrt((Caution * Caution * error * error) + (rounding * rounding)))];
        }

        private ReadOnlySpan<double> Values(List<double> all) => CollectionsMarshal.AsSpan(all)[..dense.Length];
    }
}
