using ExplainService.Graph.Forms;

namespace ExplainService.Runtime.Execution;

/// <summary>An int8 form that can be run, and how good it is.</summary>
/// <typeparam name="T">What runs it.</typeparam>
internal sealed record FastCandidate<T>(T Runs, FastQuality Quality);

/// <summary>
/// Chooses which products an int8 form computes in int8: all, unless that deviates too far; then the products of the shape that hurts most
/// go back to float, half of them if that is enough, until the aim is met. The form closest to the model is taken where none meets it.
/// </summary>
internal static class FastFormChooser
{
    private const double AimMean = 0.01;
    private const double AimP95 = 0.03;

    /// <summary>Chooses.</summary>
    /// <param name="forms">The forms to choose from.</param>
    /// <param name="open">Makes a form ready to run.</param>
    /// <param name="close">Frees one that was not chosen.</param>
    /// <param name="logits">What a form answers to the calibration rows.</param>
    /// <param name="exact">What the model answers to them.</param>
    /// <exception cref="NotSupportedByModelException">Even the best one deviates too far, or nothing can be computed in int8.</exception>
    public static FastCandidate<T> Choose<T>(FastForms forms, Func<Form, T> open, Action<T> close, Func<T, float[]> logits, float[] exact)
        where T : class
    {
        var all = forms.Products;
        if (all.Count == 0)
        {
            throw new NotSupportedByModelException("The graph has no product with a float32 weight that could be computed in int8.");
        }

        var best = Try([]);
        while (!Meets(best.Candidate.Quality) && Improved(best) is { } better)
        {
            close(best.Candidate.Runs);
            best = better;
        }

        if (best.Candidate.Quality.P95Deviation <= FastQuality.Limit)
        {
            return best.Candidate;
        }

        close(best.Candidate.Runs);
        throw new NotSupportedByModelException(
            $"The int8 form is refused: {best.Candidate.Quality}; the limit at the 95th percentile is 5 %."
        );

        // With one more group of products, or half of it, in float; null where that does not help any more.
        (FastCandidate<T> Candidate, HashSet<string> InFloat)? Improved((FastCandidate<T> Candidate, HashSet<string> InFloat) from)
        {
            (FastCandidate<T> Candidate, HashSet<string> InFloat)? chosen = null;
            var groups = all.Where(product => !from.InFloat.Contains(product.Output)).GroupBy(product => (product.Inputs, product.Outputs));
            foreach (var part in groups.SelectMany(group => Parts([.. group.Select(product => product.Output)])))
            {
                var tried = Try([.. from.InFloat, .. part]);
                if (IsBetter(tried.Candidate.Quality, chosen?.Candidate.Quality ?? from.Candidate.Quality))
                {
                    if (chosen is { } old)
                    {
                        close(old.Candidate.Runs);
                    }

                    chosen = tried;
                }
                else
                {
                    close(tried.Candidate.Runs);
                }
            }

            return chosen;
        }

        (FastCandidate<T> Candidate, HashSet<string> InFloat) Try(HashSet<string> inFloat)
        {
            var runs = open(forms.Compile(all.Select(product => product.Output).Where(name => !inFloat.Contains(name)).ToHashSet()));
            return (new FastCandidate<T>(runs, Compare(exact, logits(runs), all.Count, inFloat.Count)), inFloat);
        }
    }

    /// <summary>
    /// The deviation of one table of logits from another, over those that are finite: a model may mask classes with -∞. The others must be
    /// the same; infinitely far where they are not, or where nothing is left to compare.
    /// </summary>
    internal static FastQuality Compare(float[] exact, float[] fast, int products, int kept)
    {
        var finite = exact.Where(float.IsFinite).ToArray();
        if (finite.Length == 0 || !exact.Zip(fast, (a, b) => a == b || (float.IsFinite(a) && float.IsFinite(b))).All(alike => alike))
        {
            return new FastQuality(double.PositiveInfinity, double.PositiveInfinity, products, kept);
        }

        var range = Math.Max((double)finite.Max() - finite.Min(), 1e-9);
        var deviations = exact.Zip(fast).Where(pair => float.IsFinite(pair.First)).Select(Deviation).Order().ToArray();
        return new FastQuality(deviations.Average(), deviations[(int)(0.95 * (deviations.Length - 1))], products, kept);

        double Deviation((float Exact, float Fast) pair) => Math.Abs((double)pair.Exact - pair.Fast) / range;
    }

    private static bool Meets(FastQuality quality) => quality.MeanDeviation <= AimMean && quality.P95Deviation <= AimP95;

    /// <summary>Of two that meet the aim the one with less in float, else the one that deviates less.</summary>
    private static bool IsBetter(FastQuality quality, FastQuality than) =>
        Meets(quality) && Meets(than)
            ? quality.KeptInFloat < than.KeptInFloat
            : Meets(quality) || (!Meets(than) && quality.MeanDeviation < than.MeanDeviation);

    /// <summary>The later half of a group of products, and all of it.</summary>
    private static IEnumerable<string[]> Parts(string[] members)
    {
        if (members.Length > 1)
        {
            yield return members[(members.Length / 2)..];
        }

        yield return members;
    }
}
