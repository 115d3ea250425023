using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>The embeddings at which integration starts. Special tokens keep their own embedding in it (methods.md, White box).</summary>
internal static class BaselinePoint
{
    /// <summary>Builds it.</summary>
    /// <exception cref="InvalidRequestException">The tokenizer has no such token (422).</exception>
    public static Embeddings Embed(SaliencyInput input, SaliencyRequest asked, Tokenizer tokenizer)
    {
        if (input.Picture is { } picture)
        {
            return new Embeddings(picture.Version(OfPicture(asked.Baseline?.Kind ?? BaselineKind.Zero)), []);
        }

        var (request, kind) = (asked.Baseline, KindOf(asked, tokenizer));
        if (kind is BaselineKind.Blur or BaselineKind.Noise)
        {
            throw InvalidRequestException.CannotDo("baseline", $"\"{EnumNames.Of(kind)}\" is for pictures.");
        }

        var row = input.Row;
        var tokens = Side(input, kind, request, tokenizer, row.Ids, decoder: false);
        if (row.DecoderIds.Length == 0)
        {
            return new Embeddings(tokens, []);
        }

        return new Embeddings(tokens, Side(input, kind, request, tokenizer, row.DecoderIds, decoder: true));
    }

    private static PictureVersion OfPicture(BaselineKind kind) =>
        kind switch
        {
            BaselineKind.Zero => PictureVersion.Zero,
            BaselineKind.Mean => PictureVersion.Mean,
            BaselineKind.Blur => PictureVersion.Blur,
            BaselineKind.Noise => PictureVersion.Noise,
            _ => throw InvalidRequestException.CannotDo(
                "baseline",
                "A picture's baseline is \"zero\", \"mean\", \"blur\" or \"noise\"; the others are for texts."
            ),
        };

    /// <summary>What a request starts from, which it may leave to the method.</summary>
    private static BaselineKind KindOf(SaliencyRequest request, Tokenizer tokenizer) =>
        request.Baseline?.Kind
        ?? (SaliencyAlgorithms.Of(request).StartsAtMask && tokenizer.Special.Mask is not null ? BaselineKind.Mask : BaselineKind.Pad);

    /// <summary>Whether a token of the row, or of the decoder's, is special and keeps its own embedding.</summary>
    public static bool Keeps(SaliencyInput input, Tokenizer tokenizer, int position, bool decoder)
    {
        var said = input.Row.DecoderIds;
        return decoder ? said[position] == said[0] || said[position] == tokenizer.Special.Eos : input.Special[position];
    }

    /// <summary>
    /// Says what stands for padding where the tokenizer has none and the method starts there, and where a baseline text does not line up
    /// with the text.
    /// </summary>
    public static void Warn(ILoadedModel model, SaliencyRequest request, int tokens, ICollection<Warning> warnings)
    {
        if (model.Description.Picture is not null)
        {
            return;
        }

        var tokenizer = model.Tokenizer;
        var starts = SaliencyAlgorithms.Of(request).HasBaseline(request);
        if (starts && KindOf(request, tokenizer) is BaselineKind.Pad or BaselineKind.Text && tokenizer.Special.Pad is null)
        {
            warnings.Add(
                new Warning(
                    WarningCode.NoPaddingToken,
                    $"This tokenizer has no padding token; in the baseline it is {model.Description.StandIns.Baseline?.Text ?? EnumNames.Of(BaselineKind.Zero)}."
                )
            );
        }

        if (
            starts
            && request.Baseline is { Kind: BaselineKind.Text, Text: { } text }
            && TextIds(text, tokenizer).Length is var own
            && own != tokens
        )
        {
            warnings.Add(
                new Warning(
                    WarningCode.BaselineLength,
                    FormattableString.Invariant($"The baseline text has {own} tokens for the {tokens} that it replaces; ")
                        + (own < tokens ? "padding stands for the rest." : "the rest of it was ignored.")
                )
            );
        }
    }

    private static float[] Side(
        SaliencyInput input,
        BaselineKind kind,
        BaselineRequest? request,
        Tokenizer tokenizer,
        int[] ids,
        bool decoder
    )
    {
        var runner = input.Runner;
        var own = runner.Embed(ids, decoder);
        if (ids.Length == 0)
        {
            return own;
        }

        var size = own.Length / ids.Length;
        var replaced = kind switch
        {
            BaselineKind.Zero => Nothing(),
            BaselineKind.Mean => runner.MeanEmbedding(decoder).ToArray(),
            BaselineKind.Mask => runner.Embed([MaskToken(tokenizer)], decoder),
            BaselineKind.Pad => Padding(),
            _ => null,
        };
        var text = kind == BaselineKind.Text && !decoder ? TextIds(request!.Text!, tokenizer) : [];
        var filler = kind == BaselineKind.Text ? Padding() : null;
        var ordinal = 0;
        for (var position = 0; position < ids.Length; position++)
        {
            if (Keeps(input, tokenizer, position, decoder))
            {
                continue;
            }

            var source =
                replaced ?? (ordinal < text.Length && position < input.TextTokens ? runner.Embed([text[ordinal]], decoder) : filler!);
            source.CopyTo(own.AsSpan(position * size, size));
            ordinal++;
        }

        return own;

        float[] Nothing() => new float[size];

        float[] Padding() => input.Padding is { } padding ? runner.Embed([padding], decoder) : Nothing();
    }

    /// <summary>A baseline text lines up token by token; what it is too short for is padding.</summary>
    private static int[] TextIds(string text, Tokenizer tokenizer) => tokenizer.Encode(text, addSpecialTokens: false).Ids;

    private static int MaskToken(Tokenizer tokenizer) =>
        tokenizer.Special.Mask
        ?? throw InvalidRequestException.CannotDo("baseline", "This tokenizer has no mask token; use \"pad\", \"zero\" or \"mean\".");
}
