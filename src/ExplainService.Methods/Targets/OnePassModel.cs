using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Targets;

/// <summary>
/// A model of which a request wants one gradient, at the text itself: that pass shows the prediction too, and the class that it turns out to
/// be is chosen inside the graph. Where something else is asked than was foreseen the model itself answers.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="foreseen">What will be explained.</param>
/// <param name="propagation">By which rules f is propagated back.</param>
internal sealed class OnePassModel(ILoadedModel model, ForeseenTarget foreseen, Propagation propagation) : ILoadedModel, IModelRunner
{
    private readonly GradientSpec foreseenSpec = new(foreseen.Objective, foreseen.Link) { Propagation = propagation };
    private GradientResult? pass;

    /// <inheritdoc/>
    public ModelDescription Description => model.Description;

    /// <inheritdoc/>
    public Tokenizer Tokenizer => model.Tokenizer;

    /// <inheritdoc/>
    public IModelRunner Runner => this;

    /// <inheritdoc/>
    public IDisposable? TryHold() => model.TryHold();

    /// <inheritdoc/>
    public ModelDescription Model => model.Runner.Model;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ModelRow[] asked = [.. rows];
        if (asked is [var only] && foreseen.Row.Equals(only))
        {
            var row = new GradientRow(foreseen.Row, foreseen.Columns) { WantsLogits = true };
            pass ??= await model
                .Runner.GradientAsync([row], foreseenSpec, work, cancellationToken)
                .SingleAsync(cancellationToken)
                .ConfigureAwait(false);
            yield return pass.Logits!;
            yield break;
        }

        await foreach (var logits in model.Runner.PredictAsync(asked, work, cancellationToken).ConfigureAwait(false))
        {
            yield return logits;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<GradientResult> GradientAsync(
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

        await foreach (var result in model.Runner.GradientAsync(asked, spec, work, cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<TResult> TapAsync<TResult>(
        IEnumerable<ModelRow> rows,
        ModelTap<TResult> tap,
        WorkOptions work,
        CancellationToken cancellationToken
    )
        where TResult : class => model.Runner.TapAsync(rows, tap, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> AblateAsync(
        IEnumerable<AblatedRow> rows,
        AblationSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => model.Runner.AblateAsync(rows, spec, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<float[]> ZeroValuesAsync(IEnumerable<AblatedRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        model.Runner.ZeroValuesAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Logits> ReadStreamAsync(IEnumerable<StreamRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
        model.Runner.ReadStreamAsync(rows, work, cancellationToken);

    /// <inheritdoc/>
    public Task<FastQuality> FastAsync(CancellationToken cancellationToken) => model.Runner.FastAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>> GenerateAsync(
        TokenRow prompt,
        int maxNewTokens,
        WorkOptions work,
        CancellationToken cancellationToken
    ) => model.Runner.GenerateAsync(prompt, maxNewTokens, work, cancellationToken);

    /// <inheritdoc/>
    public float[] Embed(ReadOnlySpan<int> ids, bool decoder = false) => model.Runner.Embed(ids, decoder);

    /// <inheritdoc/>
    public ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => model.Runner.MeanEmbedding(decoder);

    /// <summary>Whether it is the same f of the same text: the best valid span, for one, need not be the two strongest ends.</summary>
    private bool IsForeseen(GradientRow asked) =>
        asked.Row.Ids.SequenceEqual(foreseen.Row.Ids)
        && asked.Row.TypeIds.SequenceEqual(foreseen.Row.TypeIds)
        && asked.DecoderEmbeddings is null
        && (asked.Embeddings is null || asked.Embeddings.AsSpan().SequenceEqual(Embed(asked.Row.Ids)))
        && Lines(asked.Row, asked.Targets).SetEquals(Lines(foreseen.Row, [.. foreseen.Columns.Select(Resolved)]));

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
