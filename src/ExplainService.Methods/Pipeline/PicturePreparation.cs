using ExplainService.Images;
using ExplainService.Images.Reading;
using ExplainService.Images.Units;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Pipeline;

/// <summary>From a request's picture to units that stand where a text's tokens do.</summary>
internal static class PicturePreparation
{
    /// <summary>Superpixels where a request does not say.</summary>
    public const int DefaultSegments = 50;

    /// <summary>Whether units of that size are a picture's.</summary>
    public static bool IsOfPictures(Granularity granularity) => granularity is Granularity.Patch or Granularity.Superpixel;

    /// <summary>Refuses what a picture or a text has no use for, by what the model reads.</summary>
    /// <exception cref="InvalidRequestException">422.</exception>
    public static void Check(ModelDescription model, TextRequest request, PictureUse method)
    {
        if (model.Picture is null || (model.Texts is not null && !method.NeedsPrediction))
        {
            RequireText(model, request);
            return;
        }

        if (request.Image is null)
        {
            throw InvalidRequestException.CannotDo(
                request.Messages is null ? "text" : "messages",
                model.Texts is null
                    ? $"The model {model.Name} reads pictures; send one as \"image\"."
                    : $"The model {model.Name} compares pictures with texts; send a picture as \"image\" and the texts as \"labels\"."
            );
        }

        if (method.NoPicturesReason is { } reason)
        {
            throw InvalidRequestException.CannotDo("image", reason);
        }

        (string Field, object? Value, string Why)[] ofTexts =
        [
            (
                "labels",
                model.Texts is null ? request.Labels : null,
                "Labels of your own need a model that reads pictures and texts; this one has labels of its own."
            ),
            ("hypothesis_template", model.Texts is null ? request.HypothesisTemplate : null, "Hypotheses are about texts."),
            ("spans", request.Spans, "Spans are stretches of a text; a picture's units are \"patch\" or \"superpixel\" (granularity)."),
            ("overflow", request.Overflow, "A picture is resized to what the model takes; nothing of it overflows."),
            ("window_reduction", request.WindowReduction, "A picture is read at once, not in windows."),
            ("offset_unit", AsksForWords(request) ? null : request.OffsetUnit, "A picture has boxes, not offsets."),
            ("precision", request.Precision is Runtime.Precision.Fast ? "" : null, "The int8 form is for models of text."),
        ];
        foreach (var (field, value, why) in ofTexts)
        {
            if (value is not null)
            {
                throw InvalidRequestException.CannotDo(field, why);
            }
        }

        if (model.Texts is not null)
        {
            CheckLabels(model, request);
        }

        if (AsksForWords(request) && request.Segments is not null)
        {
            throw InvalidRequestException.CannotDo(
                "segments",
                "Segments are how many superpixels a picture is cut into; these units are words."
            );
        }

        if (model.Texts is null || !AsksForWords(request))
        {
            CheckUnits(request, method);
        }
    }

    /// <summary>Whether units of a text are asked for: of a model of pictures and texts those of a label.</summary>
    public static bool AsksForWords(TextRequest request) => request.Granularity is { } granularity && !granularity.Levels.Any(IsOfPictures);

    /// <summary>Bytes of a pixel while it is decoded and turned upright.</summary>
    private const long BytesOfPixel = 7;

    /// <summary>
    /// The bytes of a request's picture and the pixels that they hold, for which there is memory then: a file of fifty bytes may hold millions.
    /// No bytes where there is no picture, or it is no base64, which preparing it will say.
    /// </summary>
    /// <exception cref="ServiceBusyException">There is no memory for it (429).</exception>
    public static async Task<(byte[]? File, long Pixels)> HoldAsync(
        TextRequest request,
        ImageOptions options,
        WorkOptions work,
        CancellationToken cancellationToken
    )
    {
        var file = FileOf(request, options);
        var pixels = file is null ? 0 : ImageReader.PixelsOf(file);
        await work.HoldingAsync(Math.Min(pixels, options.MaxPixels) * BytesOfPixel, cancellationToken).ConfigureAwait(false);
        return (file, pixels);
    }

    private static byte[]? FileOf(TextRequest request, ImageOptions options)
    {
        try
        {
            return request.Image is { } image ? ImageSource.Parse(image, options) : null;
        }
        catch (ImageException)
        {
            return null;
        }
    }

    /// <summary>The picture as the model takes it.</summary>
    /// <exception cref="InvalidRequestException">It cannot be read, or is too large.</exception>
    public static PreparedPicture Prepare(
        ILoadedModel model,
        TextRequest request,
        byte[]? file,
        bool hidesUnits,
        ImageOptions options,
        ICollection<Warning> warnings,
        OtherSide? labels = null
    )
    {
        try
        {
            var (shape, processor) = (model.Description.Picture!, model.Description.PictureProcessor!);
            var read = ImageReader.Read(file ?? ImageSource.Parse(request.Image!, options), options);
            foreach (var note in read.Notes)
            {
                warnings.Add(
                    new Warning(note.Code == ImageNoteCode.FirstFrame ? WarningCode.FirstFrame : WarningCode.TransparencyDropped, note.Text)
                );
            }

            var seen = processor.Process(read.Image);
            if (
                (seen.Height, seen.Width) != (shape.Height, shape.Width)
                || seen.Pixels.Length != shape.Channels * shape.Height * shape.Width
            )
            {
                throw InvalidRequestException.CannotDo(
                    "image",
                    FormattableString.Invariant(
                        $"The model's processor makes {seen.Width} × {seen.Height} pixels of this picture, and its graph takes {shape.Width} × {shape.Height} in {shape.Channels} channels."
                    )
                );
            }

            var regions =
                request.Granularity?.Levels[0] == Granularity.Superpixel
                    ? Superpixels.Of(processor.Show(seen), request.Segments ?? DefaultSegments)
                    : null;
            return new PreparedPicture(read.Image, seen, shape, regions, hidesUnits, request.Seed ?? 0, labels);
        }
        catch (ImageException refused)
        {
            throw refused.Fault switch
            {
                ImageFault.BadEncoding => new InvalidRequestException(
                    refused.Message,
                    new Dictionary<string, string[]> { ["image"] = [refused.Message] }
                ),
                ImageFault.TooManyBytes => InvalidRequestException.TooLarge("image", refused.Message),
                _ => InvalidRequestException.CannotDo("image", refused.Message),
            };
        }
    }

    /// <summary>The picture's units as tokens.</summary>
    public static PreparedInput Input(PreparedPicture picture)
    {
        var tokens = picture.Tokens;
        return new PreparedInput(picture.Text, null, new InputOffsets(OffsetUnit.Utf16, picture.Text, null), tokens, [tokens], [])
        {
            Picture = picture,
        };
    }

    private static void RequireText(ModelDescription model, TextRequest request)
    {
        if (request.Image is not null)
        {
            throw InvalidRequestException.CannotDo("image", $"The model {model.Name} reads texts; send one as \"text\".");
        }

        if (request.Segments is not null)
        {
            throw InvalidRequestException.CannotDo("segments", "Superpixels are units of pictures, and the model reads texts.");
        }

        if (request.Granularity?.Levels.Any(IsOfPictures) == true)
        {
            throw InvalidRequestException.CannotDo(
                "granularity",
                "\"patch\" and \"superpixel\" are units of pictures; a text has \"token\", \"word\", \"sentence\" and \"paragraph\"."
            );
        }
    }

    private static void CheckLabels(ModelDescription model, TextRequest request)
    {
        if (request.Labels is not { } labels)
        {
            throw InvalidRequestException.CannotDo(
                "labels",
                $"The model {model.Name} compares a picture with texts and has no labels of its own; send the texts as \"labels\"."
            );
        }

        if (labels.Count > 1)
        {
            return;
        }

        if (request.Against is not null)
        {
            throw InvalidRequestException.CannotDo(
                "against",
                "There is nothing to compare with: give two labels or more, and one of them as \"against\"."
            );
        }

        if (request.Objective is not (null or Objective.Logit))
        {
            throw InvalidRequestException.CannotDo(
                "objective",
                "A single label has the probability 1 whatever the picture; explain its \"logit\", or give more labels."
            );
        }
    }

    private static void CheckUnits(TextRequest request, PictureUse method)
    {
        if (request.Granularity is { } granularity && (granularity.Levels is not [var size] || !IsOfPictures(size)))
        {
            throw InvalidRequestException.CannotDo(
                "granularity",
                "A picture's units are \"patch\" or \"superpixel\", one of them; words are units of texts."
            );
        }

        var regions = request.Granularity?.Levels[0] == Granularity.Superpixel;
        if (request.Segments is not null && !regions)
        {
            throw InvalidRequestException.CannotDo(
                "segments",
                "\"segments\" says how many superpixels; set granularity to \"superpixel\"."
            );
        }

        if (regions && request.Quality == AnswerQuality.Basic && !method.HidesUnits)
        {
            throw InvalidRequestException.CannotDo("quality", "The quality of scores that are sums over pixels is measured over patches.");
        }

        if (regions && !method.ScoresSuperpixels)
        {
            throw InvalidRequestException.CannotDo(
                "granularity",
                $"{method.Path} is about the model's own patches; superpixels are for methods that hide units and for /saliency."
            );
        }
    }
}
