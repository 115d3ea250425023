using ExplainService.Images;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>
/// Requests with a picture and labels, to a model that compares the two, as what the rest of the pipeline knows: a picture for a classifier
/// of pictures with these labels, or the text of one label for a classifier of texts.
/// </summary>
/// <param name="turns">Who reads its picture next.</param>
/// <param name="images">How large pictures may be.</param>
internal sealed class LabelledPictures(PreparationTurns turns, ImageOptions images)
{
    /// <summary>The model and the request of one kind of input, and what the rows of a picture are compared with.</summary>
    /// <param name="model">A model of pictures and texts.</param>
    /// <param name="request">Its request, checked by <see cref="PicturePreparation.Check"/>.</param>
    /// <param name="work">How rows are run.</param>
    /// <param name="warnings">Gets what there is to say of the picture.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public async Task<(ILoadedModel Model, TextRequest Request, OtherSide? Labels)> ReadAsync(
        ILoadedModel model,
        TextRequest request,
        WorkOptions work,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        if (request.Image is null)
        {
            return (model.Texts!, request, null);
        }

        var (names, texts) = (request.Labels!, Hypotheses.Of(request, Hypotheses.Place));

        if (names.Count == 1)
        {
            warnings.Add(
                new Warning(
                    WarningCode.SingleLabel,
                    "Of one label alone the probability is 1 whatever the picture; its logit, or a second label to compare with, tells more."
                )
            );
        }

        // What is said once of labels and of the picture is no evaluation of f.
        var once = work with
        {
            Meter = new WorkMeter(account: work.Meter.Account),
            ExpectedRows = names.Count,
        };
        var labels = new OtherSide(await EncodedAsync(model.Texts!, texts, once, cancellationToken).ConfigureAwait(false));
        var plain = request with
        {
            Labels = null,
            HypothesisTemplate = null,
            Objective = request.Objective ?? (names.Count == 1 ? Objective.Logit : null),
        };
        if (!PicturePreparation.AsksForWords(request))
        {
            return (new PicturesByLabels(model, names), plain, labels);
        }

        TargetFields.Allow(request.Target, "label");
        var row = (await PictureAsync(model, request, labels, work, warnings, cancellationToken).ConfigureAwait(false)).Table.Row();
        var logits = await model.Runner.PredictAsync([row], once, cancellationToken).SingleAsync(cancellationToken).ConfigureAwait(false);
        var picture = await model
            .Runner.TapAsync([row], new HandedOverTap(), once, cancellationToken)
            .SingleAsync(cancellationToken)
            .ConfigureAwait(false);
        var index = request.Target?.Label is { } label
            ? LabelTarget.Index(label, names, names.Count)
            : Array.IndexOf(logits.Values, logits.Values.Max());
        return (
            new WordsOfLabel(model.Texts!, new OtherSide(picture), logits, index, names),
            plain with
            {
                Image = null,
                Text = texts[index],
                Target = new TargetRequest { Label = new LabelRequest(null, index) },
            },
            null
        );
    }

    /// <summary>The model's embedding of each text.</summary>
    private static async Task<List<float[]>> EncodedAsync(
        ILoadedModel model,
        IReadOnlyList<string> texts,
        WorkOptions work,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<TokenRow>(texts.Count);
        foreach (var text in texts)
        {
            var encoding = model.Tokenizer.Encode(text, cancellationToken: cancellationToken);
            rows.Add(
                encoding.Count <= model.Description.MaxTokens
                    ? new TokenRow { Ids = encoding.Ids }
                    : throw InvalidRequestException.CannotDo(
                        "labels",
                        FormattableString.Invariant(
                            $"Label {rows.Count} has {encoding.Count} tokens as the model reads it, and the model takes {model.Description.MaxTokens}; shorten it."
                        )
                    )
            );
        }

        return await model
            .Runner.TapAsync(rows, new HandedOverTap(), work, cancellationToken)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<PreparedPicture> PictureAsync(
        ILoadedModel model,
        TextRequest request,
        OtherSide labels,
        WorkOptions work,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        var (file, pixels) = await PicturePreparation.HoldAsync(request, images, work, cancellationToken).ConfigureAwait(false);
        return await turns
            .TakeAsync(
                request.Image!.Length + pixels,
                () => PicturePreparation.Prepare(model, request, file, hidesUnits: false, images, warnings, labels),
                cancellationToken
            )
            .ConfigureAwait(false);
    }
}
