using System.Numerics.Tensors;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary>Maps of whole layers, which look behind the weights: what tokens do to each other there.</summary>
internal static class LayerMaps
{
    /// <summary>Tokens of a text for <c>value_zeroing</c>, as of <c>flow</c>.</summary>
    private const int MaxTokens = AttentionFlow.MaxTokens;

    /// <summary>The answer's maps, [layer][query][key], of the layers that it names.</summary>
    /// <exception cref="InvalidRequestException">They are asked of single heads, or of a decoder.</exception>
    public static async Task<AttentionAnswer> OfAsync(
        ExplanationContext context,
        AttentionAnswer answer,
        AttentionAggregate aggregate,
        TokenRow row,
        CancellationToken cancellationToken
    )
    {
        var name = EnumNames.Of(aggregate);
        if (answer.Kind != AttentionKind.Self)
        {
            throw InvalidRequestException.CannotDo("kind", $"\"{name}\" is about self-attention.");
        }

        if (answer.Heads.Count < context.Model.Description.Heads)
        {
            throw InvalidRequestException.CannotDo("heads", $"\"{name}\" is about all heads of a layer together.");
        }

        if (context.Input.ReadsApart)
        {
            throw InvalidRequestException.CannotDo("aggregate", $"\"{name}\" is about a single pass of the model over the text.");
        }

        var maps =
            aggregate == AttentionAggregate.Norms
                ? await NormsAsync(context, answer.Layers, row, cancellationToken).ConfigureAwait(false)
                : await ValueZeroingAsync(context, answer.Layers, row, cancellationToken).ConfigureAwait(false);
        return answer with { Maps = maps, Evaluations = context.Work.Meter.Rows };
    }

    private static async Task<float[][][]> NormsAsync(
        ExplanationContext context,
        IReadOnlyList<int> layers,
        TokenRow row,
        CancellationToken cancellationToken
    )
    {
        var maps = await context
            .Runner.TapAsync([row], new AttentionNormsTap(), context.Work, cancellationToken)
            .FirstAsync(cancellationToken)
            .ConfigureAwait(false);
        maps = Finite.Attention(maps, layers, [0]);
        return [.. layers.Select(layer => AttentionMath.Rows(maps.Values[layer][0], maps.Keys))];
    }

    /// <summary>
    /// 1 − cos(h_i, h_i with the value vector of token j at zero in this layer), rows summing to 1 (Mohebbi et al. 2023). h is what leaves the
    /// layer. A row whose token nothing changes looks at nothing.
    /// </summary>
    private static async Task<float[][][]> ValueZeroingAsync(
        ExplanationContext context,
        IReadOnlyList<int> layers,
        TokenRow row,
        CancellationToken cancellationToken
    )
    {
        var tokens = row.Ids.Length;
        if (tokens > MaxTokens)
        {
            throw InvalidRequestException.CannotDo(
                "aggregate",
                FormattableString.Invariant(
                    $"\"value_zeroing\" runs the model once for every token and layer; the text has {tokens} tokens and the limit is {MaxTokens}. \"norms\" has no such limit."
                )
            );
        }

        var parts = layers.SelectMany(layer => Enumerable.Range(0, tokens).Select(token => new LayerPart(layer, token)));
        var rows = parts.Select(part => new AblatedRow(row, part)).Prepend(new AblatedRow(row));
        float[]? whole = null;
        var maps = layers.Select(_ => Enumerable.Range(0, tokens).Select(_ => new float[tokens]).ToArray()).ToArray();
        var number = 0;
        await foreach (var changed in context.Runner.ZeroValuesAsync(rows, context.Work, cancellationToken).ConfigureAwait(false))
        {
            if (whole is null)
            {
                whole = changed;
                continue;
            }

            var (place, key) = (number / tokens, number % tokens);
            var size = changed.Length / tokens;
            var before = whole.AsSpan(layers[place] * changed.Length, changed.Length);
            for (var query = 0; query < tokens; query++)
            {
                maps[place][query][key] = Finite.Number(Distance(before.Slice(query * size, size), changed.AsSpan(query * size, size)));
            }

            number++;
        }

        foreach (var line in maps.SelectMany(map => map))
        {
            if (TensorPrimitives.Sum<float>(line) is > 0 and var total)
            {
                TensorPrimitives.Divide(line, total, line);
            }
        }

        return maps;
    }

    /// <summary>1 − cos, in double: the two are nearly the same, and what is looked for is their small difference.</summary>
    private static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double product = 0,
            squaresA = 0,
            squaresB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squaresA += (double)a[i] * a[i];
            squaresB += (double)b[i] * b[i];
        }

        return (float)Math.Max(0, 1 - (product / Math.Sqrt(squaresA * squaresB)));
    }
}
