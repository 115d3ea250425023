using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Perturbation;

/// <summary>Rows in which some of the tokens that a model said before are replaced, the text being as it is.</summary>
internal static class GeneratedRow
{
    /// <summary>The row without some generated tokens. What follows one is predicted from the last token of what took its place.</summary>
    /// <param name="window">The row as it is; its last generated token is read by no other and stands in no row.</param>
    /// <param name="becomes">From a generated token to what takes its place; null: it stays.</param>
    /// <param name="model">Its tokenizer, and how many tokens it takes.</param>
    /// <exception cref="InvalidRequestException">The row has grown over the limit (422).</exception>
    public static TokenRow With(InputWindow window, Func<int, PlacedText?> becomes, ILoadedModel model)
    {
        var (row, limit) = (window.Row, model.Description.MaxTokens);
        var isDecoder = row.DecoderIds.Length > 0;
        var source = isDecoder ? row.DecoderIds : row.Ids;
        var first = isDecoder ? 1 : window.Encoding.Count;
        var ids = new List<int>(source[..first]);
        var endOf = Enumerable.Range(0, source.Length).ToArray();
        for (var position = first; position < source.Length; position++)
        {
            if (becomes(position - first) is { } text)
            {
                ids.AddRange(text.After(LeadingSpace.Of([model.Tokenizer.TokenText(source[position])])));
            }
            else
            {
                ids.Add(source[position]);
            }

            endOf[position] = ids.Count - 1;
        }

        if (ids.Count > Math.Max(limit, source.Length))
        {
            throw InvalidRequestException.CannotDo(
                "replacement",
                FormattableString.Invariant(
                    $"With this text in place of generated tokens there are {ids.Count} tokens and the model takes {limit}."
                )
            );
        }

        return new TokenRow
        {
            Ids = isDecoder ? row.Ids : [.. ids],
            TypeIds = row.TypeIds,
            DecoderIds = isDecoder ? [.. ids] : [],
            OutputPositions = [.. row.OutputPositions.Select(read => endOf[read])],
        };
    }
}
