using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Inside;

/// <summary>Rows of other texts, as the request's own is one.</summary>
internal static class BackgroundRows
{
    /// <summary>A row a text, cut at the model's limit; the request's own row where there are no texts.</summary>
    public static IReadOnlyList<TokenRow> Of(
        ExplanationContext context,
        IReadOnlyList<string>? texts,
        CancellationToken cancellationToken
    ) => texts is null ? [context.Row] : [.. texts.Select(text => Of(context, Encode(context, "background", text, cancellationToken)))];

    /// <summary>A text's tokens, cut at the model's limit.</summary>
    /// <exception cref="InvalidRequestException">It has none (422).</exception>
    public static Encoding Encode(ExplanationContext context, string field, string text, CancellationToken cancellationToken)
    {
        if (context.Input.Picture is not null)
        {
            throw InvalidRequestException.CannotDo(field, "Texts are no background of a picture.");
        }

        var encoding = context.Model.Tokenizer.Truncate(
            context.Model.Tokenizer.Encode(text, cancellationToken: cancellationToken),
            context.Model.Description.MaxTokens
        );
        return encoding.Count > 0 ? encoding : throw InvalidRequestException.CannotDo(field, "A text has no tokens.");
    }

    /// <summary>The row of a text that is read alone.</summary>
    public static TokenRow Of(ExplanationContext context, Encoding encoding)
    {
        var own = context.Resolved?.Windows[0].Row;
        return new TokenRow
        {
            Ids = encoding.Ids,
            TypeIds = encoding.TypeIds,
            DecoderIds = own?.DecoderIds ?? [],
            // What is read of the output is nobody's concern; a position that every text has.
            OutputPositions = own?.OutputPositions.Length > 0 ? [0] : [],
        };
    }
}
