using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Inside;

namespace ExplainService.Jobs.Work;

/// <summary>What a row says of neurons. The summary sums it up over the rows, as <c>/neurons</c> does over a <c>corpus</c>.</summary>
internal sealed class NeuronsWork(RowExplainer explainer)
{
    /// <summary>Asks for it.</summary>
    public async Task<NeuronLine> AskAsync(InputRow row, RowTemplate template, CancellationToken stop)
    {
        var request = ((NeuronsRequest)template.Build(row)).Observing();
        var answer = (NeuronsAnswer)await explainer.ExplainAsync(request, stop).ConfigureAwait(false);
        var text = answer.Observed!;
        return new NeuronLine
        {
            Model = answer.Model,
            Prediction = answer.Prediction,
            Words = text.Words,
            // An example names its row.
            Neurons =
            [
                .. text.Neurons.Select(neuron =>
                    neuron with
                    {
                        Examples = [.. neuron.Examples.Select(example => example with { Text = (int)row.Row })],
                    }
                ),
            ],
            Labels = text.Labels,
            Warnings = answer.Warnings.Count > 0 ? answer.Warnings : null,
        };
    }
}
