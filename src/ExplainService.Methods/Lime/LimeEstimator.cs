using System.Numerics.Tensors;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Lime;

/// <summary>What the surrogate can be asked.</summary>
public sealed record LimeOptions
{
    /// <summary>Coalitions evaluated, the full text included; never exceeded, and fewer where the text has fewer coalitions.</summary>
    public int Samples { get; init; } = 500;

    /// <summary>
    /// Where every coalition has been seen, together they weigh as much as so many draws; null: <see cref="Samples"/>. A text of one word
    /// has two coalitions, and against those by themselves the penalty would take most of the word's effect.
    /// </summary>
    public int? Draws { get; init; }

    /// <summary>
    /// w in the weight exp(−d²/w²) of a coalition at the cosine distance d, 0 to 1, from the full text. The authors' package counts d in
    /// hundredths and takes a square root: its 25 is 0.35 here. At 0.75 rankings agree best with Shapley values while near texts still
    /// weigh more.
    /// </summary>
    public double KernelWidth { get; init; } = 0.75;

    /// <summary>The ridge penalty on squared coefficients, the intercept excepted; at 0 the shortest of the best fits.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Keep so many units of the strongest coefficient and fit again with them alone; null: all.</summary>
    public int? Features { get; init; }

    /// <summary>Which coalitions are drawn depends on this and the number of units alone.</summary>
    public long Seed { get; init; }

    /// <summary>Asked after every evaluation and every refit for standard errors; once true, what there is by then is returned.</summary>
    public Func<bool>? OutOfTime { get; init; }
}

/// <summary>A linear surrogate of every output: f(m(S)) ≈ intercept + Σ of the scores of the units in S.</summary>
/// <param name="Value">[outputs]: the score of the whole text.</param>
/// <param name="Scores">[outputs][units]; zero for units that were not kept.</param>
/// <param name="Intercept">[outputs].</param>
/// <param name="R2">[outputs]: the weighted share of variance explained; 1 where there is none to explain.</param>
/// <param name="Evaluations">Coalitions evaluated.</param>
/// <param name="DeadlineReached">Whether the time was up before the samples, or before the standard errors.</param>
public sealed record LimeEstimate(double[] Value, double[][] Scores, double[] Intercept, double[] R2, int Evaluations, bool DeadlineReached)
{
    /// <summary>[outputs]: the score of the text without any unit; null where the time was up before it.</summary>
    public double[]? BaseValue { get; init; }

    /// <summary>
    /// [outputs][units]: how far scores move from one draw of coalitions to another, the choice of units included; zero where every
    /// coalition was seen, so that nothing was drawn. Null where the surrogate is <see cref="HeldByPenalty"/>, which leaves no residual to
    /// judge by, or where there was no time to choose units anew.
    /// </summary>
    public double[][]? StandardErrors { get; init; }

    /// <summary>(Σw)²/Σw²: how many samples of equal weight those of the kernel's weights are worth (Kish 1965).</summary>
    public double EffectiveSamples { get; init; }

    /// <summary>
    /// Whether the samples are worth too few to tell units apart, so that scores are what the ridge penalty makes of a handful of texts.
    /// </summary>
    public bool HeldByPenalty { get; init; }

    /// <summary>The share of the scores that the ridge penalty takes, on average over the units.</summary>
    public double Shrinkage { get; init; }

    /// <summary>
    /// Whether the time was up before any unit could be told from another: the text and its empty version have no surrogate.
    /// </summary>
    public bool TellsNothing => DeadlineReached && Evaluations <= 2;
}

/// <summary>
/// LIME (Ribeiro et al. 2016): ridge regression on sampled coalitions. As in the authors' text explainer the number of units removed
/// is uniform and then which ones; here without drawing a coalition twice, and with its complement, which balances every unit.
/// </summary>
public static class LimeEstimator
{
    // Enough to solve for units that no sample tells apart, too little to show.
    private const double VanishingPenalty = 1e-9;

    // Of the text's own weight: less of all others together is below the rounding of a single-precision score.
    private const double Negligible = 1e-9;

    /// <summary>Samples, evaluates and fits.</summary>
    /// <exception cref="NoPartialResultException">The time was up before the first score.</exception>
    /// <exception cref="ArgumentException">Fewer than 2 samples, a width that is not positive, or a negative penalty.</exception>
    public static async Task<LimeEstimate> EstimateAsync(
        ICoalitionGame game,
        LimeOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Samples, 2, "samples");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.KernelWidth, "kernel_width");
        ArgumentOutOfRangeException.ThrowIfNegative(options.Alpha, "alpha");
        var coalitions = Draw(game.Players, options);
        var values = new List<double[]>(coalitions.Count);
        var late = false;
        await foreach (var value in game.EvaluateAsync(coalitions, cancellationToken).WithCancellation(cancellationToken))
        {
            values.Add(value);
            if (values.Count < coalitions.Count && OutOfTime(options))
            {
                late = true;
                break;
            }
        }

        late |= values.Count < coalitions.Count;
        if (values.Count == 0)
        {
            throw new NoPartialResultException();
        }

        return Fit(game, coalitions[..values.Count], values, options, late, cancellationToken);
    }

    /// <summary>exp(−d²/w²), d = 1 − cos(S, N) = 1 − √(|S|/m).</summary>
    public static double Weight(int present, int players, double width)
    {
        var distance = 1 - Math.Sqrt(players == 0 ? 1 : (double)present / players);
        return Math.Exp(-(distance * distance) / (width * width));
    }

    private static List<Coalition> Draw(int players, LimeOptions options)
    {
        List<Coalition> coalitions = players == 0 ? [Coalition.Full(0)] : [Coalition.Full(players), Coalition.Empty(players)];
        var source = new CoalitionPairs(players, new SeededRandom(options.Seed));
        while (coalitions.Count < options.Samples && source.Next() is { } coalition)
        {
            // The odd one out at the end is the nearer to the text.
            coalitions.Add(coalition.Complement());
            if (coalitions.Count < options.Samples)
            {
                coalitions.Add(coalition);
            }
        }

        return coalitions;
    }

    private static LimeEstimate Fit(
        ICoalitionGame game,
        List<Coalition> coalitions,
        List<double[]> values,
        LimeOptions options,
        bool late,
        CancellationToken cancellationToken
    )
    {
        var complete = coalitions.Count == Coalition.Total(game.Players);
        var multiplicity = complete ? Math.Max(1, (double)(options.Draws ?? options.Samples) / coalitions.Count) : 1;
        double[] weights = [.. coalitions.Select(coalition => multiplicity * Weight(coalition.Count, game.Players, options.KernelWidth))];
        double[][] features =
        [
            .. Enumerable.Range(0, game.Players).Select(unit => coalitions.Select(coalition => coalition[unit] ? 1.0 : 0).ToArray()),
        ];
        double[][] targets = [.. Enumerable.Range(0, game.Outputs).Select(output => values.Select(value => value[output]).ToArray())];
        var surrogate = Surrogate(weights);
        var fits = targets.Select(surrogate.Fit).ToArray();
        double[][] scores = [.. fits.Select(fit => fit.Scores)];
        var effective = EffectiveSamples(weights);

        // All coalitions tell all units apart, unless none but the text weighs more than rounding.
        var held = game.Players > 0 && effective <= (complete ? 1 + Negligible : game.Players + 1);
        var errors =
            held ? null
            : complete ? [.. scores.Select(own => new double[own.Length])]
            : surrogate.Selects
                ? SelectionErrors.Of(
                    Surrogate,
                    weights,
                    DrawnPairs.Of(coalitions),
                    targets,
                    scores,
                    options.Seed,
                    () => late = late || OutOfTime(options)
                )
            : surrogate.StandardErrors(fits, DrawnPairs.Of(coalitions));
        return new LimeEstimate(
            values[0],
            scores,
            [.. fits.Select(fit => fit.Intercept)],
            [.. fits.Select(fit => fit.R2)],
            values.Count,
            late
        )
        {
            BaseValue =
                game.Players == 0 ? values[0]
                : values.Count > 1 ? values[1]
                : null,
            StandardErrors = errors,
            EffectiveSamples = effective,
            HeldByPenalty = held,
            Shrinkage = surrogate.Shrinkage,
        };

        Surrogate Surrogate(double[] weights) =>
            new(features, weights, Math.Max(options.Alpha, VanishingPenalty), options.Features, cancellationToken);
    }

    private static double EffectiveSamples(double[] weights) =>
        Math.Pow(TensorPrimitives.Sum<double>(weights), 2) / TensorPrimitives.SumOfSquares<double>(weights);

    private static bool OutOfTime(LimeOptions options) => options.OutOfTime?.Invoke() ?? false;
}
