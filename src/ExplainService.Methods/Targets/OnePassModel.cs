using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// A model of which a request wants one gradient, at the text itself: that pass shows the prediction too, and the class that it turns out to
/// be is chosen inside the graph. Where something else is asked than was foreseen the model itself answers.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="foreseen">What will be explained.</param>
/// <param name="propagation">By which rules f is propagated back.</param>
internal sealed class OnePassModel(ILoadedModel model, ForeseenTarget foreseen, Propagation propagation) : ModelDecorator(model)
{
    private readonly GradientSpec foreseenSpec = new(foreseen.Objective, foreseen.Link) { Propagation = propagation };
    private GradientResult? pass;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ModelRow[] asked = [.. rows];
        if (asked is [var only] && foreseen.Row.Equals(only))
        {
            var row = new GradientRow(foreseen.Row, foreseen.Columns) { WantsLogits = true };
            pass ??= await Inner
                .GradientAsync([row], foreseenSpec, work, cancellationToken)
                .SingleAsync(cancellationToken)
                .ConfigureAwait(false);
            yield return pass.Logits!;
            yield break;
        }

        await foreach (var logits in Inner.PredictAsync(asked, work, cancellationToken).ConfigureAwait(false))
        {
            yield return logits;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        GradientRow[] asked = [.. rows];
        if (pass is not null && spec == foreseenSpec && asked is [var only] && IsForeseen(only))
        {
            yield return pass;
            yield break;
        }

        await foreach (var result in Inner.GradientAsync(asked, spec, work, cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    /// <summary>Whether it is the same f of the same text: the best valid span, for one, need not be the two strongest ends.</summary>
    private bool IsForeseen(GradientRow asked) =>
        asked.Row.Ids.SequenceEqual(foreseen.Row.Ids)
        && asked.Row.TypeIds.SequenceEqual(foreseen.Row.TypeIds)
        && asked.DecoderEmbeddings is null
        && Equals(asked.Row.Picture, foreseen.Row.Picture)
        && (asked.Embeddings is null || asked.Embeddings.AsSpan().SequenceEqual(Own(asked.Row)))
        && Lines(asked.Row, asked.Targets).SetEquals(Lines(foreseen.Row, [.. foreseen.Columns.Select(Resolved)]));

    private ReadOnlySpan<float> Own(TokenRow row) =>
        row.Picture is { } picture ? picture.Version((int)PictureVersion.Sent) : Embed(row.Ids);

    private int Resolved(int column, int line) =>
        column == GradientRow.Predicted ? TensorPrimitives.IndexOfMax(pass!.Logits![line]) : column;

    /// <summary>What f is made of: a class at a place each, and the places themselves where a model's output is a sequence.</summary>
    private static HashSet<(int Place, int Column)> Lines(TokenRow row, int[] columns) =>
        [
            .. columns
                .Select((column, line) => (row.OutputPositions.Length > 0 ? row.OutputPositions[line] : line, column))
                .Where(line => line.column >= 0),
        ];
}
