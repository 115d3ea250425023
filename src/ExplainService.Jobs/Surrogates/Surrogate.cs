using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Statistics;

namespace ExplainService.Jobs.Surrogates;

/// <summary>A text with the model's probabilities of the labels, and its pieces.</summary>
internal sealed record TaughtText(
    long Row,
    string Text,
    IReadOnlyDictionary<string, double> Probabilities,
    IReadOnlyList<TaughtPiece> Pieces
);

/// <summary>A piece of a text with the model's probabilities of the labels.</summary>
internal sealed record TaughtPiece(string Text, IReadOnlyDictionary<string, double> Probabilities);

/// <summary>
/// The two surrogates of a job: taught four fifths of its rows, the regression their pieces too, measured on the rest, of whose pieces neither
/// knows anything.
/// </summary>
internal sealed class Surrogate
{
    private const int HeldOutPart = 5;
    private const int LeastRows = 20;
    private const int StrongestWords = 15;
    private const double LeastChance = 1e-6;

    private readonly string[] labels;
    private readonly BagOfWords words;
    private readonly LogisticSurrogate logistic;
    private readonly TreeSurrogate tree;

    private Surrogate(IReadOnlyList<TaughtText> taught, IReadOnlyList<TaughtText> heldOut, CancellationToken cancellationToken)
    {
        labels = [.. taught[0].Probabilities.Keys.Order(StringComparer.Ordinal)];
        TaughtPiece[] pieces = [.. taught.SelectMany(one => one.Pieces).DistinctBy(piece => piece.Text)];
        words = new BagOfWords([.. taught.Select(one => one.Text), .. pieces.Select(piece => piece.Text)]);
        var rows = taught.Select(one => words.Read(one.Text)).ToArray();
        var targets = taught.Select(one => Targets(one.Probabilities)).ToArray();
        logistic = new LogisticSurrogate(
            [.. rows, .. pieces.Select(piece => words.Read(piece.Text))],
            [.. targets, .. pieces.Select(piece => Targets(piece.Probabilities))],
            Weights(rows.Length, pieces.Length),
            words.Names.Count,
            cancellationToken
        );
        var answers = targets.Select(Strongest).ToArray();
        tree = new TreeSurrogate([.. rows.Select(row => row.Features)], answers, labels.Length);
        Summary = Measure(taught.Count, heldOut, answers) with { Pieces = pieces.Length };
    }

    /// <summary>How far they can speak for the model, and what they say.</summary>
    public SurrogateSummary Summary { get; }

    /// <summary>Teaches them; null where there are too few rows.</summary>
    /// <param name="texts">The rows with their answers.</param>
    /// <param name="cancellationToken">Nobody waits for them any more.</param>
    public static Surrogate? Teach(IReadOnlyList<TaughtText> texts, CancellationToken cancellationToken)
    {
        var parts = texts.ToLookup(text => Scattered(text.Row) % HeldOutPart == 0);
        return texts.Count < LeastRows || !parts[true].Any() || !parts[false].Any()
            ? null
            : new Surrogate([.. parts[false]], [.. parts[true]], cancellationToken);
    }

    /// <summary>What they say of a text.</summary>
    public SurrogateAnswer Predict(string text)
    {
        var row = words.Read(text);
        return new SurrogateAnswer(Prediction(logistic.Predict(row)), Prediction(tree.Predict(row.Features)));
    }

    /// <summary>All that it takes to run them elsewhere.</summary>
    public SurrogateFile File() =>
        new()
        {
            Labels = labels,
            Intercepts = [.. labels.Select((_, at) => logistic.Intercept(at))],
            Features =
            [
                .. words.Names.Select(
                    (name, feature) =>
                        new SurrogateFeature(name, words.Idf(feature), [.. labels.Select((_, at) => logistic.Weight(feature, at))])
                ),
            ],
            Rules = Summary.Tree.Rules,
        };

    /// <summary>Rows are held out by their numbers, mixed well: an input that is sorted must not be split by its order (SplitMix64).</summary>
    private static ulong Scattered(long row)
    {
        var mixed = unchecked((ulong)row * 0x9E3779B97F4A7C15UL);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        return mixed ^ (mixed >> 31);
    }

    private static int Strongest(double[] chances) => Array.IndexOf(chances, chances.Max());

    /// <summary>All pieces together weigh as much as all rows.</summary>
    private static double[] Weights(int rows, int pieces)
    {
        var parts = pieces == 0 ? 1.0 : 2.0;
        return [.. Enumerable.Repeat(1 / parts / rows, rows), .. Enumerable.Repeat(1 / parts / Math.Max(pieces, 1), pieces)];
    }

    private double[] Targets(IReadOnlyDictionary<string, double> probabilities) =>
        [.. labels.Select(label => probabilities.GetValueOrDefault(label))];

    private SurrogatePrediction Prediction(double[] chances) =>
        new(labels[Strongest(chances)], chances.Max(), labels.Zip(chances).ToDictionary(one => one.First, one => one.Second));

    private SurrogateSummary Measure(int taught, IReadOnlyList<TaughtText> heldOut, int[] answers)
    {
        var targets = heldOut.Select(one => Targets(one.Probabilities)).ToArray();
        var rows = heldOut.Select(one => words.Read(one.Text)).ToArray();
        var majority = answers.GroupBy(answer => answer).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        return new SurrogateSummary
        {
            Taught = taught,
            HeldOut = heldOut.Count,
            Majority = new MajorityFidelity(labels[majority], targets.Average(target => Strongest(target) == majority ? 1.0 : 0)),
            Logistic = new LogisticSummary(
                Fidelity(targets, [.. rows.Select(logistic.Predict)]),
                Enumerable
                    .Range(0, words.Names.Count)
                    .Count(feature => labels.Where((_, label) => logistic.Weight(feature, label) != 0).Any()),
                [.. labels.Select((label, at) => new LabelWeights(label, logistic.Intercept(at), Words(at)))]
            ),
            Tree = new TreeSummary(
                Fidelity(targets, [.. rows.Select(row => tree.Predict(row.Features))]),
                [
                    .. tree.Leaves()
                        .Select(leaf =>
                        {
                            var strongest = Array.IndexOf(leaf.Counts, leaf.Counts.Max());
                            var count = leaf.Counts.Sum();
                            return new TreeRule(
                                [.. leaf.With.Select(feature => words.Names[feature])],
                                [.. leaf.Without.Select(feature => words.Names[feature])],
                                labels[strongest],
                                (double)leaf.Counts[strongest] / count,
                                count
                            );
                        }),
                ]
            ),
        };
    }

    private FeatureWeight[] Words(int label) =>
        [
            .. words
                .Names.Select((name, feature) => new FeatureWeight(name, logistic.Weight(feature, label)))
                .Where(word => word.Weight != 0)
                .OrderByDescending(word => Math.Abs(word.Weight))
                .ThenBy(word => word.Feature, StringComparer.Ordinal)
                .Take(StrongestWords),
        ];

    private Fidelity Fidelity(double[][] targets, double[][] predictions)
    {
        var confusion = new Confusion();
        foreach (var (target, prediction) in targets.Zip(predictions))
        {
            confusion.Add(labels[Strongest(target)], labels[Strongest(prediction)]);
        }

        var truths = targets.SelectMany(target => target.Select(LogOdds)).ToArray();
        var guesses = predictions.SelectMany(prediction => prediction.Select(LogOdds)).ToArray();
        var mean = truths.Average();
        var spread = truths.Sum(truth => (truth - mean) * (truth - mean));
        var error = truths.Zip(guesses).Sum(one => (one.First - one.Second) * (one.First - one.Second));
        return new Fidelity(
            targets.Zip(predictions).Average(one => Strongest(one.First) == Strongest(one.Second) ? 1.0 : 0),
            spread > 0 ? 1 - (error / spread) : 0,
            confusion.MacroF1()
        );
    }

    private static double LogOdds(double chance)
    {
        var bounded = Math.Clamp(chance, LeastChance, 1 - LeastChance);
        return Math.Log(bounded / (1 - bounded));
    }
}
