using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>Takes one row's part out of a batch's output.</summary>
internal static class PaddedTensor
{
    /// <summary>[batch, heads, queries, keys] → [head][queries × keys] without padding.</summary>
    public static float[][] Maps(OrtValue value, int row, int queries, int keys)
    {
        var heads = (int)value.GetTensorTypeAndShape().Shape[1];
        var maps = new float[heads][];
        for (var head = 0; head < heads; head++)
        {
            maps[head] = Matrix(value, (row * heads) + head, queries, keys);
        }

        return maps;
    }

    /// <summary>One row's line of [batch, columns], cut to <paramref name="columns"/>.</summary>
    public static float[] Line(OrtValue value, int row, int columns)
    {
        var padded = (int)value.GetTensorTypeAndShape().Shape[^1];
        return value.GetTensorDataAsSpan<float>().Slice(row * padded, Math.Min(columns, padded)).ToArray();
    }

    /// <summary>[batch, tokens, size] of several layers → one row's, without padding.</summary>
    public static LayerValues Layers(IReadOnlyList<OrtValue> values, int row, int tokens)
    {
        var size = (int)values[0].GetTensorTypeAndShape().Shape[^1];
        return new LayerValues([.. values.Select(layer => Matrix(layer, row, tokens, size))], size);
    }

    /// <summary>The matrix of that number in […, lines, columns], cut to [<paramref name="lines"/> × <paramref name="columns"/>].</summary>
    public static float[] Matrix(OrtValue value, int number, int lines, int columns)
    {
        var dims = value.GetTensorTypeAndShape().Shape;
        var (paddedLines, paddedColumns) = ((int)dims[^2], (int)dims[^1]);
        var padded = value.GetTensorDataAsSpan<float>().Slice(checked(number * paddedLines * paddedColumns), paddedLines * paddedColumns);
        if (columns == paddedColumns)
        {
            return padded[..(lines * columns)].ToArray();
        }

        var matrix = new float[lines * columns];
        for (var line = 0; line < lines; line++)
        {
            padded.Slice(line * paddedColumns, columns).CopyTo(matrix.AsSpan(line * columns));
        }

        return matrix;
    }
}
