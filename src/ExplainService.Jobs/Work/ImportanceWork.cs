using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Work;

/// <summary>
/// What a row says of the importance of its words: the prediction with each removed wherever it stands (exclusion), and with words of other
/// texts in its places (permutation; Breiman 2001, Fisher et al. 2019). The summary sums over the rows.
/// </summary>
internal sealed class ImportanceWork(RowExplainer explainer)
{
    /// <summary>Asks for all of it.</summary>
    /// <param name="row">The row, which has a text.</param>
    /// <param name="template">How predictions are asked for.</param>
    /// <param name="options">Which features, and how many draws.</param>
    /// <param name="pool">Words of all texts.</param>
    /// <param name="stop">Stops it.</param>
    public async Task<ImportanceLine> AskAsync(
        InputRow row,
        RowTemplate template,
        ImportanceOptions options,
        IReadOnlyList<PooledWord> pool,
        CancellationToken stop
    )
    {
        var text = row.Text!;
        var whole = await explainer.ExplainAsync(template.Build(row), stop).ConfigureAwait(false);
        var prediction = whole.Prediction;
        if (prediction?.Labels is not { } labels || prediction.Label is not { } predicted)
        {
            throw InvalidRequestException.CannotDo("kind", "Importance is for models that choose a label for a text; this one does not.");
        }

        var truth = row.Label is { } given ? RowLabels.Find(labels, given) : null;
        var label = truth ?? predicted;
        var others = pool.Where(word => word.Row != row.Row).ToArray();
        var lines = new List<FeatureLine>();
        foreach (var (feature, spans) in TextFeatures.Find(text, options.Features))
        {
            var without = TextFeatures.Change(text, spans, () => null);
            var random = new SeededRandom(unchecked((options.Seed * 1_000_003) + row.Row + StableHash(feature)));
            var permuted = Enumerable
                .Range(0, others.Length == 0 ? 0 : options.Draws)
                .Select(_ => TextFeatures.Change(text, spans, () => others[random.Next(others.Length)].Word))
                .ToArray();
            lines.Add(
                new FeatureLine(
                    feature,
                    string.IsNullOrWhiteSpace(without) ? null : await AskAsync(without).ConfigureAwait(false),
                    await Task.WhenAll(permuted.Select(AskAsync)).ConfigureAwait(false)
                )
            );
        }

        return new ImportanceLine
        {
            Model = whole.Model,
            Prediction = prediction,
            Truth = truth,
            Probability = RowLabels.ProbabilityOf(labels, label),
            Features = lines,
        };

        async Task<Outcome> AskAsync(string changed)
        {
            var answer = await explainer.ExplainAsync(template.Build(changed, row.Pair), stop).ConfigureAwait(false);
            return answer.Prediction is { Label: { } said, Labels: { } all } && all.Any(one => one.Label == label)
                ? new Outcome(said, RowLabels.ProbabilityOf(all, label))
                : throw InvalidRequestException.CannotDo("kind", "Importance is for models whose labels are the same for every text.");
        }
    }

    /// <summary>The same in every process, unlike .NET's own (FNV-1a).</summary>
    private static long StableHash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 1_099_511_628_211UL);
        }

        return unchecked((long)hash);
    }
}
