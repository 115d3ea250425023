using ExplainService.Methods.Contracts;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Targets;

/// <summary>Tokens as classes: from what a request names to an id, and from logits to the strongest entries.</summary>
internal static class VocabularyEntries
{
    /// <summary>
    /// The id that a target names by <c>token_id</c> or by <c>label</c> (a vocabulary entry, or a text that is one token); null: none.
    /// </summary>
    /// <exception cref="InvalidRequestException">No such entry (422).</exception>
    public static int? Named(TargetRequest? target, Tokenizer tokenizer, string field = "target")
    {
        if (target?.TokenId is not null && target.Label is not null)
        {
            throw InvalidRequestException.Malformed(field + ".label", "must not stand beside token_id");
        }

        return target?.TokenId is { } id ? Checked(id, field + ".token_id", tokenizer)
            : target?.Label is { } label ? Named(label, tokenizer, field + ".label")
            : null;
    }

    /// <summary>The id of a vocabulary entry, or of a text that is one token.</summary>
    /// <param name="label">Its name or id.</param>
    /// <param name="tokenizer">Of the model.</param>
    /// <param name="field">The request's field.</param>
    /// <exception cref="InvalidRequestException">No such entry (422).</exception>
    public static int Named(LabelRequest label, Tokenizer tokenizer, string field)
    {
        if (label.Index is { } id)
        {
            return Checked(id, field, tokenizer);
        }

        var name = label.Name!;
        return tokenizer.TokenId(name)
            ?? (
                tokenizer.Encode(name, addSpecialTokens: false).Ids is [var only]
                    ? only
                    : throw InvalidRequestException.CannotDo(
                        field,
                        "The label is not one entry of this model's vocabulary; /tokenize shows its tokens."
                    )
            );
    }

    /// <summary>The id, where the vocabulary has it.</summary>
    /// <exception cref="InvalidRequestException">It has not (422).</exception>
    public static int Checked(int id, string field, Tokenizer tokenizer) =>
        id >= 0 && id < tokenizer.VocabularySize
            ? id
            : throw InvalidRequestException.CannotDo(
                field,
                FormattableString.Invariant($"There is no token id {id}; the vocabulary has 0 to {tokenizer.VocabularySize - 1}.")
            );

    /// <summary>The strongest entries of a line of logits, strongest first.</summary>
    public static LabelAnswer[] Strongest(ReadOnlySpan<float> line, int count, Tokenizer tokenizer)
    {
        var logSum = Probabilities.LogSumExp(line);
        var queue = new PriorityQueue<int, (float, int)>();
        for (var id = 0; id < line.Length; id++)
        {
            if (queue.Count < count)
            {
                queue.Enqueue(id, (line[id], -id));
            }
            else
            {
                queue.EnqueueDequeue(id, (line[id], -id));
            }
        }

        var entries = new LabelAnswer[queue.Count];
        for (var place = entries.Length - 1; place >= 0; place--)
        {
            var id = queue.Dequeue();
            entries[place] = LabelAnswer.Of(tokenizer.TokenText(id), id, line[id], Math.Exp(line[id] - logSum));
        }

        return entries;
    }
}
