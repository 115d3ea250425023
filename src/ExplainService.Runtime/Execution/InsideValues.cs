using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>What a gradient form shows of the inside of a model.</summary>
internal static class InsideValues
{
    /// <summary>One row's, without padding; null: the form shows nothing.</summary>
    /// <param name="values">What came out of a run, by name.</param>
    /// <param name="row">The row's place in the batch.</param>
    /// <param name="tokens">Its tokens.</param>
    public static InsideGradients? Of(Dictionary<string, OrtValue> values, int row, int tokens)
    {
        var inside = new InsideGradients
        {
            LayerScores = Lines(FormNames.LayerScores, tokens),
            States = Matrices(FormNames.Hidden),
            StateGradients = Matrices(FormNames.HiddenGradient),
            Activations = Matrices(FormNames.Activation),
            NeuronScores = Matrices(FormNames.NeuronScores),
            HeadImportance = Lines(FormNames.HeadImportance, int.MaxValue),
            HeadScores = Lines(FormNames.HeadScores, int.MaxValue),
        };
        return inside.LayerScores.Count + inside.States.Count + inside.Activations.Count + inside.HeadScores.Count == 0 ? null : inside;

        float[][] Lines(Func<int, string> nameOf, int columns) =>
            [.. Layers(nameOf).Select(value => PaddedTensor.Line(value, row, columns))];
        float[][] Matrices(Func<int, string> nameOf) =>
            [.. Layers(nameOf).Select(value => PaddedTensor.Matrix(value, row, tokens, (int)value.GetTensorTypeAndShape().Shape[^1]))];
        IEnumerable<OrtValue> Layers(Func<int, string> nameOf)
        {
            for (var layer = 0; values.TryGetValue(nameOf(layer), out var value); layer++)
            {
                yield return value;
            }
        }
    }
}
