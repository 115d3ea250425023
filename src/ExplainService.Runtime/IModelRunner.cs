namespace ExplainService.Runtime;

/// <summary>
/// The abstract model that explanation methods are written against: score these rows, differentiate at these points, show what is inside.
/// Answers come in the order of the rows; sources are pulled at most a batch ahead, so that they may be lazy and long. Rows of concurrent
/// callers share batches; cancelling drops the rows that have not run.
/// </summary>
/// <exception cref="NotSupportedByModelException">The model's graph does not allow what is asked.</exception>
/// <exception cref="ServiceBusyException">The queue is full; raised before any row runs.</exception>
public interface IModelRunner
{
    /// <summary>What the model is and can do.</summary>
    ModelDescription Model { get; }

    /// <summary>The logits at the positions that each row asks for.</summary>
    IAsyncEnumerable<Logits> PredictAsync(IEnumerable<ModelRow> rows, WorkOptions work, CancellationToken cancellationToken);

    /// <summary>
    /// How far the int8 form of <see cref="Precision.Fast"/> is from the model; makes and measures it if that has not been done.
    /// </summary>
    /// <exception cref="NotSupportedByModelException">The model has none, or it was refused for deviating too far.</exception>
    Task<FastQuality> FastAsync(CancellationToken cancellationToken);

    /// <summary>f and its derivatives at each point.</summary>
    IAsyncEnumerable<GradientResult> GradientAsync(
        IEnumerable<GradientRow> rows,
        GradientSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    );

    /// <summary>What a tap reads inside the model for each row.</summary>
    IAsyncEnumerable<TResult> TapAsync<TResult>(
        IEnumerable<ModelRow> rows,
        ModelTap<TResult> tap,
        WorkOptions work,
        CancellationToken cancellationToken
    )
        where TResult : class;

    /// <summary>The logits of each row with parts of the model switched off.</summary>
    IAsyncEnumerable<Logits> AblateAsync(
        IEnumerable<AblatedRow> rows,
        AblationSpec spec,
        WorkOptions work,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// The residual stream behind a layer, [tokens × hidden], where the value vectors of a token are zero in that layer; of a row with
    /// nothing off that behind every layer in turn, [layers × tokens × hidden].
    /// </summary>
    /// <param name="rows">Rows with one token's values off, or none.</param>
    /// <param name="work">How they are run.</param>
    /// <param name="cancellationToken">Drops rows that have not run.</param>
    IAsyncEnumerable<float[]> ZeroValuesAsync(IEnumerable<AblatedRow> rows, WorkOptions work, CancellationToken cancellationToken);

    /// <summary>What the model would say if the residual stream behind its last layer were another.</summary>
    IAsyncEnumerable<Logits> ReadStreamAsync(IEnumerable<StreamRow> rows, WorkOptions work, CancellationToken cancellationToken);

    /// <summary>Continues a text greedily, by the model's own generation settings (forced, suppressed and repeated tokens).</summary>
    /// <param name="prompt">
    /// Causal: <see cref="TokenRow.Ids"/> is the prompt. Seq2seq: the encoder's tokens, and the decoder's start token, with a forced prefix
    /// behind it if any. Output positions are ignored.
    /// </param>
    /// <param name="maxNewTokens">The most tokens to add; fewer where the model's limit or an end token comes first.</param>
    /// <param name="work">How it is run; every step counts as a row.</param>
    /// <param name="cancellationToken">Stops between two tokens.</param>
    /// <returns>The new tokens; the end token is the last of them where it was reached.</returns>
    Task<IReadOnlyList<int>> GenerateAsync(TokenRow prompt, int maxNewTokens, WorkOptions work, CancellationToken cancellationToken);

    /// <summary>The word embeddings e of tokens, [tokens × embedding] (the lookup only, before positions and LayerNorm).</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="decoder">The decoder's table, where a seq2seq model has one for each stack.</param>
    float[] Embed(ReadOnlySpan<int> ids, bool decoder = false);

    /// <summary>
    /// The word embeddings of consecutive ids: the table itself where it holds single precision, or what it holds, widened into the buffer.
    /// Read it at once; it is gone with the model.
    /// </summary>
    /// <param name="first">The first id.</param>
    /// <param name="buffer">As long as the lines that are wanted.</param>
    /// <param name="decoder">The decoder's table.</param>
    /// <returns>[ids × embedding]: as many whole lines as the buffer holds, fewer at the table's end, none behind it.</returns>
    ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false);

    /// <summary>The mean over the vocabulary of the word embeddings, [embedding].</summary>
    ReadOnlySpan<float> MeanEmbedding(bool decoder = false);
}
