using System.Numerics.Tensors;

namespace ExplainService.Methods.Shapley;

/// <summary>Scores, standard errors and interactions of every output from the pairs seen so far.</summary>
/// <param name="Scores">[outputs][players].</param>
/// <param name="StandardErrors">[outputs][players].</param>
/// <param name="Pairwise">[outputs][players, players], or null if not asked for.</param>
internal sealed record ShapleyRegression(double[][] Scores, double[][] StandardErrors, double[][,]? Pairwise)
{
    // Pairs that the dense regression takes; those beyond correct it (see LinearCorrection). Learning the prior takes fewer.
    private const int MostDense = 1536;
    private const int MostLearning = 320;

    // Above this likeness of two outputs (a class and its opposite) one prior serves both.
    private const double SameShape = 0.999;

    // What the prior does not know of its own estimation, measured over many games; see the tests of coverage.
    private const double Caution = 1.05;

    // Single-precision models do not repeat themselves better than this.
    private const double Rounding = 3e-7;

    /// <summary>Estimates from a sample; exactly where it is complete.</summary>
    public static ShapleyRegression Of(PairSample sample, bool interactions)
    {
        var scores = new double[sample.Outputs][];
        var errors = new double[sample.Outputs][];
        var pairwise = interactions ? new double[sample.Outputs][,] : null;
        var fitter = sample.Complete ? null : new Fitter(sample);
        for (var output = 0; output < sample.Outputs; output++)
        {
            if (fitter is null)
            {
                var table = sample.Table(output);
                scores[output] = ExactShapley.Scores(sample.Players, table);
                errors[output] = new double[sample.Players];
                pairwise?.SetValue(ExactShapley.Interactions(sample.Players, table), output);
            }
            else
            {
                (scores[output], errors[output], var importance) = fitter.Scores(output);
                pairwise?.SetValue(fitter.Interactions(output, importance), output);
            }

            AddUp(scores[output], 2 * sample.Odd[output][0]);
        }

        return new ShapleyRegression(scores, errors, pairwise);
    }

    /// <summary>Pairwise interactions alone, for an estimator whose scores come from elsewhere: [outputs][players, players].</summary>
    public static double[][,] Interactions(PairSample sample) => Of(sample, interactions: true).Pairwise!;

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
        private readonly double[][] dense;
        private readonly WalshRegression learning;
        private readonly WalshRegression conditioning;
        private readonly List<(double[] Values, WalshPrior Prior)> learnt = [];

        public Fitter(PairSample sample)
        {
            this.sample = sample;
            dense = [.. sample.Signs.Take(LinearCorrection.Applies(sample, MostDense) ? MostDense : sample.Count)];
            conditioning = new WalshRegression(dense);
            learning = dense.Length <= MostLearning ? conditioning : new WalshRegression(dense[..MostLearning]);
        }

        public (double[] Scores, double[] Errors, double[] Importance) Scores(int output)
        {
            var values = sample.Odd[output].Take(dense.Length).ToArray();
            var fit = Fit(values);
            var corrected = dense.Length < sample.Count;
            var (scores, errors) = WalshReading.Shapley(fit, dense, withUnexplained: !corrected);
            if (corrected)
            {
                var predicted = WalshReading.Predict(fit, dense, [.. sample.Signs]);
                var rest = sample.Odd[output].Zip(predicted, (value, known) => value - known).ToArray();
                (var correction, errors) = LinearCorrection.Of(sample, rest);
                TensorPrimitives.Add(scores, correction, scores);
            }

            var rounding = Rounding * TensorPrimitives.Norm<double>(values) / Math.Sqrt(values.Length);
            var cautious = errors.Select(error => Math.Sqrt((Caution * Caution * error * error) + (rounding * rounding))).ToArray();
            return (scores, cautious, fit.Prior.Importance);
        }

        public double[,] Interactions(int output, double[] importance)
        {
            var values = sample.Even[output].Take(dense.Length).ToArray();
            var fit = learning.FitEven(values.AsSpan(0, Math.Min(values.Length, MostLearning)), importance);
            return WalshReading.Interactions(learning == conditioning ? fit : conditioning.Condition(fit.Prior, values), dense);
        }

        private WalshFit Fit(double[] values)
        {
            foreach (var (others, prior) in learnt)
            {
                if (Math.Abs(TensorPrimitives.CosineSimilarity<double>(others, values)) > SameShape)
                {
                    return conditioning.Condition(prior, values);
                }
            }

            var fit = learning.FitOdd(values.AsSpan(0, Math.Min(values.Length, MostLearning)));
            learnt.Add((values, fit.Prior));
            return learning == conditioning ? fit : conditioning.Condition(fit.Prior, values);
        }
    }
}
