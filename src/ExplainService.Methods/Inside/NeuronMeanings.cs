using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Inside;

/// <summary>
/// What raises neurons in a corpus: the tokens at which they are strongest, the words at which their mean is highest, the labels that they
/// go with (Bau et al. 2017; Foote et al. 2023). Texts pass through one by one; only the best are kept.
/// </summary>
internal sealed class NeuronMeanings
{
    /// <summary>A word that stands in the corpus less often says nothing of a mean.</summary>
    private const int MinOccurrences = 5;

    private readonly LayerPart part;
    private readonly int most;
    private readonly PriorityQueue<NeuronExample, double> examples = new();
    private readonly Dictionary<string, (int Count, double Sum)> words = [];
    private readonly List<double> largest = [];
    private int count;
    private double sum;

    private NeuronMeanings(LayerPart part, int most)
    {
        (this.part, this.most) = (part, most);
    }

    /// <summary>The meanings of neurons, in their order.</summary>
    public static async Task<IReadOnlyList<NeuronMeaning>> OfAsync(
        ExplanationContext context,
        IReadOnlyList<LayerPart> neurons,
        IReadOnlyList<string> corpus,
        int most,
        CancellationToken cancellationToken
    )
    {
        var meanings = neurons.Select(part => new NeuronMeanings(part, most)).ToArray();
        var rows = new List<TokenRow>();
        var ahead = new Queue<Encoding>();
        var number = 0;
        await foreach (
            var values in context.Runner.TapAsync(Rows(), new ActivationsTap(), context.Work, cancellationToken).ConfigureAwait(false)
        )
        {
            Finite.Values(values);
            var text = new CorpusText(number, corpus[number], ahead.Dequeue(), context.Input.Offsets.Unit);
            foreach (var meaning in meanings)
            {
                meaning.Add(text, values.Layers[meaning.part.Layer], values.Size);
            }

            number++;
        }

        var logits = await LabelLogitsAsync(context, rows, cancellationToken).ConfigureAwait(false);
        return [.. meanings.Select(meaning => meaning.Answer(context.Model.Description.Labels, logits))];

        // Each text is tokenized once: its tokens wait for its activations, which come in the same order.
        IEnumerable<TokenRow> Rows()
        {
            foreach (var text in corpus)
            {
                var encoding = BackgroundRows.Encode(context, "corpus", text, cancellationToken);
                ahead.Enqueue(encoding);
                rows.Add(BackgroundRows.Of(context, encoding));
                yield return rows[^1];
            }
        }
    }

    /// <summary>The logits of every text by label; none for models without labels of texts.</summary>
    private static async Task<double[][]> LabelLogitsAsync(
        ExplanationContext context,
        IEnumerable<TokenRow> rows,
        CancellationToken cancellationToken
    )
    {
        if (context.Model.Description.Task != ModelTask.TextClassification)
        {
            return [];
        }

        var logits = await context
            .Runner.PredictAsync(rows, context.Work, cancellationToken)
            .Select(result => result[0].ToArray())
            .ToArrayAsync(cancellationToken)
            .ConfigureAwait(false);
        return [.. Enumerable.Range(0, logits[0].Length).Select(label => logits.Select(text => (double)text[label]).ToArray())];
    }

    /// <param name="text">A text of the corpus.</param>
    /// <param name="values">[tokens × neurons] of the neuron's layer.</param>
    /// <param name="size">How many neurons a token has.</param>
    private void Add(CorpusText text, float[] values, int size)
    {
        var best = double.NegativeInfinity;
        for (var token = 0; token < text.Tokens.Count; token++)
        {
            double activation = values[(token * size) + part.Index];
            best = Math.Max(best, activation);
            if (text.Tokens[token].Special)
            {
                continue;
            }

            if (examples.Count < most)
            {
                examples.Enqueue(text.Example(token, activation), Math.Abs(activation));
            }
            else if (examples.TryPeek(out _, out var least) && Math.Abs(activation) > least)
            {
                examples.EnqueueDequeue(text.Example(token, activation), Math.Abs(activation));
            }
        }

        largest.Add(best);
        foreach (var (word, tokens) in text.Words)
        {
            var strongest = tokens.Max(token => (double)values[(token * size) + part.Index]);
            var known = words.GetValueOrDefault(word);
            words[word] = (known.Count + 1, known.Sum + strongest);
            count++;
            sum += strongest;
        }
    }

    private NeuronMeaning Answer(IReadOnlyList<string> labels, double[][] logits)
    {
        var strongest = new NeuronExample[examples.Count];
        for (var place = strongest.Length - 1; place >= 0; place--)
        {
            strongest[place] = examples.Dequeue();
        }

        return new NeuronMeaning(
            part.Layer,
            part.Index,
            strongest,
            [
                .. words
                    .Where(pair => pair.Value.Count >= MinOccurrences && pair.Value.Count < count)
                    .Select(pair => new NeuronWord(
                        pair.Key,
                        pair.Value.Count,
                        pair.Value.Sum / pair.Value.Count,
                        (sum - pair.Value.Sum) / (count - pair.Value.Count)
                    ))
                    .OrderByDescending(word => word.With - word.Without)
                    .ThenBy(word => word.Word, StringComparer.Ordinal)
                    .Take(most),
            ],
            [.. logits.Select((line, label) => new NeuronLabel(LabelTarget.Name(labels, label), label, Correlation(largest, line)))]
        );
    }

    /// <summary>Pearson's; 0 where one of the two does not vary.</summary>
    private static double Correlation(List<double> a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double product = 0,
            squaresA = 0,
            squaresB = 0;
        for (var i = 0; i < a.Count; i++)
        {
            product += (a[i] - meanA) * (b[i] - meanB);
            squaresA += (a[i] - meanA) * (a[i] - meanA);
            squaresB += (b[i] - meanB) * (b[i] - meanB);
        }

        return squaresA > 0 && squaresB > 0 ? product / Math.Sqrt(squaresA * squaresB) : 0;
    }
}
