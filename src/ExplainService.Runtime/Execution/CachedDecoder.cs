using ExplainService.Graph.Forms;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// What a decoder remembers of tokens: keys and values of every layer, batch 1. Dispose of it when nothing reads it any more.
/// </summary>
/// <param name="Length">How many tokens.</param>
/// <param name="Values">Keys and values, layer after layer.</param>
/// <param name="Lifetime">Frees them.</param>
internal sealed record TokenCache(int Length, IReadOnlyList<OrtValue> Values, IDisposable Lifetime) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Lifetime.Dispose();
}

/// <summary>What a decoder reads of its encoder, computed once a text.</summary>
internal sealed record EncoderStates(IReadOnlyList<OrtValue> Values, IDisposable Lifetime) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Lifetime.Dispose();
}

/// <summary>A decoder that goes on after tokens whose keys and values it is given.</summary>
internal sealed class CachedDecoder(CacheForms forms, FormSession? start, FormSession step, LogitsLayout layout, int pad)
{
    private readonly string[] presents =
    [
        .. Enumerable.Range(0, forms.Layers).SelectMany(layer => new[] { FormNames.PresentKey(layer), FormNames.PresentValue(layer) }),
    ];
    private readonly string[] pasts =
    [
        .. Enumerable.Range(0, forms.Layers).SelectMany(layer => new[] { FormNames.PastKey(layer), FormNames.PastValue(layer) }),
    ];
    private readonly string[] states = [.. Enumerable.Range(0, forms.States).Select(FormNames.State)];

    /// <summary>It has an encoder.</summary>
    public bool IsSeq2Seq => start is not null;

    /// <summary>Runs the encoder.</summary>
    public EncoderStates Encode(TokenRow row, CancellationToken cancellationToken)
    {
        using var inputs = RowInputs.Of(start!.Form, [row], BatchShape.Of([row]), pad, static _ => false);
        var values = start.Run(inputs, states, cancellationToken, out var lifetime);
        return new EncoderStates(values, lifetime);
    }

    /// <summary>Logits of rows that begin with the same tokens.</summary>
    /// <param name="rows">Whole rows, all that is read of them behind the tokens of <paramref name="past"/>.</param>
    /// <param name="past">Keys and values of their common beginning; null: none.</param>
    /// <param name="encoded">The encoder's states, for a seq2seq model (and one row).</param>
    /// <param name="keep">Whether to hand out <paramref name="present"/> (of one row).</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <param name="present">Keys and values of all tokens of the row.</param>
    public Logits[] Run(
        IReadOnlyList<TokenRow> rows,
        TokenCache? past,
        EncoderStates? encoded,
        bool keep,
        CancellationToken cancellationToken,
        out TokenCache? present
    )
    {
        using var empty = past is null ? Empty() : null;
        var before = past ?? empty!;
        TokenRow[] suffixes =
        [
            .. rows.Select(row => new TokenRow
            {
                Ids = row.Ids,
                TypeIds = row.TypeIds,
                DecoderIds = row.DecoderIds,
                OutputPositions = [.. row.OutputPositions.Select(read => read - before.Length)],
            }),
        ];
        using var inputs = RowInputs.Of(step.Form, suffixes, BatchShape.Of(suffixes), pad, IsOwn);
        for (var i = 0; i < pasts.Length; i++)
        {
            inputs.Borrow(pasts[i], before.Values[i]);
        }

        for (var i = 0; i < states.Length; i++)
        {
            inputs.Borrow(states[i], encoded!.Values[i]);
        }

        var values = step.Run(inputs, keep ? [FormNames.Logits, .. presents] : [FormNames.Logits], cancellationToken, out var lifetime);
        var results = Read(suffixes, values[0]);
        present = keep
            ? new TokenCache(
                forms.Layers == 0 ? 0
                    : IsSeq2Seq ? rows[0].DecoderIds.Length
                    : rows[0].Ids.Length,
                [.. values.Skip(1)],
                lifetime
            )
            : null;
        if (!keep)
        {
            lifetime.Dispose();
        }

        return results;
    }

    private Logits[] Read(TokenRow[] rows, OrtValue logits)
    {
        var dims = logits.GetTensorTypeAndShape().Shape;
        var (positions, classes) = ((int)dims[1], (int)dims[2]);
        var table = logits.GetTensorDataAsSpan<float>();
        var results = new Logits[rows.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = layout.Of(rows[i], table.Slice(i * positions * classes, positions * classes), classes);
        }

        return results;
    }

    /// <summary>Keys and values of no tokens.</summary>
    private TokenCache Empty()
    {
        var inputs = step.Form.Inputs.ToDictionary(input => input.Name);
        OrtValue[] values =
        [
            .. pasts.Select(name =>
                OrtValue.CreateAllocatedTensorValue(
                    OrtAllocator.DefaultInstance,
                    TensorElementType.Float,
                    [
                        .. inputs[name]
                            .Dims.Select(
                                (dim, axis) =>
                                    axis == 0 ? 1
                                    : long.TryParse(dim, out var size) ? size
                                    : 0
                            ),
                    ]
                )
            ),
        ];
        return new TokenCache(0, values, new DisposableList<OrtValue>(values));
    }

    private static bool IsOwn(string input) =>
        input.StartsWith("explain_past_", StringComparison.Ordinal) || input.StartsWith("explain_state_", StringComparison.Ordinal);
}
