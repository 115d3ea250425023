using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Patterns;

namespace ExplainService.Runtime.Folders;

/// <summary>
/// What a row may hold. Whatever is outside must not reach ONNX Runtime, which would read beside its tables or fail a whole batch.
/// </summary>
/// <param name="MaxTokens">Tokens of a text, and of a decoder's.</param>
/// <param name="Vocabulary">Token ids are below it.</param>
/// <param name="DecoderVocabulary">Those of the decoder's tokens.</param>
/// <param name="Segments">Segment ids are below it; without end where the graph takes none.</param>
public sealed record ModelLimits(int MaxTokens, int Vocabulary, int DecoderVocabulary, int Segments)
{
    /// <summary>
    /// What shorter rows of a batch are filled up with. Graphs know it by its number: they count positions, or look for a text's last
    /// token, where the ids differ from it.
    /// </summary>
    public int PadToken { get; init; }

    /// <summary>For models that encode positions without a table and name no limit.</summary>
    private const int Unlimited = 8192;

    /// <summary>The length that every row is filled up to, where the graph was exported for one length only.</summary>
    public int? FixedLength { get; init; }

    /// <summary>How pictures are taken; null: rows are of tokens.</summary>
    public PictureShape? Picture { get; init; }

    /// <summary>Numbers of the embeddings that rows are compared with, in a model of pictures and texts; null: there are none.</summary>
    public int? BesideSize { get; init; }

    /// <summary>Reads the limits off the configuration and the graph.</summary>
    public static ModelLimits Of(ModelConfig config, ModelGraph graph, GraphReport report)
    {
        if (report.Patches is { } patches)
        {
            return OfPictures(patches);
        }

        var positions = config.Positions ?? int.MaxValue;
        if (StartsBehindPadding(config, graph))
        {
            positions -= (config.PadToken ?? 1) + 1;
        }

        var length = FixedLengthOf(graph);
        var limit = Math.Min(Math.Min(positions, config.TokenizerLimit ?? int.MaxValue), length ?? int.MaxValue);
        var vocabulary = report.Lookups.Count > 0 ? report.Lookups[0].VocabularySize : config.VocabularySize ?? int.MaxValue;
        var decoder = report.Lookups.Count > 0 ? report.Lookups[^1].VocabularySize : vocabulary;
        return new ModelLimits(
            limit == int.MaxValue ? Unlimited : Math.Max(1, limit),
            vocabulary,
            decoder,
            graph.Inputs.Exists(input => InputNames.IsSegmentIds(input.Name)) ? Math.Max(1, config.SegmentCount ?? 2) : int.MaxValue
        )
        {
            FixedLength = length,
            PadToken = config.PadToken is >= 0 and var pad && pad < Math.Min(vocabulary, decoder) ? pad : 0,
        };
    }

    private static ModelLimits OfPictures(PatchLayout patches) =>
        new(patches.Sequence, int.MaxValue, int.MaxValue, int.MaxValue)
        {
            FixedLength = patches.Sequence,
            Picture = new PictureShape(
                patches.Pixels.Channels,
                patches.Pixels.Height,
                patches.Pixels.Width,
                patches.PatchHeight,
                patches.PatchWidth,
                patches.Before,
                patches.Behind,
                patches.IsModels
            ),
        };

    private static int? FixedLengthOf(ModelGraph graph)
    {
        var ids = graph.Inputs.Find(input => EmbeddingLookup.IsTokenIds(input.Name) && input.Dims?.Count == 2);
        if (ids?.Dims![1].Value is not (> 0 and var length))
        {
            return null;
        }

        return length <= Unlimited
            ? (int)length
            : throw new ModelNotUsableException(
                $"The graph takes texts of exactly {length} tokens; more than {Unlimited} are not computed at once."
            );
    }

    /// <summary>
    /// RoBERTa's way: positions count the tokens that are not padding and begin behind the padding token's own id, so a table of 514
    /// takes 512 tokens. Such a graph counts by CumSum and has a table of exactly as many rows as the configuration says.
    /// </summary>
    private static bool StartsBehindPadding(ModelConfig config, ModelGraph graph) =>
        config.Positions is { } positions
        && graph.Nodes.Any(node => node.Is("CumSum"))
        && graph.Nodes.Any(node =>
            node.Is("Gather")
            && graph.Weights.TryGetValue(node.Inputs[0], out var table)
            && table.Dims.Count == 2
            && table.Dims[0] == positions
        );

    /// <summary>Refuses a row that the model cannot take.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or holds an id that the tables do not have.</exception>
    public void Check(TokenRow row)
    {
        if (row.Picture is not null || Picture is not null)
        {
            CheckPicture(row);
            return;
        }

        if (row.PairStart > 0)
        {
            var (text, pair) = row.Halves();
            Check(text);
            Check(pair);
            return;
        }

        CheckIds(row.Ids, Vocabulary, "row");
        if (row.DecoderIds.Length > 0)
        {
            CheckIds(row.DecoderIds, DecoderVocabulary, "decoder's row");
        }

        if (row.TypeIds.Length > 0 && row.TypeIds.Length != row.Ids.Length)
        {
            throw new ArgumentException($"A row of {row.Ids.Length} tokens has {row.TypeIds.Length} segment ids.", nameof(row));
        }

        if (Outside(row.TypeIds, Segments) is { } segment)
        {
            throw new ArgumentException($"Segment {segment} is not below {Segments}.", nameof(row));
        }

        if (Outside(row.OutputPositions, row.DecoderIds.Length > 0 ? row.DecoderIds.Length : row.Ids.Length) is { } read)
        {
            throw new ArgumentException($"Position {read} is read but not in the row.", nameof(row));
        }
    }

    private void CheckPicture(TokenRow row)
    {
        if (row.Picture is not { } picture || picture.Shape != Picture)
        {
            throw new ArgumentException(
                Picture is null ? "The model reads tokens, not pictures." : "The model reads pictures of another shape than the row's.",
                nameof(row)
            );
        }

        if (row.Ids.Length != picture.Pieces || Outside(row.Ids, picture.Ids) is not null)
        {
            throw new ArgumentException($"The row's ids are none of a picture of {picture.Pieces} pieces.", nameof(row));
        }
    }

    private void CheckIds(int[] ids, int vocabulary, string what)
    {
        if (ids.Length == 0)
        {
            throw new ArgumentException($"The {what} is empty.", nameof(ids));
        }

        if (ids.Length > MaxTokens)
        {
            throw new ArgumentException($"The {what} has {ids.Length} tokens; the model takes {MaxTokens}.", nameof(ids));
        }

        if (Outside(ids, vocabulary) is { } id)
        {
            throw new ArgumentException($"Token id {id} is not below {vocabulary}.", nameof(ids));
        }
    }

    private static int? Outside(int[] values, int limit)
    {
        foreach (var value in values)
        {
            if ((uint)value >= (uint)limit)
            {
                return value;
            }
        }

        return null;
    }
}
