namespace ExplainService.Runtime.Folders;

/// <summary>Whether a tokenizer may be that of another model: one with far fewer tokens than the graph has embeddings.</summary>
internal static class VocabularyFit
{
    /// <summary>
    /// Tables are padded: to a multiple of 64 or 128, T5's by 28 rows, Phi-2's by 2 %, Qwen2's by 421 rows. That is no sign of anything.
    /// </summary>
    private const int Padding = 512;
    private const double Share = 0.9;

    /// <summary>What to say of it in every answer; nothing where the two fit.</summary>
    /// <param name="tokens">Tokens of the tokenizer.</param>
    /// <param name="rows">Rows of the table of word embeddings; <see cref="int.MaxValue"/>: unknown.</param>
    public static IReadOnlyList<Warning> Warnings(int tokens, int rows) =>
        rows != int.MaxValue && rows - tokens > Padding && tokens < Share * rows
            ?
            [
                new(
                    ModelWarningCode.VocabularyMismatch,
                    FormattableString.Invariant(
                        $"The tokenizer has {tokens} tokens and the model has {rows} word embeddings; it may be the tokenizer of another model."
                    )
                ),
            ]
            : [];
}
