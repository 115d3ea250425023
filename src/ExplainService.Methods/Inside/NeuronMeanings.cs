using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Inside;

/// <summary>What raises neurons in a corpus. Texts pass through one by one; only the best are kept.</summary>
internal static class NeuronMeanings
{
    /// <summary>The meanings of neurons, in their order.</summary>
    public static async Task<IReadOnlyList<NeuronMeaning>> OfAsync(
        ExplanationContext context,
        IReadOnlyList<LayerPart> neurons,
        IReadOnlyList<string> corpus,
        int most,
        CancellationToken cancellationToken
    )
    {
        var sums = new MeaningSums(most);
        var rows = new List<TokenRow>();
        var ahead = new Queue<Encoding>();
        var largest = new List<double[]>();
        await foreach (
            var values in context.Runner.TapAsync(Rows(), new ActivationsTap(), context.Work, cancellationToken).ConfigureAwait(false)
        )
        {
            Finite.Values(values);
            var number = largest.Count;
            var text = new CorpusText(number, corpus[number], ahead.Dequeue(), context.Input.Offsets.Unit);
            var one = NeuronText.Of(text, neurons, layer => values.Layers[layer], values.Size, most, sums.LeastOf);
            sums.Add(one);
            largest.Add([.. one.Neurons.Select(neuron => neuron.Largest)]);
        }

        if (context.Model.Description.Task == ModelTask.TextClassification)
        {
            var number = 0;
            await foreach (var result in context.Runner.PredictAsync(rows, context.Work, cancellationToken).ConfigureAwait(false))
            {
                var labels = context.Model.Description.Labels;
                sums.Relate(
                    largest[number++],
                    [.. result[0].ToArray().Select((logit, label) => (LabelTarget.Name(labels, label), label, (double)logit))]
                );
            }
        }

        return sums.Answer();

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
}
