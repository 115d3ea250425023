using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Inside;

namespace ExplainService.Jobs.Statistics;

/// <summary>What raises neurons over the rows.</summary>
/// <param name="request">What every row is asked: its <c>top_k</c> is that of the meanings.</param>
internal sealed class NeuronSums(JsonElement? request)
{
    private readonly MeaningSums sums = new(
        request is { ValueKind: JsonValueKind.Object } given
        && given.TryGetProperty("top_k", out var top)
        && top.ValueKind == JsonValueKind.Number
            ? top.GetInt32()
            : NeuronsRequest.DefaultTopK
    );

    /// <summary>One more row's.</summary>
    public void Add(NeuronLine line)
    {
        sums.Add(new NeuronText(line.Words, line.Neurons));
        sums.Relate(
            [.. line.Neurons.Select(neuron => neuron.Largest)],
            [.. line.Labels.Where(label => label.Logit is not null).Select(label => (label.Label, label.Index, label.Logit!.Value))]
        );
    }

    /// <summary>The meanings, in the order of the request; null where there is no row.</summary>
    public IReadOnlyList<NeuronMeaning>? Meanings() => sums.IsEmpty ? null : sums.Answer();
}
