namespace ExplainService.Runtime.Models;

/// <summary>Rows like those that perturbation asks for: ordinary sentences, whole and with tokens masked. Always the same ones.</summary>
internal static class CalibrationRows
{
    private const int MaskingsOfEach = 3;

    private static readonly string[] Sentences =
    [
        "The film is a gripping and funny story about two brothers who inherit a hotel.",
        "I would not recommend this product: it broke after three days and nobody answered my mail.",
        "Researchers at the university published a study on Tuesday that questions the earlier results.",
        "What time does the last train to the airport leave on Sundays?",
        "He was not bad at all, but the rest of the cast seemed tired.",
        "Die Lieferung kam pünktlich, aber die Verpackung war beschädigt.",
        "The government said on Monday that taxes would not rise before the next election.",
        "Thank you so much!",
        "Une soirée magnifique, malgré la pluie et le retard du premier train.",
        "Although the plot is thin, the music, the light and the last ten minutes are worth the ticket.",
        "for i in range(10): print(i * 2)",
        "Please find attached the invoice 2024-117 for $1,250.00, due within 30 days.",
    ];

    /// <summary>The rows, cut to what the model takes.</summary>
    public static IReadOnlyList<TokenRow> Of(ILoadedModel model)
    {
        var description = model.Description;
        var special = model.Tokenizer.Special;
        var stand = special.Mask ?? special.Pad ?? special.Unknown ?? 0;
        var rows = new List<TokenRow>();
        foreach (var (number, sentence) in Sentences.Index())
        {
            var tokens = model.Tokenizer.Encode(sentence).Tokens.Take(description.MaxTokens).ToArray();
            for (var masking = 0; masking <= MaskingsOfEach; masking++)
            {
                int[] ids =
                [
                    .. tokens.Select(
                        (token, i) => !token.Special && masking > 0 && (((i * 7) + number) * masking * 5) % 11 < 4 ? stand : token.Id
                    ),
                ];
                rows.Add(Row(description, ids));
            }
        }

        return rows;
    }

    private static TokenRow Row(ModelDescription model, int[] ids) =>
        model.Task switch
        {
            ModelTask.Text2textGeneration => new TokenRow
            {
                Ids = ids,
                DecoderIds = [model.DecoderStart ?? 0],
                OutputPositions = [0],
            },
            ModelTask.TextGeneration => new TokenRow { Ids = ids, OutputPositions = [ids.Length - 1] },
            ModelTask.FillMask or ModelTask.TokenClassification => new TokenRow { Ids = ids, OutputPositions = [ids.Length / 2] },
            _ => new TokenRow { Ids = ids },
        };
}
