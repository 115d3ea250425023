using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Execution;

/// <summary>Rows to warm a model's forms up with, to measure and to compare them by: ordinary tokens, whatever the vocabulary.</summary>
/// <param name="limits">What rows may hold.</param>
/// <param name="config">The task, and what texts end with.</param>
/// <param name="layout">What is read of a row.</param>
internal sealed class ExampleRows(ModelLimits limits, ModelConfig config, LogitsLayout layout)
{
    /// <summary>More different tokens than any row or batch needs.</summary>
    private const int MaxTokens = 2048;

    private readonly int[] ordinary =
    [
        .. Enumerable
            .Range(0, limits.Picture is null ? limits.Vocabulary : 0)
            .Where(id => id != limits.PadToken && id != EndOf(config, limits))
            .Take(MaxTokens)
            .DefaultIfEmpty(),
    ];

    /// <summary>What every row is compared with: two labels, or one picture.</summary>
    private readonly OtherSide? beside = limits.BesideSize is { } size
        ? new OtherSide([.. Enumerable.Range(0, limits.Picture is null ? 1 : 2).Select(number => Embedding(number, size))])
        : null;

    /// <summary>What texts end with; null where that is padding too, which stands behind no text.</summary>
    public int? EndToken { get; } = limits.Picture is null ? EndOf(config, limits) : null;

    /// <summary>
    /// A row of that many tokens, different for each number. It ends as texts do: BART's classifier reads the end token, and fails without
    /// one.
    /// </summary>
    /// <remarks>Pictures have one length.</remarks>
    public TokenRow Row(int number, int length)
    {
        if (limits.Picture is { } shape)
        {
            float[] numbers =
            [
                .. Enumerable.Range(0, shape.Sequence * shape.TokenSize).Select(i => MathF.Sin((i * 0.37f) + (number * 1.7f))),
            ];
            return new PictureTable(shape, [numbers]) { Beside = beside }.Row();
        }

        int[] last = EndToken is { } token ? [token] : [];
        int[] ids =
        [
            .. Enumerable
                .Range(0, length - last.Length)
                .Select(position => ordinary[((number * 31) + (position * 7) + 3) % ordinary.Length]),
            .. last,
        ];
        int[] decoder = config.Task == ModelTask.Text2textGeneration ? [.. ids.Select(id => id % limits.DecoderVocabulary)] : [];
        return new TokenRow
        {
            Ids = ids,
            DecoderIds = decoder,
            OutputPositions = layout.HasPositions ? [0] : [],
            Beside = beside,
        };
    }

    private static float[] Embedding(int number, int size) =>
        [.. Enumerable.Range(0, size).Select(i => MathF.Sin((i * 0.73f) + number) / MathF.Sqrt(size))];

    private static int? EndOf(ModelConfig config, ModelLimits limits) =>
        config
            .Generation.EndTokens.Where(token => token >= 0 && token < limits.Vocabulary && token != limits.PadToken)
            .Cast<int?>()
            .FirstOrDefault();
}
