using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>Means over the tokens of background texts of what parts of a model give out.</summary>
internal static class BackgroundMeans
{
    /// <summary>Of heads, [layers × heads × channels].</summary>
    public static Task<float[]> OfHeadsAsync(
        ExplanationContext context,
        IReadOnlyList<TokenRow> rows,
        CancellationToken cancellationToken
    ) =>
        MeanAsync(
            context.Runner.TapAsync(rows, new HeadOutputsTap(), context.Work, cancellationToken),
            (values, layer, sums) =>
            {
                // [heads × tokens × channels] → a sum a head.
                var (numbers, channels) = (values.Layers[layer], values.Size);
                var heads = context.Model.Description.Heads;
                var tokens = numbers.Length / heads / channels;
                Array.Resize(ref sums, heads * channels);
                for (var i = 0; i < numbers.Length; i++)
                {
                    sums[(i / (tokens * channels) * channels) + (i % channels)] += numbers[i];
                }

                return (sums, tokens);
            },
            cancellationToken
        );

    /// <summary>Of neurons, [layers × neurons].</summary>
    public static Task<float[]> OfNeuronsAsync(
        ExplanationContext context,
        IReadOnlyList<TokenRow> rows,
        CancellationToken cancellationToken
    ) =>
        MeanAsync(
            context.Runner.TapAsync(rows, new ActivationsTap(), context.Work, cancellationToken),
            (values, layer, sums) => Add(values.Layers[layer], values.Size, sums),
            cancellationToken
        );

    /// <summary>Of what layers add to the residual stream, [layers × hidden].</summary>
    public static Task<float[]> OfLayersAsync(
        ExplanationContext context,
        IReadOnlyList<TokenRow> rows,
        CancellationToken cancellationToken
    ) =>
        MeanAsync(
            context
                .Runner.TapAsync(rows, new HiddenStatesTap(), context.Work, cancellationToken)
                .Select(values => new LayerValues(
                    [.. values.Layers.Zip(values.Layers.Skip(1), (before, after) => Difference(after, before))],
                    values.Size
                )),
            (values, layer, sums) => Add(values.Layers[layer], values.Size, sums),
            cancellationToken
        );

    private static async Task<float[]> MeanAsync(
        IAsyncEnumerable<LayerValues> results,
        Func<LayerValues, int, double[], (double[] Sums, int Tokens)> add,
        CancellationToken cancellationToken
    )
    {
        List<double[]> sums = [];
        var tokens = 0;
        await foreach (var values in results.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var added = 0;
            for (var layer = 0; layer < values.Layers.Count; layer++)
            {
                if (sums.Count == layer)
                {
                    sums.Add([]);
                }

                (sums[layer], added) = add(values, layer, sums[layer]);
            }

            tokens += added;
        }

        return [.. sums.SelectMany(layer => layer.Select(sum => (float)(sum / tokens)))];
    }

    private static (double[] Sums, int Tokens) Add(float[] numbers, int size, double[] sums)
    {
        Array.Resize(ref sums, size);
        for (var i = 0; i < numbers.Length; i++)
        {
            sums[i % size] += numbers[i];
        }

        return (sums, numbers.Length / size);
    }

    private static float[] Difference(float[] a, float[] b)
    {
        var difference = new float[a.Length];
        System.Numerics.Tensors.TensorPrimitives.Subtract(a, b, difference);
        return difference;
    }
}
